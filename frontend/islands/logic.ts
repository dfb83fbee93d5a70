/**
 * Which pages and items a person is shown: the same decisions as service/surveys/logic.py, on the survey's own document. Answers are
 * plain JSON values by the question's id.
 */

interface Comparison {
  item: string;
  part?: string | null;
}

type Value = number | string;

type Leaf = Comparison &
  (
    | { op: "answered" }
    | { op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte"; value: Value }
    | { op: "in"; value: Value[] }
    | { op: "includes" | "before" | "after"; value: string }
    | { op: "count"; least: number; most?: number | null }
  );

export type Condition = Leaf | { op: "all" | "any"; of: Condition[] } | { op: "not"; of: Condition };

interface Shown {
  id: string;
  visible_if?: Condition | null;
}

/** Of the document what decides; the rest is passed over. */
export interface Definition {
  pages: (Shown & { items: (Shown & { type: string })[] })[];
}

export type Answers = Record<string, unknown>;

export interface Visible {
  pages: string[];
  items: string[];
}

const decimal = /^-?[0-9]{1,10}(\.[0-9]{1,4})?$/;

/** What is shown with these answers. A page that has nothing to show is passed over. */
export function visible(definition: Definition, answers: Answers): Visible {
  const numeric = new Set(
    definition.pages.flatMap(({ items }) => items.filter(({ type }) => type === "number").map(({ id }) => id)),
  );
  const seen = new Map<string, unknown>();
  const shown: Visible = { pages: [], items: [] };
  for (const page of definition.pages) {
    if (!met(page.visible_if, seen, numeric)) continue;
    const items = page.items.filter((item) => {
      if (!met(item.visible_if, seen, numeric)) return false;
      if (Object.hasOwn(answers, item.id)) seen.set(item.id, answers[item.id]);
      return true;
    });
    if (items.length) shown.pages.push(page.id);
    shown.items.push(...items.map(({ id }) => id));
  }
  return shown;
}

function met(condition: Condition | null | undefined, seen: Map<string, unknown>, numeric: Set<string>): boolean {
  if (!condition) return true;
  switch (condition.op) {
    case "all":
      return condition.of.every((branch) => met(branch, seen, numeric));
    case "any":
      return condition.of.some((branch) => met(branch, seen, numeric));
    case "not":
      return !met(condition.of, seen, numeric);
    default: {
      const whole = seen.get(condition.item);
      const answer = condition.part ? part(whole, condition.part) : whole;
      return !isEmpty(answer) && holds(condition, answer, numeric.has(condition.item));
    }
  }
}

/** No answer: nothing, an empty text or list, a box that is not ticked. */
function isEmpty(answer: unknown): boolean {
  if (typeof answer === "string") return /^[ \t\r\n]*$/.test(answer);
  return answer === undefined || answer === null || answer === false || (typeof answer === "object" && !chosen(answer)?.length);
}

function holds(leaf: Leaf, answer: unknown, numeric: boolean): boolean {
  switch (leaf.op) {
    case "answered":
      return true;
    case "eq":
      return same(answer, leaf.value, numeric);
    case "ne":
      return !same(answer, leaf.value, numeric);
    case "in":
      return leaf.value.some((value) => same(answer, value, numeric));
    case "includes":
      return chosen(answer)?.includes(leaf.value) ?? false;
    case "count": {
      const count = chosen(answer)?.length ?? 0;
      return leaf.least <= count && count <= (leaf.most ?? count);
    }
    case "before":
      return typeof answer === "string" && answer < leaf.value;
    case "after":
      return typeof answer === "string" && answer > leaf.value;
    default: {
      const [one, other] = [number(answer), number(leaf.value)];
      return { lt: one < other, lte: one <= other, gt: one > other, gte: one >= other }[leaf.op];
    }
  }
}

/** The options of a list, or of places or sums by option. */
function chosen(answer: unknown): unknown[] | undefined {
  if (typeof answer !== "object" || answer === null) return undefined;
  return Array.isArray(answer) ? answer : Object.keys(answer);
}

function part(answer: unknown, id: string): unknown {
  const parts = typeof answer === "object" && answer !== null && !Array.isArray(answer) ? answer : {};
  return Object.hasOwn(parts, id) ? (parts as Answers)[id] : undefined;
}

/** A whole number, or a decimal written out, of at most 14 digits, which a double tells apart; anything else is no number. */
function number(value: unknown): number {
  if (Number.isInteger(value)) return value as number;
  return typeof value === "string" && decimal.test(value) ? Number(value) : NaN;
}

const same = (answer: unknown, value: Value, numeric: boolean) =>
  numeric ? number(answer) === number(value) : answer === value;
