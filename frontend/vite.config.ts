import { defineConfig } from "vitest/config";
import { budget } from "./build/budget.ts";
import { compress } from "./build/compress.ts";
import { manifest } from "./build/manifest.ts";
import { pictures } from "./build/pictures.ts";

const islands = [
  "api-try",
  "area-map",
  "balance-plan",
  "ballot-box",
  "copy-text",
  "engine",
  "field-counter",
  "filter-form",
  "focus-on-load",
  "logic",
  "similar-proposals",
];

export default defineConfig({
  // Addresses inside the files are relative, so the service may serve them from any path.
  base: "./",
  publicDir: false,
  build: {
    outDir: "dist",
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      preserveEntrySignatures: "exports-only", // the engine is a module of its own
      input: {
        site: "styles/site.css",
        desk: "styles/desk.css",
        map: "styles/map.css",
        ...Object.fromEntries(islands.map((name) => [name, `islands/${name}.ts`])),
      },
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
  css: { transformer: "lightningcss" },
  test: { environment: "happy-dom" },
  plugins: [pictures(), manifest(), compress(), budget()],
});
