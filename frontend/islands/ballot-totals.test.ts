import { describe, expect, it } from "vitest";
import { changed, sentence, share } from "./ballot-totals.ts";

const fiveOfTwelve = { selected: 2, spent: 84_000_00, most: 5, budget: 120_000_00 };

describe("the totals of a ballot", () => {
  it("grow by an added project and shrink by a removed one", () => {
    expect(changed(fiveOfTwelve, true, 20_000_00)).toEqual({ ...fiveOfTwelve, selected: 3, spent: 104_000_00 });
    expect(changed(fiveOfTwelve, false, 20_000_00)).toEqual({ ...fiveOfTwelve, selected: 1, spent: 64_000_00 });
  });

  it("are a share of the money where there is money, else of the choices", () => {
    expect(share(fiveOfTwelve)).toBeCloseTo(0.7);
    expect(share({ ...fiveOfTwelve, budget: null })).toBeCloseTo(0.4);
    expect(share({ ...fiveOfTwelve, spent: 150_000_00 })).toBeGreaterThan(1);
  });

  it("fill the page's own sentence", () => {
    const patterns = { text: "Valittu {selected}/{most} · rahaa jäljellä {left}", over: "Ylitys: {over}" };
    expect(sentence(fiveOfTwelve, patterns, "fi")).toBe("Valittu 2/5 · rahaa jäljellä 36\u00a0000\u00a0€");
  });

  it("say by how much a draft is over the money", () => {
    const patterns = { text: "{left}", over: "Ylitys: {over}" };
    expect(sentence({ ...fiveOfTwelve, spent: 121_500_00 }, patterns, "fi")).toBe("Ylitys: 1\u00a0500\u00a0€");
  });
});
