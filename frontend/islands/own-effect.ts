import type { LeverField } from "./plan-form.ts";
import { money } from "./money.ts";

/** Per cent of which the resident's own sums are taxed, by what the lever says of itself. */
export function ownEffect(rise: number, base: number): number {
  return Math.round(rise * base); // one per cent of a euro is a cent
}

/** A sum in euros as people type it; what is none counts as nothing. */
export function euros(typed: string): number {
  const figure = Number(typed.replaceAll(/[\s€]/g, "").replace(",", "."));
  return Number.isFinite(figure) && figure > 0 ? Math.min(figure, 1e9) : 0;
}

/**
 * What the plan means for one's own purse: from fields that have no name and are of no form, so that nothing of them can be
 * sent. Returns the sentence that tells the whole.
 */
export function showOwnEffect(section: HTMLElement, levers: LeverField[], language: string): string {
  let whole = 0;
  for (const field of section.querySelectorAll<HTMLInputElement | HTMLSelectElement>("[data-base]")) {
    const rise = levers.filter(({ own }) => own === field.dataset["base"]).reduce((all, lever) => all + lever.rise, 0);
    whole += ownEffect(rise, euros(field.value));
  }
  const words = section.querySelector<HTMLElement>("[data-own-total]");
  const pattern = whole > 0 ? words?.dataset["more"] : whole < 0 ? words?.dataset["less"] : words?.dataset["same"];
  const sentence = (pattern ?? "").replace("{amount}", money(Math.abs(whole), language));
  if (words) words.textContent = sentence;
  return sentence;
}
