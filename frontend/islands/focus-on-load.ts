/** Brings the reader to what hinders the form; without script the address ends in #errors. */
class FocusOnLoad extends HTMLElement {
  connectedCallback(): void {
    const summary = this.firstElementChild;
    if (!(summary instanceof HTMLElement)) return;
    summary.tabIndex = -1;
    summary.focus();
  }
}

customElements.define("focus-on-load", FocusOnLoad);
