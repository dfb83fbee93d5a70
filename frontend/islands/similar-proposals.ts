interface Similar {
  number: number;
  title: string;
}

/**
 * Proposals like the one being written, asked for when the writing pauses.
 * `data-field`: id of the title's field; `data-address`: the API's; `data-page`: a proposal's page with {number};
 * `data-found`: what is said, with {n}.
 */
class SimilarProposals extends HTMLElement {
  private asked: AbortController | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    const field = document.getElementById(this.dataset["field"] ?? "");
    if (!(field instanceof HTMLInputElement)) return;
    field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.ask(field.value.trim()), 700);
    });
  }

  private async ask(title: string): Promise<void> {
    this.asked?.abort();
    this.asked = new AbortController();
    if (title.length < 5) return this.show([]);
    try {
      const address = `${this.dataset["address"]}?${new URLSearchParams({ title })}`;
      const answer = await fetch(address, { signal: this.asked.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()) as Similar[]);
    } catch {
      // The page after this step shows them anyway.
    }
  }

  private show(proposals: Similar[]): void {
    const section = this.querySelector<HTMLElement>("[data-similar]");
    const list = section?.querySelector("ul");
    const status = this.querySelector("[role=status]");
    if (!section || !list || !status) return;
    list.replaceChildren(...proposals.map((proposal) => this.item(proposal)));
    section.hidden = proposals.length === 0;
    status.textContent = proposals.length
      ? (this.dataset["found"] ?? "").replace("{n}", String(proposals.length))
      : "";
  }

  private item({ number, title }: Similar): HTMLLIElement {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "ds-link";
    link.target = "_blank"; // what is being written stays
    link.href = (this.dataset["page"] ?? "").replace("{number}", String(number));
    link.textContent = title;
    item.append(link);
    return item;
  }
}

customElements.define("similar-proposals", SimilarProposals);
