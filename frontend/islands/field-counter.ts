import { announcer } from "./announcement.ts";

/** What is left of a limit, as a sentence: `{n}` in the pattern becomes the figure. */
export function remaining(length: number, limit: number, left: string, over: string): string {
  const rest = limit - length;
  return (rest < 0 ? over : left).replace("{n}", String(Math.abs(rest)));
}

/** Counts while one writes. The line below the field is seen at once and heard when the writing pauses. */
class FieldCounter extends HTMLElement {
  connectedCallback(): void {
    const field = this.querySelector("textarea");
    const line = this.querySelector("[data-counter]");
    if (!field || !line) return;
    const heard = document.createElement("p");
    heard.className = "ds-sr-only";
    heard.setAttribute("role", "status");
    this.append(heard);
    const announce = announcer(heard);
    const { limit = "0", left = "", over = "" } = this.dataset;
    // The server counts characters, so that an emoji is one and not two.
    const count = () => remaining([...field.value].length, Number(limit), left, over);
    line.textContent = count();
    field.addEventListener("input", () => {
      line.textContent = count();
      announce(count());
    });
  }
}

customElements.define("field-counter", FieldCounter);
