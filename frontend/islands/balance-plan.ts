class BalancePlan extends HTMLElement {}
customElements.define("balance-plan", BalancePlan);
