import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** A linter of others, ready to lint. */
export interface Linter {
  name: string;
  /** @returns how many things it found. */
  lint: (text: string) => Promise<number>;
}

interface Markdownlint {
  lint: (options: { strings: Record<string, string> }) => Record<string, unknown[]>;
}

interface Textlint {
  createLinter: (options: { descriptor: unknown }) => {
    lintText: (text: string, path: string) => Promise<{ messages: unknown[] }>;
  };
}

interface Kernel {
  TextlintKernelDescriptor: new (parts: object) => unknown;
}

/** Markdownlint as it comes, and textlint with two common rules, from a folder's node_modules. */
export async function loadLinters(folder: string): Promise<Linter[]> {
  const require = createRequire(resolve(folder, "package.json"));
  const load = async (name: string) =>
    (await import(pathToFileURL(require.resolve(name)).href)) as { default?: unknown };
  const { lint } = (await load("markdownlint/sync")) as unknown as Markdownlint;
  const { createLinter } = require("textlint") as Textlint;
  const { TextlintKernelDescriptor } = require("@textlint/kernel") as Kernel;
  const part = async (kind: string, name: string) => {
    const loaded = (await load(name)).default as { default?: unknown };
    return { [`${kind}Id`]: name, [kind]: loaded.default ?? loaded, options: true };
  };
  const linter = createLinter({
    descriptor: new TextlintKernelDescriptor({
      plugins: [await part("plugin", "@textlint/textlint-plugin-markdown")],
      rules: [
        await part("rule", "textlint-rule-no-todo"),
        await part("rule", "textlint-rule-common-misspellings"),
      ],
      filterRules: [],
    }),
  });
  return [
    {
      name: "markdownlint",
      lint: (text) => Promise.resolve(lint({ strings: { text } })["text"]!.length),
    },
    {
      name: "textlint, 2 rules",
      lint: async (text) => (await linter.lintText(text, "policy.md")).messages.length,
    },
  ];
}
