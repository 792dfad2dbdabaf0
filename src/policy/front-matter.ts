import { parse } from "yaml";
import { z } from "zod";

const FrontMatter = z.object({
  title: z.union([z.string(), z.number(), z.date()]).nullish(),
  ingrain: z.unknown().optional(),
});

/** The front matter keys that Ingrain knows. */
export interface FrontMatter {
  title: string | undefined;
  /** The author marked the file as a policy with `ingrain: policy`. */
  marked: boolean;
}

const fenced = /^\uFEFF?---[ \t]*(?:\r\n|\n|\r)([\s\S]*?)(?:\r\n|\n|\r)---[ \t]*(?:\r\n|\n|\r|$)/;

/** Reads the YAML front matter of a Markdown text; broken YAML counts as none. */
export function readFrontMatter(text: string): FrontMatter {
  const yaml = fenced.exec(text)?.[1];
  if (yaml === undefined) return { title: undefined, marked: false };
  try {
    const { title, ingrain } = FrontMatter.parse(parse(yaml, { logLevel: "silent" }));
    const words = String(title ?? "").trim();
    return { title: words === "" ? undefined : words, marked: ingrain === "policy" };
  } catch {
    return { title: undefined, marked: false };
  }
}

/** Whether the author marked this Markdown text as a policy: front matter with `ingrain: policy`. */
export function isMarkedPolicy(text: string): boolean {
  return readFrontMatter(text).marked;
}
