import { money } from "./money.ts";

/** Money in cents. `most`: how many may be chosen; `budget`: how much may be used; one of them or both. */
export interface Totals {
  selected: number;
  spent: number;
  most: number | null;
  budget: number | null;
}

export function changed(totals: Totals, adding: boolean, cost: number): Totals {
  const sign = adding ? 1 : -1;
  return { ...totals, selected: totals.selected + sign, spent: totals.spent + sign * cost };
}

/** How much of the ballot is used, 0 to 1 and above. */
export function share({ selected, spent, most, budget }: Totals): number {
  if (budget) return spent / budget;
  return most ? selected / most : 0;
}

/**
 * The bar's words. `patterns.text` has {selected} {most} {open} {spent} {budget} {left}; over the money `patterns.over` has
 * {over} too.
 */
export function sentence(totals: Totals, patterns: { text?: string; over?: string }, language: string): string {
  const { selected, spent, most, budget } = totals;
  const left = (budget ?? 0) - spent;
  const values: Record<string, string> = {
    selected: String(selected),
    most: String(most ?? ""),
    open: String((most ?? 0) - selected),
    spent: money(spent, language),
    budget: money(budget ?? 0, language),
    left: money(left, language),
    over: money(-left, language),
  };
  const pattern = (budget !== null && left < 0 ? patterns.over : patterns.text) ?? "";
  return pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
