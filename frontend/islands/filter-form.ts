/** The address a GET form would open: what is empty is left out. */
export function addressOf(form: HTMLFormElement): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value !== "") query.append(name, value);
  }
  return `${form.action.split("?")[0]}?${query}`;
}

/**
 * Applies a ticked filter at once and keeps the focus where it is: the parts of the page marked data-results are taken from
 * the very page the form would open. Never while typing. When that page cannot be had, the form is simply sent.
 */
class FilterForm extends HTMLElement {
  private asked: AbortController | undefined;

  connectedCallback(): void {
    this.addEventListener("change", (event) => {
      const box = event.target;
      if (box instanceof HTMLInputElement && box.type === "checkbox" && box.form) void this.apply(box.form);
    });
  }

  private async apply(form: HTMLFormElement): Promise<void> {
    this.asked?.abort();
    const asked = new AbortController();
    this.asked = asked;
    const address = addressOf(form);
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const then = page.querySelectorAll("[data-results]");
      document.querySelectorAll("[data-results]").forEach((part, place) => {
        part.replaceChildren(...(then[place]?.childNodes ?? []));
      });
      history.replaceState(null, "", address);
    } catch {
      if (!asked.signal.aborted) form.submit();
    }
  }
}

customElements.define("filter-form", FilterForm);
