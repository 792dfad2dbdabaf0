import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import tseslint from "typescript-eslint";
import importX from "eslint-plugin-import-x";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/**
 * The rooms on the data's way. A room never imports from one that comes after it; two that stand
 * together may know each other.
 */
const way = [
  ["policy"],
  ["classifier"],
  ["synthesis"],
  ["evaluation", "benchmark"],
  ["training"],
  ["serving"],
  ["workspace"],
];
const rooms = [...way.flat(), "protocol"];

/** One import border: files of `target` never import from `from`. */
const border = (target, from, message) => ({ target, from, message });
const noModules = (patterns) => ({
  "no-restricted-imports": ["error", { patterns }],
});
const vscode = { regex: "^vscode$", message: "Only editor, panels and extension.ts see VS Code." };
const nodeBuiltins = { regex: "^node:", message: "This room is pure: it must run anywhere." };
const nativeRuntime = {
  regex: "^onnxruntime-(node|common)(/|$)",
  message: "Only the onnx engine and the classifier load the runtime.",
};

/** What each room must not import, because it comes later. */
const later = {
  ...Object.fromEntries(
    way.flatMap((step, at) => step.map((room) => [room, way.slice(at + 1).flat()])),
  ),
  protocol: ["workspace"],
};

const zones = [
  ...Object.entries(later).flatMap(([room, forbidden]) =>
    forbidden.map((from) =>
      border(`src/${room}`, `src/${from}`, `${room} comes before ${from} on the data's way.`),
    ),
  ),
  ...rooms.flatMap((room) =>
    ["editor", "panels", "extension.ts", "cli", "cli.ts"].map((from) =>
      border(`src/${room}`, `src/${from}`, `${room} knows no user interface.`),
    ),
  ),
  ...["cli", "cli.ts"].flatMap((room) =>
    ["editor", "panels", "extension.ts"].map((from) =>
      border(`src/${room}`, `src/${from}`, "The command line runs without VS Code."),
    ),
  ),
  {
    target: "webview",
    from: "src",
    except: ["protocol"],
    message: "A webview shares only the protocol with the extension.",
  },
];

export default tseslint.config(
  { ignores: ["dist", "node_modules", ".cache", "test/fixtures"] },
  {
    files: ["**/*.ts"],
    extends: [...tseslint.configs.strictTypeChecked],
    plugins: { "import-x": importX },
    languageOptions: {
      parserOptions: {
        project: ["tsconfig.json", "webview/tsconfig.json"],
        tsconfigRootDir: root,
      },
    },
    settings: { "import-x/resolver": { node: { extensions: [".ts"] } } },
    rules: {
      "import-x/no-restricted-paths": ["error", { basePath: root, zones }],
      "import-x/no-default-export": "error",
      "import-x/no-cycle": "error",
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Indices are checked by noUncheckedIndexedAccess; hot loops over typed arrays assert them.
      "@typescript-eslint/no-non-null-assertion": "off",
    },
  },
  { files: ["**/*.ts"], rules: noModules([nativeRuntime]) },
  {
    files: ["src/{policy,synthesis,benchmark,evaluation,protocol}/**/*.ts"],
    rules: noModules([vscode, nodeBuiltins, nativeRuntime]),
  },
  {
    files: ["src/{training,serving,workspace}/**/*.ts", "src/cli.ts", "src/cli/**/*.ts"],
    rules: noModules([vscode, nativeRuntime]),
  },
  { files: ["webview/**/*.ts"], rules: noModules([vscode, nodeBuiltins, nativeRuntime]) },
  {
    files: ["src/training/engines/onnx/**/*.ts", "src/classifier/**/*.ts"],
    rules: noModules([vscode]),
  },
  {
    files: ["test/unit/training/engines/onnx/**/*.ts", "test/unit/classifier/**/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  { files: [".config/*.ts"], rules: { "import-x/no-default-export": "off" } },
);
