import { announcer } from "./announcement.ts";
import { type Totals, changed, share, sentence } from "./ballot-totals.ts";

/** What the form's address answers to `Accept: application/json`. */
interface Stored {
  projects: { number: number; title: string; cost: string }[];
  totals: Totals;
  announcement: string;
}

/**
 * Saves the reload of each Add and Remove. The press is shown at once and then replaced by what the server has stored;
 * when the answer is anything but that, the form is sent as without script.
 */
class BallotBox extends HTMLElement {
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  private resigned = false;
  private announce = announcer(null);

  connectedCallback(): void {
    this.announce = announcer(this.querySelector("[data-announcement]"));
    this.addEventListener("submit", (event) => this.intercept(event));
    this.addEventListener("click", (event) => this.holdBack(event));
  }

  /** A link pressed before the choices are stored is followed when they are: the next page must show them. */
  private holdBack(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || this.waiting === 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    void this.queue.then(() => this.resigned || link.click());
  }

  private intercept(event: SubmitEvent): void {
    const { submitter: button, target: form } = event;
    if (this.resigned || !(form instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement)) return;
    if (button.name !== "add" && button.name !== "remove") return;
    event.preventDefault();
    const body = new FormData(form, button);
    const press = { name: button.name, value: button.value };
    this.show(button.name === "add", Number(button.value));
    this.waiting += 1;
    this.queue = this.queue.then(() => this.store(form, body, press));
  }

  private async store(form: HTMLFormElement, body: FormData, press: { name: string; value: string }): Promise<void> {
    if (this.resigned) return;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: { Accept: "application/json" },
        keepalive: true, // also when the window is closed at once
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const stored = (await answer.json()) as Stored;
      this.waiting -= 1;
      if (this.waiting === 0) this.replace(stored);
    } catch {
      this.resign(form, press);
    }
  }

  /** The press as its own row and bar show it, before the server has answered. */
  private show(adding: boolean, number: number): void {
    const row = this.querySelector<HTMLElement>(`#p${number}`);
    const bar = this.querySelector<HTMLElement>("[data-totals]");
    if (row) this.mark(row, adding);
    if (!row || !bar) return;
    const cost = Number(row.dataset["cost"] ?? 0);
    this.tell(bar, changed(JSON.parse(bar.dataset["totals"] ?? "{}") as Totals, adding, cost));
  }

  private replace({ projects, totals, announcement }: Stored): void {
    const chosen = new Set(projects.map(({ number }) => `p${number}`));
    let differed = false;
    for (const row of this.querySelectorAll<HTMLElement>(".p-row[data-cost]")) {
      if (row.hasAttribute("data-chosen") === chosen.has(row.id)) continue;
      this.mark(row, chosen.has(row.id));
      differed = true;
    }
    const bar = this.querySelector<HTMLElement>("[data-totals]");
    if (bar) this.tell(bar, totals);
    this.list(projects);
    this.announce(differed ? `${this.dataset["differed"]} ${announcement}` : announcement);
  }

  private mark(row: HTMLElement, chosen: boolean): void {
    row.toggleAttribute("data-chosen", chosen);
    const button = row.querySelector<HTMLButtonElement>("button[name=add], button[name=remove]");
    const text = button?.querySelector("[data-text]");
    const icon = button?.querySelector("use");
    if (!button || !text) return;
    button.name = chosen ? "remove" : "add";
    text.textContent = this.dataset[button.name] ?? "";
    icon?.setAttribute("href", `${icon.getAttribute("href")?.split("#")[0]}#${button.name}`);
  }

  private tell(bar: HTMLElement, totals: Totals): void {
    bar.dataset["totals"] = JSON.stringify(totals);
    const text = bar.querySelector("p");
    if (text) text.textContent = sentence(totals, bar.dataset, document.documentElement.lang);
    bar.querySelector(".p-meter")?.toggleAttribute("data-over", share(totals) > 1);
    bar.querySelector(".p-meter__full")?.setAttribute("width", `${Math.min(share(totals), 1) * 100}%`);
  }

  /** The chosen ones at the side. Where a removed one had the focus, the heading takes it. */
  private list(projects: Stored["projects"]): void {
    const list = this.querySelector<HTMLElement>("[data-list]");
    const template = this.querySelector<HTMLTemplateElement>("template[data-item]");
    if (!list || !template) return;
    const focused = list.contains(document.activeElement);
    list.replaceChildren(
      ...projects.map(({ number, title, cost }) => {
        const item = template.content.cloneNode(true) as DocumentFragment;
        for (const place of item.querySelectorAll("[data-title]")) place.textContent = title;
        for (const place of item.querySelectorAll("[data-cost]")) place.textContent = cost;
        item.querySelector("button")?.setAttribute("value", String(number));
        return item;
      }),
    );
    const heading = list.parentElement?.querySelector<HTMLElement>("h2");
    if (focused && heading) {
      heading.tabIndex = -1;
      heading.focus();
    }
  }

  private resign(form: HTMLFormElement, { name, value }: { name: string; value: string }): void {
    this.resigned = true;
    const button = document.createElement("button");
    Object.assign(button, { name, value, hidden: true });
    form.append(button);
    form.requestSubmit(button);
  }
}

customElements.define("ballot-box", BallotBox);
