// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const theme = readFileSync(new URL("./theme/demo.css", import.meta.url), "utf8");

/** The colours of one scheme: "accent-base-default" → "#0b4f6c". */
function colours(scheme: "light" | "dark"): Record<string, string> {
  const start = theme.indexOf(`[data-color-scheme="${scheme}"] {`);
  const block = theme.slice(start, theme.indexOf("}", start));
  return Object.fromEntries([...block.matchAll(/--ds-color-([\w-]+): (#[\da-f]{6})/gi)].map(([, name, hex]) => [name, hex]));
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const roles = ["accent", "neutral", "meadow", "clay", "success", "warning", "danger", "info"];
const grounds = ["background-default", "background-tinted", "surface-default", "surface-tinted"];

describe.each(["light", "dark"] as const)("the city's theme in the %s", (scheme) => {
  const palette = colours(scheme);
  const ratio = (one: string, other: string) => contrast(palette[one]!, palette[other]!);

  it.each(roles)("can be read in %s on its own grounds", (role) => {
    for (const ground of grounds) {
      for (const text of ["text-default", "text-subtle"]) {
        expect(ratio(`${role}-${text}`, `${role}-${ground}`), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it.each(roles)("can be read on a button in %s", (role) => {
    expect(ratio(`${role}-base-default`, `${role}-base-contrast-default`)).toBeGreaterThanOrEqual(4.5);
  });

  it("shows the edges of inputs and the focus", () => {
    expect(ratio("neutral-border-default", "neutral-background-default")).toBeGreaterThanOrEqual(3);
    expect(ratio("focus-outer", "neutral-background-default")).toBeGreaterThanOrEqual(3);
  });
});
