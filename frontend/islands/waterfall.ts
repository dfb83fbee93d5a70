import { signed } from "./money.ts";

/** From where to where, in cents; a total begins at zero. */
export interface Bar {
  text: string;
  start: number;
  end: number;
  total?: boolean;
}

export interface Names {
  first: string;
  last: string;
  others: string;
  joint: string;
}

const mostSteps = 8;
const rowHeight = 46;
const longest = { narrow: 20, wide: 32 }; // characters, as the style shows one or the other

/** The starting point, what each choice does for good, largest first, and where it ends; as service/web/plan_sheet.py. */
export function bars(first: number, last: number, changes: { text: string; amount: number }[], names: Names): Bar[] {
  const moving = changes.filter(({ amount }) => amount).sort((one, other) => Math.abs(other.amount) - Math.abs(one.amount));
  const steps = moving.slice(0, mostSteps);
  const rest = total(moving.slice(mostSteps));
  if (rest) steps.push({ text: names.others, amount: rest });
  const joint = last - first - total(steps);
  if (joint) steps.push({ text: names.joint, amount: joint });
  const made: Bar[] = [{ text: names.first, start: 0, end: first, total: true }];
  let at = first;
  for (const { text, amount } of steps) {
    made.push({ text, start: at, end: at + amount });
    at += amount;
  }
  return steps.length ? [...made, { text: names.last, start: 0, end: last, total: true }] : made;
}

/** As templates/calculator/waterfall.html draws it. */
export function draw(plot: SVGElement, made: Bar[], language: string): void {
  const ends = made.flatMap(({ start, end }) => [start, end]);
  const least = Math.min(0, ...ends);
  const span = Math.max(Math.max(0, ...ends) - least, 1);
  const place = (cents: number) => `${((cents - least) / span) * 100}%`;
  const height = made.length * rowHeight;
  plot.setAttribute("height", String(height));
  const parts = made.flatMap((bar, number) => {
    const y = number * rowHeight;
    const at = { x: "0", y: String(y + 15) };
    return [
      part("text", { class: "p-plot__text p-plot__narrow", ...at }, cut(bar.text, longest.narrow)),
      part("text", { class: "p-plot__text p-plot__wide", ...at }, cut(bar.text, longest.wide)),
      part("text", { class: "p-plot__value", x: "100%", "text-anchor": "end", y: String(y + 15) }, sum(bar, language)),
      part("rect", {
        class: bar.total || bar.end >= bar.start ? "p-plot__used" : "p-plot__bar",
        x: place(Math.min(bar.start, bar.end)),
        y: String(y + 22),
        width: `${(Math.abs(bar.end - bar.start) / span) * 100}%`,
        height: "14",
      }),
    ];
  });
  plot.replaceChildren(...parts, part("line", { class: "p-plot__cut", x1: place(0), x2: place(0), y1: "18", y2: String(height) }));
}

/** What the bar moves; a total without a plus. */
export function sum({ start, end, total: whole }: Bar, language: string): string {
  return signed(end - start, language, whole ? "" : "+");
}

function part(name: string, attributes: Record<string, string>, text = ""): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

const total = (changes: { amount: number }[]) => changes.reduce((all, { amount }) => all + amount, 0);
