import type { Html, Node, Nodes, RootContent } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified, type Processor } from "unified";
import { lineStart } from "./lines.ts";
import { Category, type Span } from "./statement.ts";

/** The author's word on a statement: `<!-- ingrain: behavioral -->` before it. */
export interface Directive {
  category: Category;
  /** Where the comment stands. */
  start: number;
  end: number;
}

/** The top level of a stretch of Markdown; all offsets point into `source`. */
export interface Region {
  source: string;
  /** Where the stretch itself begins in `source`. */
  start: number;
  blocks: RootContent[];
  directives: Directive[];
  /** Every comment, whatever it says. */
  comments: Span[];
}

/** Fills the place of a comment that has text beside it; `flatten` drops it. */
export const filler = "\u2060";

const processor = unified().use(remarkParse).use(remarkGfm).use(keepPositions).freeze();

/**
 * Parses Markdown (CommonMark, GFM) that begins at the top level, with HTML comments taken out:
 * CommonMark reads a line that begins with a comment as HTML to its end, but a policy's author who
 * writes a directive before a sentence means the sentence to stay.
 *
 * @param labels identifiers of the link and footnote definitions that stand elsewhere in the document
 */
export function parseRegion(text: string, labels: readonly string[] = []): Region {
  const prefix = definitionsOf(labels.filter((label) => mentions(text, label)));
  const source = prefix + text;
  const start = prefix.length;
  let root = processor.parse(source);
  const comments = [...descendants(root)].flatMap((node) =>
    node.type === "html" ? commentsIn(node) : [],
  );
  if (comments.length > 0) root = processor.parse(withoutComments(source, comments));
  const directives = comments.flatMap((comment) => {
    const word = /^<!--\s*ingrain:\s*([a-z-]+)\s*-->$/.exec(
      source.slice(comment.start, comment.end),
    )?.[1];
    const category = Category.safeParse(word);
    return category.success ? [{ category: category.data, ...comment }] : [];
  });
  const blocks = root.children.filter((node) => startOf(node) >= start);
  return { source, start, blocks, directives, comments };
}

/**
 * Definitions for references that are defined elsewhere. A definition of a link comes last, so that
 * an indented first line of the text belongs to none of a footnote.
 */
function definitionsOf(labels: readonly string[]): string {
  if (labels.length === 0) return "";
  const lines = labels.map((label) => (label.startsWith("^") ? `[${label}]: x` : `[${label}]: #`));
  return `${[...lines, "[\u2060]: #"].join("\n\n")}\n\n`;
}

function mentions(text: string, label: string): boolean {
  // Labels match whatever their case and inner white space; the first word is enough to look.
  const word = /\S+/.exec(label)?.[0] ?? "";
  return text.toLowerCase().includes(word.toLowerCase());
}

/** The identifiers that a block defines for the whole document; footnotes begin with `^`. */
export function labelsIn(block: RootContent): string[] {
  return [...descendants(block)].flatMap((node) => {
    if (node.type === "definition") return [node.identifier];
    return node.type === "footnoteDefinition" ? [`^${node.identifier}`] : [];
  });
}

/** What may define a label, before anything is parsed: a line like `[label]: …`. */
export function possibleLabels(text: string): string[] {
  const lines = /^[ \t>*+-]*(?:\d{1,9}[.)][ \t]+)?\[([^\][\n]{1,300})\]:/gm;
  return [...new Set([...text.matchAll(lines)].map((match) => normalLabel(match[1]!)))].sort();
}

function normalLabel(label: string): string {
  return label.trim().replace(/\s+/g, " ").toLowerCase();
}

/** Every node below one, in document order. Iterative: documents nest deeper than the call stack. */
export function* descendants(root: Nodes): Generator<Nodes> {
  const stack: Nodes[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    yield node;
    if ("children" in node) {
      for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]!);
    }
  }
}

export function startOf(node: Node): number {
  return node.position?.start.offset ?? 0;
}

export function endOf(node: Node): number {
  return node.position?.end.offset ?? 0;
}

/** GFM finds some bare links in a second pass that loses the positions of the text around them. */
function keepPositions(this: Processor): void {
  for (const extension of (this.data().fromMarkdownExtensions ?? []).flat()) {
    delete extension.transforms;
  }
}

function commentsIn(node: Html): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const base = startOf(node);
  let from = node.value.indexOf("<!--");
  while (from >= 0) {
    const close = node.value.indexOf("-->", from + 4);
    if (close < 0) break;
    found.push({ start: base + from, end: base + close + 3 });
    from = node.value.indexOf("<!--", close + 3);
  }
  return found;
}

/** Blanks comments, keeping every offset: a line that holds nothing else becomes an empty line. */
function withoutComments(text: string, comments: { start: number; end: number }[]): string {
  let result = "";
  let at = 0;
  for (const { start, end } of comments) {
    const alone =
      /^[\s>*+-]*(?:\d{1,9}[.)])?\s*$/.test(text.slice(lineStart(text, start), start)) &&
      /^[ \t]*(?:[\r\n]|$)/.test(text.slice(end, end + 200));
    result += text.slice(at, start);
    result += text.slice(start, end).replace(/[^\r\n]/g, alone ? " " : filler);
    at = end;
  }
  return result + text.slice(at);
}
