// Bundles the extension, the command line, the trainer process and the webviews into dist/.
import * as esbuild from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

const require = createRequire(import.meta.url);
const watch = process.argv.includes("--watch");
const production = process.argv.includes("--production");
const webviews = ["runs", "dataset"];

/** zod brings its messages in fifty languages; ours are in English, which is a file apart. */
const englishOnly = {
  name: "english-only",
  setup: (build) =>
    build.onLoad({ filter: /zod[\\/]v4[\\/]locales[\\/]index\.c?js$/ }, () => ({ contents: "" })),
};

const common = {
  plugins: [englishOnly],
  bundle: true,
  sourcemap: !production,
  minify: production,
  // In watch mode the editor's task waits for the lines that say a build began or ended.
  logLevel: watch ? "info" : "warning",
  // Class and function names stay readable in stack traces and logs.
  keepNames: true,
};

/** Node side: CommonJS, because the oldest VS Code we support loads extensions that way. */
const node = {
  ...common,
  platform: "node",
  format: "cjs",
  target: "node20",
  // The native binding stays a package of its own; `vscode` is given by the editor.
  external: ["vscode", "onnxruntime-node"],
  // Node 20 has none; a library that asks for it makes newer extension hosts log an error.
  define: { navigator: "undefined" },
  outdir: "dist",
  entryPoints: {
    reader: "src/editor/reader.ts",
    "exact-counter": "src/editor/exact-counter.ts",
    "category-worker": "src/classifier/category-worker.ts",
    "token-worker": "src/editor/token-worker.ts",
    "tree-panel": "src/editor/tree-panel.ts",
    linter: "src/editor/linter.ts",
    rewrites: "src/policy/rewrites/rewrites.ts",
    desk: "src/panels/desk.ts",
    chat: "src/panels/chat.ts",
    "chat-cells": "src/panels/chat-cells.ts",
    synthesizer: "src/panels/synthesizer.ts",
    "inspector-worker": "src/panels/inspector-worker.ts",
    cli: "src/cli.ts",
    trainer: "src/training/engines/onnx/trainer.ts",
    "ray-follower": "src/training/targets/ray/main.ts",
    server: "src/serving/embedded/server.ts",
  },
};

/**
 * The extension itself stays small, so that it activates quickly: what it imports lazily is a
 * bundle of its own, named after its source, and required when it is needed. Two of its bundles
 * import the parser's in the same way.
 */
const extension = {
  ...node,
  entryPoints: {
    extension: "src/extension.ts",
    comparison: "src/panels/comparison.ts",
    refinement: "src/panels/refinement.ts",
    benchmark: "src/panels/benchmark.ts",
  },
  supported: { "dynamic-import": false },
  plugins: [
    ...common.plugins,
    {
      name: "lazy",
      setup: (build) =>
        build.onResolve({ filter: /^\./ }, ({ kind, path }) =>
          kind === "dynamic-import"
            ? { path: `./${basename(path, ".ts")}.js`, external: true }
            : undefined,
        ),
    },
  ],
};

const browser = {
  ...common,
  platform: "browser",
  format: "esm",
  target: "es2022",
  outdir: "dist/webview",
  entryPoints: Object.fromEntries(webviews.map((name) => [name, `webview/${name}/main.ts`])),
  loader: { ".css": "css" },
};

const builds = [extension, node, browser];

await rm("dist", { recursive: true, force: true });
await mkdir("dist/webview", { recursive: true });
const codicons = join(dirname(require.resolve("@vscode/codicons/package.json")), "dist");
for (const file of ["codicon.css", "codicon.ttf"]) {
  await cp(join(codicons, file), join("dist/webview", file));
}

// The trl engine and what Ray runs of it are Python: copied as they stand, with the text that
// retention is measured on.
const python = {
  trl: [
    "src/training/engines/trl",
    [
      "main.py",
      "merge.py",
      "exam.py",
      "serve.py",
      "preflight.py",
      "requirements.txt",
      "ingrain_trl",
    ],
  ],
  ray: ["src/training/targets/ray", ["requirements.txt", "ingrain_ray"]],
};
for (const [name, [folder, paths]] of Object.entries(python)) {
  for (const path of paths) {
    await cp(join(folder, path), join("dist", name, path), {
      recursive: true,
      filter: (source) => !source.includes("__pycache__"),
    });
  }
}
await cp("media/retention.txt", "dist/trl/retention.txt");

if (watch) {
  const contexts = await Promise.all(builds.map((build) => esbuild.context(build)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(builds.map((build) => esbuild.build(build)));
}
