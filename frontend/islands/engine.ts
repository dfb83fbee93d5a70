/**
 * From a plan to the city's figures: the same arithmetic, to the cent, as service/calculator/engine.py, on the lean document of
 * service/web/figures.py. Sums are whole cents; lines of the statement are told by their place.
 */

export interface Effect {
  line: number;
  amounts: number[];
  oneOff: boolean;
}

export interface Condition {
  lever: string;
  options: string[];
}

interface Option {
  value: string;
  effects: Effect[];
  personYears: number;
}

interface Lever {
  key: string;
  today: string;
  locked: boolean;
  options: Option[];
}

type Rule =
  | { type: "at_most"; number: number; of: Condition[] }
  | { type: "requires"; when: Condition; then: Condition }
  | { type: "person_years"; most: number };

type Interaction =
  | { type: "scale"; when: Condition[]; lever: string; percent: number }
  | { type: "overlap"; levers: [string, string]; percent: number; line: number }
  | { type: "add"; when: Condition[]; effects: Effect[] };

export interface Figures {
  years: { year: number; residents: number; lines: number[] }[];
  accumulated: number;
  loans: number;
  interestRate: number;
  target: { place: number; result: number };
  levers: Lever[];
  rules: Rule[];
  interactions: Interaction[];
}

/** Levers with the option chosen; one that is not named is as today. */
export type Plan = Record<string, string>;

/** As `YearOutcome` of engine.py. */
export interface YearOutcome {
  year: number;
  lines: number[];
  interest: number;
  operatingMargin: number;
  annualMargin: number;
  result: number;
  structuralResult: number;
  accumulated: number;
  cashFlow: number;
  loans: number;
  residents: number;
}

export interface Outcome {
  years: YearOutcome[];
  violations: number[];
  missing: number;
}

const operatingIncome = 0;
const operatingExpenses = 1;
const depreciation = 5;
const extraordinary = 6;
const resultLines = 7; // the first so many
const allLines = 11;

export class NotInSpecification extends Error {}

/** Amount × numerator ÷ denominator, rounded half away from zero. */
export function share(amount: number, numerator: number, denominator: number): number {
  const doubled = 2n * BigInt(Math.abs(amount)) * BigInt(numerator) + BigInt(denominator);
  const rounded = Number(doubled / (2n * BigInt(denominator)));
  return amount < 0 && rounded ? -rounded : rounded;
}

/** Effects by line and year, and how much of them is one-off. */
class Vector {
  lines = new Map<number, number[]>();
  oneOff: number[];

  constructor(effects: Effect[], years: number) {
    this.oneOff = Array<number>(years).fill(0);
    for (const { line, amounts, oneOff } of effects) this.add(line, amounts, oneOff);
  }

  add(line: number, amounts: number[], oneOff: boolean): void {
    this.lines.set(line, plus(this.lines.get(line), amounts));
    if (oneOff && line < resultLines) this.oneOff = plus(this.oneOff, amounts);
  }

  merge(other: Vector): void {
    for (const [line, amounts] of other.lines) this.lines.set(line, plus(this.lines.get(line), amounts));
    this.oneOff = plus(this.oneOff, other.oneOff);
  }

  scaled(percent: number): Vector {
    const scaled = new Vector([], this.oneOff.length);
    for (const [line, amounts] of this.lines) scaled.lines.set(line, amounts.map((amount) => share(amount, percent, 100)));
    scaled.oneOff = this.oneOff.map((amount) => share(amount, percent, 100));
    return scaled;
  }

  onResult(): number[] {
    let total = this.oneOff.map(() => 0);
    for (const [line, amounts] of this.lines) if (line < resultLines) total = plus(total, amounts);
    return total;
  }
}

export class Engine {
  readonly years: number;
  private readonly levers: Map<string, Lever>;
  private readonly vectors: Map<string, Map<string, Vector>>;

  constructor(readonly figures: Figures) {
    this.years = figures.years.length;
    this.levers = new Map(figures.levers.map((lever) => [lever.key, lever]));
    this.vectors = new Map(
      figures.levers.map(({ key, options }) => [
        key,
        new Map(options.map(({ value, effects }) => [value, new Vector(effects, this.years)])),
      ]),
    );
  }

  /** Throws NotInSpecification. */
  evaluate(plan: Plan): Outcome {
    for (const [key, value] of Object.entries(plan)) {
      if (this.levers.get(key)?.locked !== false || !this.vectors.get(key)?.has(value)) {
        throw new NotInSpecification(`${key}=${value}`);
      }
    }
    const years = this.derive(this.total(plan));
    const { place, result } = this.figures.target;
    const missing = Math.max(0, result - (years[place]?.structuralResult ?? 0));
    return { years, violations: this.violations(plan), missing };
  }

  /** What the option alone does to the result for good, year by year. */
  structural(key: string, value: string): number[] {
    const vector = this.vector(key, value);
    return plus(
      vector.onResult(),
      vector.oneOff.map((amount) => -amount),
    );
  }

  violations(plan: Plan): number[] {
    return this.figures.rules.flatMap((rule, number) => (this.breaks(plan, rule) ? [number] : []));
  }

  /** The numbers of the interactions that change what the plan leads to. */
  applied(plan: Plan): number[] {
    const scaled = this.scaled(plan);
    return this.figures.interactions.flatMap((interaction, number) =>
      this.applies(interaction, plan, scaled) ? [number] : [],
    );
  }

  private applies(interaction: Interaction, plan: Plan, scaled: Map<string, Vector>): boolean {
    switch (interaction.type) {
      case "scale": {
        const value = Object.hasOwn(plan, interaction.lever) ? plan[interaction.lever] : undefined;
        const moves = value !== undefined && this.vector(interaction.lever, value).onResult().some(Boolean);
        return moves && this.allMet(plan, interaction.when);
      }
      case "overlap":
        return this.overlap(interaction.levers, interaction.percent, scaled).some(Boolean);
      case "add":
        return this.allMet(plan, interaction.when);
    }
  }

  private scaled(plan: Plan): Map<string, Vector> {
    const chosen = new Map(Object.entries(plan).map(([key, value]) => [key, this.vector(key, value)]));
    for (const interaction of this.figures.interactions) {
      if (interaction.type !== "scale") continue;
      const vector = chosen.get(interaction.lever);
      if (vector && this.allMet(plan, interaction.when)) chosen.set(interaction.lever, vector.scaled(interaction.percent));
    }
    return chosen;
  }

  /** Of what both save so much is taken back; where one of them costs, nothing is counted twice. */
  private overlap(levers: [string, string], percent: number, scaled: Map<string, Vector>): number[] {
    const nothing = new Vector([], this.years);
    const [first, second] = levers.map((key) => (scaled.get(key) ?? nothing).onResult());
    return (first ?? []).map((amount, place) => -share(Math.max(0, Math.min(amount, second?.[place] ?? 0)), percent, 100));
  }

  private total(plan: Plan): Vector {
    const chosen = this.scaled(plan);
    const total = new Vector([], this.years);
    for (const vector of chosen.values()) total.merge(vector);
    for (const interaction of this.figures.interactions) {
      if (interaction.type === "overlap") {
        total.add(interaction.line, this.overlap(interaction.levers, interaction.percent, chosen), false);
      } else if (interaction.type === "add" && this.allMet(plan, interaction.when)) {
        total.merge(new Vector(interaction.effects, this.years));
      }
    }
    return total;
  }

  private derive(total: Vector): YearOutcome[] {
    let { accumulated, loans } = this.figures;
    return this.figures.years.map(({ year, residents, lines: start }, place) => {
      const lines = start.map((amount, line) => amount + (total.lines.get(line)?.[place] ?? 0));
      const at = (line: number) => lines[line] ?? 0;
      const interest = 0 - share(loans, this.figures.interestRate, 10_000);
      const result = interest + sum(lines.slice(0, resultLines));
      const cashFlow = interest + sum(lines.slice(0, allLines)) - at(depreciation);
      accumulated += result;
      loans -= cashFlow;
      return {
        year,
        lines,
        interest,
        operatingMargin: at(operatingIncome) + at(operatingExpenses),
        annualMargin: result - at(depreciation) - at(extraordinary),
        result,
        structuralResult: result - (total.oneOff[place] ?? 0),
        accumulated,
        cashFlow,
        loans,
        residents,
      };
    });
  }

  private breaks(plan: Plan, rule: Rule): boolean {
    switch (rule.type) {
      case "at_most":
        return rule.of.filter((condition) => this.met(plan, condition)).length > rule.number;
      case "requires":
        return this.met(plan, rule.when) && !this.met(plan, rule.then);
      case "person_years":
        return sum(Object.entries(plan).map(([key, value]) => this.option(key, value)?.personYears ?? 0)) > rule.most;
    }
  }

  private met(plan: Plan, { lever, options }: Condition): boolean {
    const chosen = Object.hasOwn(plan, lever) ? plan[lever] : undefined;
    return options.includes(chosen ?? this.levers.get(lever)?.today ?? "");
  }

  private allMet(plan: Plan, conditions: Condition[]): boolean {
    return conditions.every((condition) => this.met(plan, condition));
  }

  private option(key: string, value: string): Option | undefined {
    return this.levers.get(key)?.options.find((option) => option.value === value);
  }

  private vector(key: string, value: string): Vector {
    const vector = this.vectors.get(key)?.get(value);
    if (!vector) throw new NotInSpecification(`${key}=${value}`);
    return vector;
  }
}

const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);

/** Never −0, which is no sum of money. */
const plus = (amounts: number[] | undefined, others: number[]) =>
  others.map((other, place) => (amounts?.[place] ?? 0) + other + 0);
