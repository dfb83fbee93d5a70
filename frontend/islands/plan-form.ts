import type { Plan } from "./engine.ts";

/** One lever of the form: radios, or a number with a step down and up and a tick that keeps it. */
export class LeverField {
  readonly key: string;
  /** What of one's own it taxes, if anything. */
  readonly own: string;
  private readonly today: string;
  private readonly number: HTMLInputElement | null;
  private readonly kept: HTMLInputElement | null;

  constructor(private readonly element: HTMLElement) {
    this.key = element.dataset["lever"] ?? "";
    this.own = element.dataset["own"] ?? "";
    this.today = element.dataset["today"] ?? "";
    this.number = element.querySelector(".p-number input");
    this.kept = element.querySelector("[type=checkbox]");
  }

  /** The option chosen; undefined while nobody has touched it, or while what is typed cannot be chosen. */
  get value(): string | undefined {
    if (!this.number) return this.element.querySelector<HTMLInputElement>("[type=radio]:checked")?.value;
    const typed = this.typed;
    return typed === this.today && !this.kept?.checked ? undefined : typed;
  }

  /** Something was typed or ticked: the number and its tick never contradict each other. */
  heed(target: EventTarget | null): void {
    if (!this.number || !this.kept) return;
    if (target === this.kept && this.kept.checked) this.write(this.today);
    if (target === this.number && this.typed !== this.today) this.kept.checked = false;
    if (this.typed === undefined) this.number.setAttribute("aria-invalid", "true");
    else this.number.removeAttribute("aria-invalid");
  }

  step(direction: number): void {
    const values = this.options.map((option) => option.dataset["option"] ?? "").sort((one, other) => Number(one) - Number(other));
    const place = values.indexOf(this.typed ?? this.today) + direction;
    this.write(values[Math.min(Math.max(place, 0), values.length - 1)] ?? this.today);
    if (this.kept) this.kept.checked = false;
  }

  undo(): void {
    for (const radio of this.element.querySelectorAll<HTMLInputElement>("[type=radio]")) radio.checked = false;
    if (this.kept) this.kept.checked = false;
    if (this.number) this.write(this.today);
  }

  show(): void {
    const value = this.value;
    const note = this.element.querySelector<HTMLElement>("[data-untouched]");
    if (note) note.hidden = value !== undefined;
    if (this.number) for (const option of this.options) option.hidden = option.dataset["option"] !== (value ?? this.today);
  }

  /** The words of an option, and of what it does. */
  words(value: string): { label: string; effect: string } {
    const radio = this.element.querySelector(`[type=radio][value="${value}"]`);
    const option = radio?.parentElement ?? this.options.find((each) => each.dataset["option"] === value);
    const text = (part: string) => option?.querySelector(`[data-${part}]`)?.textContent ?? "";
    return { label: text("label"), effect: text("effect") };
  }

  /** How many per cent a rate is above today's. */
  get rise(): number {
    return Number(this.value ?? this.today) - Number(this.today);
  }

  /** Of a number: one paragraph each. */
  private get options(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>("[data-option]")];
  }

  private get typed(): string | undefined {
    const figure = (this.number?.value ?? "").replaceAll(/[\s%]/g, "").replace(",", ".").replace(/^[\u2212\u2013]/, "-");
    if (figure === "") return this.today;
    return this.options.map((option) => option.dataset["option"] ?? "").find((value) => Number(value) === Number(figure));
  }

  private write(value: string): void {
    if (!this.number) return;
    const written = value.replace("-", "\u2212");
    this.number.value = document.documentElement.lang === "en" ? written : written.replace(".", ",");
  }
}

/** Every lever of a form that can be set, by its key. */
export function leverFields(form: HTMLElement): Map<string, LeverField> {
  const elements = [...form.querySelectorAll<HTMLElement>("[data-lever]")];
  return new Map(elements.map((element) => [element.dataset["lever"] ?? "", new LeverField(element)]));
}

export function plan(fields: Map<string, LeverField>): Plan {
  const chosen = [...fields.values()].map(({ key, value }) => [key, value] as const);
  return Object.fromEntries(chosen.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
}
