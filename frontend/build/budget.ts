import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { bundle } from "lightningcss";
import type { Plugin } from "vite";

const kilobyte = 1000;

const limits = {
  "site.css": 22 * kilobyte,
  "desk.css": 6 * kilobyte,
  "icons.svg": 4 * kilobyte,
  "ballot-box.js": 8 * kilobyte,
  "balance-plan.js": 15 * kilobyte,
  "engine.js": 3 * kilobyte,
  "schibsted-grotesk.woff2": 32 * kilobyte,
};
const ownStylesLimit = 6 * kilobyte;

const zipped = (content: Uint8Array | string) => gzipSync(content, { level: 9 }).length;

/** Our own rules as they are sent, without the design system and its theme. */
async function ownStyles(): Promise<number> {
  const parts: Uint8Array[] = [];
  for (const folder of ["parts", "layout"]) {
    const directory = new URL(`../styles/${folder}/`, import.meta.url);
    for (const name of (await readdir(directory)).filter((name) => name.endsWith(".css"))) {
      parts.push(bundle({ filename: new URL(name, directory).pathname, minify: true }).code);
    }
  }
  return zipped(Buffer.concat(parts));
}

/** Refuses a build that has grown over the weight its pages were promised (gzip -9; a font as it is). */
export function budget(): Plugin {
  return {
    name: "budget",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const manifest: Record<string, string> = JSON.parse(await readFile(`${dir}/manifest.json`, "utf8"));
      const weights: [string, number, number][] = [["own styles", await ownStyles(), ownStylesLimit]];
      for (const [name, limit] of Object.entries(limits)) {
        const content = await readFile(`${dir}/${manifest[name]}`);
        weights.push([name, name.endsWith(".woff2") ? content.length : zipped(content), limit]);
      }
      for (const [name, weight, limit] of weights) {
        const line = `${name.padEnd(24)} ${weight} of ${limit} bytes`;
        if (weight > limit) this.error(`too heavy: ${line}`);
        if (process.env["SIZES"]) console.log(line);
      }
    },
  };
}
