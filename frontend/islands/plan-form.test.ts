import { beforeEach, describe, expect, it } from "vitest";
import { euros, ownEffect } from "./own-effect.ts";
import { type LeverField, leverFields, plan } from "./plan-form.ts";

let fields: Map<string, LeverField>;

const number = () => document.querySelector<HTMLInputElement>("#tax input[type=text]")!;
const kept = () => document.querySelector<HTMLInputElement>("#tax [type=checkbox]")!;
const type = (text: string) => {
  number().value = text;
  fields.get("tax")?.heed(number());
};

beforeEach(() => {
  document.documentElement.lang = "fi";
  document.body.innerHTML = `
    <div id="tax" data-lever="tax" data-today="8.80"><p data-untouched></p><div class="p-number"><input type="text" value="8,80"></div>
      <p data-option="9.00" hidden><span data-label>9,00 %</span><span data-effect>paljon</span></p>
      <p data-option="8.70" hidden></p><p data-option="8.80"></p><p data-option="8.90" hidden></p><input type="checkbox"></div>
    <div data-lever="school" data-today="keep">
      <div><input type="radio" name="s" value="keep"></div>
      <div><input type="radio" name="s" value="close"><span data-label>Lakkaa</span><span data-effect>säästö</span></div></div>`;
  fields = leverFields(document.body);
});

describe("a lever's field", () => {
  it("says nothing until it is touched", () => {
    expect(plan(fields)).toEqual({});
  });

  it("reads a level as people type it, and what cannot be chosen as none", () => {
    for (const [typed, value] of [["8,9", "8.90"], ["8.90 %", "8.90"], [" 9 ", "9.00"], ["8,85", undefined], ["abc", undefined], ["", undefined]]) {
      type(typed ?? "");
      expect(plan(fields)["tax"]).toBe(value);
      expect(number().getAttribute("aria-invalid")).toBe(typed && !value ? "true" : null);
    }
  });

  it("goes a step by the numbers and no further than the last", () => {
    for (const expected of ["8,90", "9,00", "9,00"]) {
      fields.get("tax")?.step(1);
      expect(number().value).toBe(expected);
    }
  });

  it("is kept on purpose by a tick, which a new level takes away and which brings back today's", () => {
    kept().checked = true;
    fields.get("tax")?.heed(kept());
    expect(plan(fields)).toEqual({ tax: "8.80" });
    type("9,0");
    expect([kept().checked, plan(fields)]).toEqual([false, { tax: "9.00" }]);
    kept().checked = true;
    fields.get("tax")?.heed(kept());
    expect([number().value, plan(fields)]).toEqual(["8,80", { tax: "8.80" }]);
  });

  it("shows the option that is set, and tells its words", () => {
    type("9");
    fields.get("tax")?.show();
    const shown = [...document.querySelectorAll<HTMLElement>("#tax [data-option]")].filter((each) => !each.hidden);
    expect(shown.map((each) => each.dataset["option"])).toEqual(["9.00"]);
    expect(document.querySelector<HTMLElement>("[data-untouched]")?.hidden).toBe(true);
    expect(fields.get("tax")?.words("9.00")).toEqual({ label: "9,00 %", effect: "paljon" });
    expect(fields.get("school")?.words("close")).toEqual({ label: "Lakkaa", effect: "säästö" });
  });

  it("is untouched again after Undo", () => {
    type("9");
    document.querySelector<HTMLInputElement>("[value=close]")!.checked = true;
    for (const field of fields.values()) field.undo();
    expect([plan(fields), number().value]).toEqual([{}, "8,80"]);
  });
});

describe("one's own purse", () => {
  it("pays the rise of the rate on its own sums", () => {
    type("8,90");
    expect(ownEffect(fields.get("tax")?.rise ?? 0, 33_000)).toBe(33_00);
    expect([euros("90 000 €"), euros("1,5"), euros("-4"), euros("paljon"), euros("1e999")]).toEqual([90_000, 1.5, 0, 0, 0]);
  });
});
