import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import type { Plugin } from "vite";

const files = ["icons/icons.svg", "icons/mark.svg", "fonts/OFL.txt"];

/** Puts the icon sprite, the city's mark and the font's licence beside the styles. */
export function pictures(): Plugin {
  return {
    name: "pictures",
    apply: "build",
    async buildStart() {
      for (const file of files) {
        const source = await readFile(new URL(`../${file}`, import.meta.url), "utf8");
        this.emitFile({ type: "asset", name: basename(file), source: source.replaceAll(/>\s+</g, "><") });
      }
    },
  };
}
