import { describe, expect, it } from "vitest";
import { bars, draw } from "./waterfall.ts";

const names = { first: "Alku", last: "Loppu", others: "Muut", joint: "Yhteisvaikutukset" };

describe("the waterfall", () => {
  it("goes from the start by each choice, largest first, to the end", () => {
    const made = bars(-480, -100, [{ text: "Koulu", amount: 80 }, { text: "Vero", amount: 300 }], names);
    expect(made).toEqual([
      { text: "Alku", start: 0, end: -480, total: true },
      { text: "Vero", start: -480, end: -180 },
      { text: "Koulu", start: -180, end: -100 },
      { text: "Loppu", start: 0, end: -100, total: true },
    ]);
  });

  it("says what the choices do to each other, so that its steps always make the end", () => {
    const made = bars(-480, -90, [{ text: "Vero", amount: 300 }], names);
    expect(made.slice(1, 3)).toEqual([
      { text: "Vero", start: -480, end: -180 },
      { text: "Yhteisvaikutukset", start: -180, end: -90 },
    ]);
  });

  it("puts what does not fit into one step, and leaves out what moves nothing", () => {
    const many = Array.from({ length: 12 }, (_, place) => ({ text: `Keino ${place}`, amount: place * 10 }));
    const made = bars(-1000, -340, many, names);
    expect(made.map(({ text }) => text)).toEqual(["Alku", ...[11, 10, 9, 8, 7, 6, 5, 4].map((place) => `Keino ${place}`), "Muut", "Loppu"]);
    expect(made.at(-2)).toEqual({ text: "Muut", start: -400, end: -340 });
  });

  it("is the start alone while nothing is chosen", () => {
    expect(bars(-480, -480, [], names)).toEqual([{ text: "Alku", start: 0, end: -480, total: true }]);
  });

  it("draws each bar between the least and the most", () => {
    const plot = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    draw(plot, bars(-400, 100, [{ text: "Vero", amount: 500 }], names), "fi");
    const places = [...plot.querySelectorAll("rect")].map((bar) => [bar.getAttribute("x"), bar.getAttribute("width")]);
    expect(places).toEqual([["0%", "80%"], ["0%", "100%"], ["80%", "20%"]]);
    expect(plot.querySelector("line")?.getAttribute("x1")).toBe("80%");
  });
});
