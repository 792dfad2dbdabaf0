import type { RootContent } from "mdast";
import { frontMatterEnd } from "./front-matter-end.ts";
import {
  endOf,
  labelsIn,
  parseRegion,
  possibleLabels,
  startOf,
  type Directive,
} from "./markdown.ts";

/** A change of a text: `text` in the place of what stood from `start` to `end`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** A block at the top level of a document, with what stands between it and the next. */
export interface Block {
  /** Undefined for what stands before the first block: front matter, comments. */
  readonly node: RootContent | undefined;
  /** A comment goes over its start: nothing can be parsed from there on. */
  readonly inComment: boolean;
  /** The text that the node's offsets point into. */
  readonly source: string;
  /** Where the block begins in the document; an edit before it moves it. */
  start: number;
  /** What it defines for the whole document: identifiers of links and footnotes. */
  readonly labels: readonly string[];
  /** The author's words on statements, relative to `start`. */
  readonly directives: Directive[];
}

/** Added to an offset of a block's node, this gives the place in the document. */
export function baseOf({ node, start }: Block): number {
  return node === undefined ? start : start - startOf(node);
}

/** How much is parsed before others get a turn, in UTF-16 code units. */
const defaultWindow = 6000;

/**
 * The top-level blocks of a Markdown text, kept up to date under edits. A block ends where the next
 * begins, and nothing that follows can change it; so a text can be parsed window by window, and
 * after an edit only the blocks around it, until one comes out as it was.
 */
export class Blocks {
  readonly #window: number;
  #text = "";
  #list: Block[] = [];
  #labels: readonly string[] = [];
  #frontMatterEnd = 0;

  /** @param window in UTF-16 code units; small ones are for tests. */
  constructor(window = defaultWindow) {
    this.#window = window;
  }

  get text(): string {
    return this.#text;
  }

  get list(): readonly Block[] {
    return this.#list;
  }

  /** Parses a text from scratch. Yields after each window; the list is whole when it is done. */
  *load(text: string): Generator<void, void> {
    this.#text = text;
    this.#frontMatterEnd = frontMatterEnd(text);
    this.#labels = possibleLabels(text);
    yield* this.#parseAll();
    yield* this.#withLabels();
  }

  /**
   * Takes an edit: blocks that it does not touch stay the same objects. Yields only when it must
   * parse the whole text again, as after a change of a definition.
   */
  *edit({ start, end, text }: Edit): Generator<void, void> {
    const delta = text.length - (end - start);
    const oldEnd = this.#frontMatterEnd;
    this.#text = this.#text.slice(0, start) + text + this.#text.slice(end);
    this.#frontMatterEnd = frontMatterEnd(this.#text);
    const kept = this.#frontMatterEnd === oldEnd && start >= oldEnd;
    const moved = this.#frontMatterEnd === oldEnd + delta && end < oldEnd;
    if (!kept && !moved) yield* this.#parseAll();
    else this.#replace(start, end, delta);
    yield* this.#withLabels();
  }

  #replace(start: number, end: number, delta: number): void {
    const before = this.#list;
    // The block before may take in what follows it now; its own first line is untouched.
    let first = Math.max(0, lastBy(before, start) - 1);
    while (before[first]!.inComment) first--;
    let last = Math.min(lastBy(before, end) + 1, before.length - 1);
    for (let more = 1; ; more *= 2) {
      const fresh = this.#parseAnew(before, first, last, delta);
      if (fresh !== undefined) {
        const after = before.slice(last + 1);
        for (const block of after) block.start += delta;
        this.#list = [...before.slice(0, first), ...fresh, ...after];
        return;
      }
      last = Math.min(last + more, before.length - 1);
    }
  }

  /**
   * Parses the blocks `first` to `last` of the list before an edit, with the edit among them.
   * @returns undefined when the last of them comes out otherwise: then what follows it might too.
   */
  #parseAnew(before: readonly Block[], first: number, last: number, delta: number) {
    const next = before[last + 1];
    const from = first === 0 ? this.#frontMatterEnd : before[first]!.start;
    const to = next === undefined ? this.#text.length : next.start + delta;
    const { blocks, orphans } = this.#parse(from, to);
    const fresh = first === 0 ? [head(orphans), ...blocks] : blocks;
    if (next === undefined) return fresh;
    const [old, now] = [before[last]!, fresh.at(-1)!];
    const same =
      !next.inComment &&
      now.node !== undefined &&
      now.node.type === old.node?.type &&
      now.start === old.start + delta &&
      endOf(now.node) - startOf(now.node) === endOf(old.node) - startOf(old.node);
    return same ? fresh : undefined;
  }

  /** Definitions are for the whole text; where others turn up than it was parsed with, once more. */
  *#withLabels(): Generator<void, void> {
    const labels = [...new Set(this.#list.flatMap((block) => block.labels))].sort();
    if (labels.join("\n") === this.#labels.join("\n")) return;
    this.#labels = labels;
    yield* this.#parseAll();
  }

  *#parseAll(): Generator<void, void> {
    const { length } = this.#text;
    const list: Block[] = [head([])];
    let at = this.#frontMatterEnd;
    let size = this.#window;
    while (at < length) {
      const to = this.#windowEnd(at + size);
      const { blocks, orphans } = this.#parse(at, to);
      // What stands last may go on in the next window.
      let open = to < length ? blocks.pop() : undefined;
      while (open?.inComment) open = blocks.pop();
      if (to < length && blocks.length === 0) {
        size *= 2;
        continue;
      }
      const before = list.at(-1)!;
      before.directives.push(...orphans.map((each) => moved(each, -before.start)));
      list.push(...blocks);
      at = open?.start ?? length;
      size = this.#window;
      yield;
    }
    this.#list = list;
  }

  /** A window ends at an empty line: half a paragraph reads otherwise than the whole. */
  #windowEnd(at: number): number {
    const gap = /\n[ \t]*\r?\n/g;
    gap.lastIndex = at;
    const match = at < this.#text.length ? gap.exec(this.#text) : null;
    return match === null ? this.#text.length : match.index + match[0].length;
  }

  /**
   * The blocks of a stretch of the text that begins at the top level, and the directives before
   * the first of them, with offsets into the document.
   */
  #parse(from: number, to: number): { blocks: Block[]; orphans: Directive[] } {
    const text = this.#text.slice(from, to);
    // The parser would drop a byte order mark and shift every offset.
    const region = parseRegion(text.replace(/^\uFEFF/, " "), this.#labels);
    const base = from - region.start;
    const within = (at: number) => region.comments.some(({ start, end }) => start < at && at < end);
    const blocks = region.blocks.map((node): Block => ({
      node,
      inComment: within(startOf(node)),
      source: region.source,
      start: base + startOf(node),
      labels: labelsIn(node),
      directives: [],
    }));
    const orphans: Directive[] = [];
    for (const directive of region.directives) {
      const owner = blocks[lastBy(blocks, base + directive.start)];
      if (owner === undefined) orphans.push(moved(directive, base));
      else owner.directives.push(moved(directive, base - owner.start));
    }
    return { blocks, orphans };
  }
}

/** What stands before the first block. */
function head(directives: Directive[]): Block {
  return { node: undefined, inComment: false, source: "", start: 0, labels: [], directives };
}

function moved({ category, start, end }: Directive, by: number): Directive {
  return { category, start: start + by, end: end + by };
}

/** The index of the last block that begins at an offset or before it; -1 if none does. */
function lastBy(blocks: readonly Block[], offset: number): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (blocks[middle]!.start <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
