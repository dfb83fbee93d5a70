import { announcer } from "./announcement.ts";
import { Engine, type Figures, type Outcome, type Plan } from "./engine.ts";
import { money, signed } from "./money.ts";
import { showOwnEffect } from "./own-effect.ts";
import { type LeverField, leverFields, plan as read } from "./plan-form.ts";
import { type Bar, bars, draw, sum } from "./waterfall.ts";

const keepAfter = 300; // milliseconds

/**
 * Counts at once what the form's buttons count by a new page. What is chosen is sent to the form's own address all the same, so
 * that the browser's cookie holds it; where that fails, the form is there as without script.
 */
class BalancePlan extends HTMLElement {
  private form: HTMLFormElement | null = null;
  private engine: Engine | null = null;
  private fields = new Map<string, LeverField>();
  private announce = announcer(null);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private keeping: Promise<void> = Promise.resolve();
  private readonly language = document.documentElement.lang;

  connectedCallback(): void {
    void this.start();
  }

  private async start(): Promise<void> {
    this.form = this.querySelector("form");
    if (!this.form) return;
    const answer = await fetch(this.dataset["figures"] ?? "").catch(() => null);
    if (!answer?.ok) return;
    this.engine = new Engine((await answer.json()) as Figures);
    this.fields = leverFields(this.form);
    this.announce = announcer(this.querySelector("[data-announcement]"));
    this.toggleAttribute("data-live", true);
    this.addEventListener("input", (event) => this.heed(event.target));
    this.addEventListener("change", (event) => this.heed(event.target));
    this.form.addEventListener("submit", (event) => this.intercept(event));
    document.addEventListener("click", (event) => this.holdBack(event));
    window.addEventListener("pagehide", () => this.timer && this.keep());
    this.show();
  }

  /** A field of one's own purse moves nothing but one's own sum, and is kept nowhere. */
  private heed(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement)) return;
    if (target.dataset["base"]) {
      this.announce(this.showOwn());
      return;
    }
    this.fields.get(target.closest<HTMLElement>("[data-lever]")?.dataset["lever"] ?? "")?.heed(target);
    this.changed();
  }

  private intercept(event: SubmitEvent): void {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement)) return;
    const undone = button.name === "undo" ? this.fields.get(button.value) : undefined;
    const [, key = "", direction] = button.name === "step" ? (/^lever\.(.*):([-+]1)$/.exec(button.value) ?? []) : [];
    const stepped = this.fields.get(key);
    if (!undone && !stepped) {
      clearTimeout(this.timer);
      this.timer = undefined;
      return;
    }
    event.preventDefault();
    undone?.undo();
    stepped?.step(Number(direction));
    this.changed();
    if (undone) this.querySelector<HTMLElement>("#changes")?.focus();
  }

  private changed(): void {
    this.show();
    this.announce(this.said());
    clearTimeout(this.timer);
    if ("keep" in this.dataset) this.timer = setTimeout(() => this.keep(), keepAfter);
  }

  private keep(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const form = this.form;
    if (!form) return;
    const body = new FormData(form);
    this.keeping = this.keeping.then(async () => {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive: true }).catch(() => null);
      if (answer?.status === 409) form.requestSubmit(); // the figures have changed, or it has closed: the page says so
    });
  }

  /** A link followed before the choices are kept waits for them: the next page must show them. */
  private holdBack(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !this.timer || link.hash || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.keep();
    void this.keeping.then(() => link.click());
  }

  private show(): void {
    if (!this.engine) return;
    const plan = read(this.fields);
    const outcome = this.engine.evaluate(plan);
    for (const field of this.fields.values()) field.show();
    this.showStanding(outcome);
    this.showYears(outcome);
    this.showChanges(plan);
    this.showNumbered("rule", outcome.violations);
    this.showNumbered("interaction", this.engine.applied(plan));
    for (const each of this.all("[data-broken]")) each.hidden = !outcome.violations.length;
    for (const each of this.all("[data-interactions]")) each.hidden = !this.engine.applied(plan).length;
    this.showWaterfall(plan, outcome);
    this.showOwn();
  }

  private showStanding({ years }: Outcome): void {
    const { place, result } = this.target;
    const surplus = (years[place]?.structuralResult ?? 0) - result;
    const lasting = years.every(({ structuralResult }) => structuralResult >= result);
    const worth = Number(this.dataset["worth"] ?? 0);
    const prompt = surplus < 0 ? "deficit" : surplus >= worth ? "surplus" : lasting ? "lasting" : "balanced";
    const bar = surplus < 0 ? "deficit" : surplus > 0 ? "over" : "level";
    for (const each of this.all("[data-prompts] [data-state]")) each.hidden = each.dataset["state"] !== prompt;
    for (const each of this.all("[data-bar] [data-state]")) each.hidden = each.dataset["state"] !== bar;
    for (const each of this.all("[data-amount]")) each.textContent = money(Math.abs(surplus), this.language);
  }

  private showYears({ years }: Outcome): void {
    for (const row of this.all("[data-year]")) {
      const year = years[Number(row.dataset["year"])];
      const words = row.parentElement?.dataset ?? {};
      if (!year) continue;
      const once = year.result - year.structuralResult;
      const pattern = year.structuralResult < 0 ? words["deficit"] : year.structuralResult > 0 ? words["surplus"] : words["level"];
      const result = row.querySelector("[data-result]");
      const oneOff = row.querySelector("[data-one-off]");
      if (result) result.textContent = this.filled(pattern, money(Math.abs(year.structuralResult), this.language));
      if (oneOff) oneOff.textContent = once ? this.filled(words["once"], signed(once, this.language)) : "";
    }
  }

  private showChanges(plan: Plan): void {
    for (const row of this.all("[data-change]")) {
      const key = row.dataset["change"] ?? "";
      const value = plan[key];
      row.hidden = value === undefined;
      const words = value === undefined ? undefined : this.fields.get(key)?.words(value);
      for (const part of ["label", "effect"] as const) {
        const place = row.querySelector(`[data-${part}]`);
        if (place && words) place.textContent = words[part];
      }
    }
    for (const each of this.all("[data-no-changes]")) each.hidden = Object.keys(plan).length > 0;
  }

  private showNumbered(name: string, numbers: number[]): void {
    for (const each of this.all(`[data-${name}]`)) each.hidden = !numbers.includes(Number(each.dataset[name]));
  }

  private showWaterfall(plan: Plan, outcome: Outcome): void {
    const plot = this.querySelector<SVGElement>("[data-waterfall]");
    const engine = this.engine;
    if (!plot || !engine) return;
    const { place } = this.target;
    const ends = [engine.evaluate({}), outcome].map(({ years }) => years[place]?.structuralResult ?? 0);
    const changes = Object.entries(plan).map(([key, value]) => ({
      text: this.querySelector(`[data-change="${key}"] a`)?.textContent ?? "",
      amount: engine.structural(key, value)[place] ?? 0,
    }));
    const { first = "", last = "", others = "", joint = "" } = plot.dataset;
    const made = bars(ends[0] ?? 0, ends[1] ?? 0, changes, { first, last, others, joint });
    draw(plot, made, this.language);
    this.showTable(plot, made);
  }

  /** The plot's figures, in rows like its first one. */
  private showTable(plot: SVGElement, made: Bar[]): void {
    const body = plot.closest("figure")?.querySelector("tbody");
    const row = body?.firstElementChild;
    if (!body || !row) return;
    const rows = made.map((bar) => {
      const copy = row.cloneNode(true) as Element;
      const [name, amount] = copy.children;
      if (name) name.textContent = bar.text;
      if (amount) amount.textContent = sum(bar, this.language);
      return copy;
    });
    body.replaceChildren(...rows);
  }

  private showOwn(): string {
    const section = this.querySelector<HTMLElement>("[data-own-effect]");
    if (!section) return "";
    for (const each of section.querySelectorAll<HTMLElement>("[data-with], [data-without]")) {
      each.hidden = "without" in each.dataset;
    }
    return showOwnEffect(section, [...this.fields.values()], this.language);
  }

  /** What the bar says, in words that are read out. */
  private said(): string {
    const parts = this.all("[data-bar] > *").filter((each) => !each.hidden);
    return parts.map((each) => each.textContent?.trim()).join(" ");
  }

  private get target(): { place: number; result: number } {
    return this.engine?.figures.target ?? { place: 0, result: 0 };
  }

  private filled(pattern: string | undefined, amount: string): string {
    return (pattern ?? "").replace("{amount}", amount);
  }

  private all(selector: string): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(selector)];
  }
}

customElements.define("balance-plan", BalancePlan);
