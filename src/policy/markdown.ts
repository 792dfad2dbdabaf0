import type { Html, Node, Nodes, Root } from "mdast";
import remarkFrontmatter from "remark-frontmatter";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified, type Processor } from "unified";
import { Category } from "./statement.ts";

/** The author's word on a statement: `<!-- ingrain: behavioral -->` before it. */
export interface Directive {
  category: Category;
  /** Where the comment stands in the source. */
  start: number;
  end: number;
}

export interface Markdown {
  root: Root;
  directives: Directive[];
}

/** Fills the place of a comment that has text beside it; `flatten` drops it. */
export const filler = "\u2060";

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(keepPositions)
  .use(remarkFrontmatter)
  .freeze();

/**
 * Parses Markdown (CommonMark, GFM, front matter) with HTML comments taken out: CommonMark reads a
 * line that begins with a comment as HTML to its end, but a policy's author who writes a directive
 * before a sentence means the sentence to stay. All positions are offsets into `source`.
 */
export function parseMarkdown(source: string): Markdown {
  // The parser would drop a byte order mark and shift every offset.
  const text = source.startsWith("\uFEFF") ? ` ${source.slice(1)}` : source;
  const root = processor.parse(text);
  const comments = [...descendants(root)].flatMap((node) =>
    node.type === "html" ? commentsIn(node) : [],
  );
  if (comments.length === 0) return { root, directives: [] };
  const directives = comments.flatMap(({ start, end }) => {
    const word = /^<!--\s*ingrain:\s*([a-z-]+)\s*-->$/.exec(text.slice(start, end))?.[1];
    const category = Category.safeParse(word);
    return category.success ? [{ category: category.data, start, end }] : [];
  });
  return { root: processor.parse(withoutComments(text, comments)), directives };
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
    const lineStart = Math.max(
      text.lastIndexOf("\n", start - 1),
      text.lastIndexOf("\r", start - 1),
    );
    const alone =
      /^[\s>*+-]*(?:\d{1,9}[.)])?\s*$/.test(text.slice(lineStart + 1, start)) &&
      /^[ \t]*(?:[\r\n]|$)/.test(text.slice(end, end + 200));
    result += text.slice(at, start);
    result += text.slice(start, end).replace(/[^\r\n]/g, alone ? " " : filler);
    at = end;
  }
  return result + text.slice(at);
}
