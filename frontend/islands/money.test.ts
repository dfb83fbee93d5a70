import { describe, expect, it } from "vitest";
import { money, signed } from "./money.ts";

describe("money", () => {
  it("is written as the pages do, with no-break spaces and a real minus", () => {
    expect(money(36_000_00, "fi")).toBe("36\u00a0000\u00a0€");
    expect(money(36_000_00, "sv")).toBe("36\u00a0000\u00a0€");
    expect(money(36_000_00, "en")).toBe("€36,000");
    expect(money(-1_234_567_00, "fi")).toBe("\u22121\u00a0234\u00a0567\u00a0€");
  });

  it("is rounded half away from zero, as the server rounds", () => {
    expect([150, -150, 49, -49].map((cents) => money(cents, "en"))).toEqual(["€2", "\u2212€2", "€0", "€0"]);
  });

  it("shows the plus of a change", () => {
    expect([440_000_00, -120_000_00, 0].map((cents) => signed(cents, "en"))).toEqual(["+€440,000", "\u2212€120,000", "€0"]);
  });
});
