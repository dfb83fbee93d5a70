// @vitest-environment node
import { readFileSync } from "node:fs";
import { globSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";

const root = new URL("../", import.meta.url).pathname;
const read = (path: string) => readFileSync(path, "utf8");
const templates = globSync(`${root}templates/**/*.html`).map(read).join("\n");
const islands = globSync(`${root}islands/*.ts`).map(read).join("\n");
const own = globSync(`${root}styles/{parts,layout}/*.css`).map(read).join("\n");

const require = createRequire(import.meta.url);
const imported = [...(read(`${root}styles/site.css`) + read(`${root}styles/desk.css`)).matchAll(/@import "(@digdir[^"]+)"(.*);/g)]
  .map(([, path = "", layer = ""]) => ({ path, layer, text: read(require.resolve(path)) }));

const classes = (text: string, prefix: string) => new Set(text.match(new RegExp(`(?<![\\w-])${prefix}-[\\w-]+`, "g")));
const used = (prefix: string) => new Set([...(templates + islands).matchAll(/class(?:Name)?="?\s?=?\s?"([^"]*)"/g)].flatMap(([, names = ""]) => [...classes(names, prefix)]));

describe("the classes of the templates", () => {
  it("of the design system stand in the files we import", () => {
    const known = new Set(imported.flatMap(({ text }) => [...classes(text, "ds")]));
    expect([...used("ds")].filter((name) => !known.has(name))).toEqual([]);
  });

  it("of our own stand in our styles", () => {
    const known = classes(own, "p");
    expect([...used("p")].filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("the design system's files", () => {
  it("are each used by a template", () => {
    const needed = used("ds");
    const idle = imported.filter(({ path, text }) => !path.endsWith("/base.css") && ![...classes(text, "ds")].some((name) => needed.has(name)));
    expect(idle.map(({ path }) => path)).toEqual([]);
  });

  it("are each imported into a layer, else they would beat the theme and our parts", () => {
    expect(imported.filter(({ layer }) => !/layer\(ds\.(base|components)\)/.test(layer))).toEqual([]);
  });
});
