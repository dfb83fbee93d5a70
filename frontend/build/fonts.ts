// Cuts the typeface to the letters this service writes: `npm run fonts` writes fonts/*.woff2, which are committed.
import { copyFile, readFile, writeFile } from "node:fs/promises";
import subset from "subset-font";

const source = new URL("../node_modules/@fontsource-variable/schibsted-grotesk/", import.meta.url);
const target = new URL("../fonts/", import.meta.url);

const ascii = String.fromCodePoint(...Array.from({ length: 95 }, (_, index) => 0x20 + index));

// Kerning is half of the bytes, so only the letters of Finnish, Swedish and English text carry it.
const files = [
  {
    name: "schibsted-grotesk",
    from: "latin",
    text: `${ascii}\u00a0ÅÄÖåäöÉéÜüÆØæøÕõÁá–—‘’“”„•…€−§°·×«»½²±`,
    features: ["kern", "tnum"],
  },
  {
    name: "schibsted-grotesk-names",
    from: "latin",
    text: "ÀÂÃÇÈÊËÌÍÎÏÐÑÒÓÔÙÚÛÝÞßàâãçèêëìíîïðñòóôùúûýþÿ",
    features: ["tnum"],
  },
  {
    name: "schibsted-grotesk-sami",
    from: "latin-ext",
    text: "ČčĐđŊŋŠšŦŧŽžǤǥǦǧǨǩƷʒǮǯ",
    features: ["tnum"],
  },
];

for (const { name, from, text, features } of files) {
  const whole = await readFile(new URL(`files/schibsted-grotesk-${from}-wght-normal.woff2`, source));
  const cut = await subset(whole, text, {
    targetFormat: "woff2",
    keepFeatures: features,
    variationAxes: { wght: { min: 400, max: 700 } },
  });
  await writeFile(new URL(`${name}.woff2`, target), cut);
  console.log(`${name}.woff2 ${cut.length} bytes`);
}
await copyFile(new URL("LICENSE", source), new URL("OFL.txt", target));
