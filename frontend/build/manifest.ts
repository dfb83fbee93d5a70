import type { Plugin } from "vite";

/** Writes manifest.json: the logical name a template asks for → the file with its hash. */
export function manifest(): Plugin {
  return {
    name: "manifest",
    apply: "build",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const files: Record<string, string> = {};
        for (const output of Object.values(bundle)) {
          if (output.type === "asset" && output.names[0]) files[output.names[0]] = output.fileName;
          if (output.type === "chunk" && output.isEntry) files[`${output.name}.js`] = output.fileName;
        }
        const sorted = Object.fromEntries(Object.entries(files).sort());
        this.emitFile({ type: "asset", fileName: "manifest.json", source: `${JSON.stringify(sorted, null, 2)}\n` });
      },
    },
  };
}
