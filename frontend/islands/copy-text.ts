/** Shows the Copy button of a code; `data-done` is what is said when it is copied. */
class CopyText extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector("button");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", () => void this.copy());
  }

  private async copy(): Promise<void> {
    const text = this.querySelector("[data-copy]")?.textContent?.trim() ?? "";
    await navigator.clipboard.writeText(text);
    const status = this.querySelector("[role=status]");
    if (status) status.textContent = this.dataset["done"] ?? "";
  }
}

customElements.define("copy-text", CopyText);
