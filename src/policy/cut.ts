import type { BlockContent, DefinitionContent, List, ListItem, RootContent, Table } from "mdast";
import { flatten } from "./flatten.ts";
import { isImperative, isSentence, hasVerb, wordsOf } from "./grammar.ts";
import { endOf } from "./markdown.ts";
import { shadow, statesCondition } from "./markers.ts";
import { ProseBuilder, type Prose, type Range } from "./prose.ts";
import { sentences } from "./sentences.ts";

/** A list item as a part of a statement: its own words, and the items below it. */
export interface Branch extends Range {
  /** The item's (or lead-in's) own words. */
  lead: Range;
  items: Branch[];
}

export interface Cell extends Range {
  header: string;
}

export type Layout =
  { kind: "sentence" } | { kind: "list"; root: Branch } | { kind: "row"; cells: Cell[] };

/** The words of one statement, as cut out of a block; offsets are the block's. */
export interface Passage {
  prose: Prose;
  layout: Layout;
}

export interface Heading {
  depth: number;
  text: string;
  /** Where the text under it begins. */
  end: number;
}

/** What a block holds, in order. */
export type Piece = { kind: "heading"; heading: Heading } | { kind: "passage"; passage: Passage };

/** A block in the text that its offsets point into. */
export interface Place {
  node: Block;
  source: string;
}

/** Lists nest no deeper in documents that people write; what is deeper is left out. */
const maxNesting = 60;

/**
 * Cuts a block into the passages that are its statements.
 *
 * @param before the block before it, where one block away a lead-in may stand; its offsets are
 * `shift` less than they would be in the block's own text
 */
export function cutBlock(
  { node, source }: Place,
  before: (Place & { shift: number }) | undefined,
  next: Block | undefined,
): Piece[] {
  const cutter = new Cutter(source);
  const lead =
    node.type === "list" && before !== undefined ? leadIn(before.node, before.source) : undefined;
  cutter.block(node, lead === undefined ? undefined : lead.moved(before!.shift), next, 0);
  return cutter.pieces;
}

type Block = RootContent | BlockContent | DefinitionContent;

class Cutter {
  readonly pieces: Piece[] = [];
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  #flow(blocks: Block[], nesting: number): void {
    if (nesting > maxNesting) return;
    blocks.forEach((block, i) => {
      const lead = block.type === "list" ? leadIn(blocks[i - 1], this.#source) : undefined;
      this.block(block, lead, blocks[i + 1], nesting);
    });
  }

  block(block: Block, lead: Prose | undefined, next: Block | undefined, nesting: number): void {
    switch (block.type) {
      case "heading": {
        const { text } = flatten(block, this.#source);
        this.pieces.push({
          kind: "heading",
          heading: { depth: block.depth, text, end: endOf(block) },
        });
        break;
      }
      case "paragraph":
        this.#paragraph(block, next);
        break;
      case "list":
        this.#list(block, lead, nesting);
        break;
      case "table":
        this.#table(block);
        break;
      case "blockquote":
      case "footnoteDefinition":
        this.#flow(block.children, nesting + 1);
        break;
      default:
        break;
    }
  }

  #emit(prose: Prose, layout: Layout = { kind: "sentence" }): void {
    if (prose.span({ from: 0, to: prose.text.length }) === undefined) return;
    this.pieces.push({ kind: "passage", passage: { prose, layout } });
  }

  #paragraph(paragraph: Block & { type: "paragraph" }, next: Block | undefined): void {
    if (isNavigation(paragraph)) return;
    const prose = flatten(paragraph, this.#source);
    const label = runInHeading(paragraph, prose, this.#source);
    if (label === prose.text.length) return;
    const ranges = sentences(prose.slice({ from: label, to: prose.text.length })).map(
      ({ from, to }) => ({ from: from + label, to: to + label }),
    );
    const leads = next?.type === "list" || next?.type === "table";
    if (leads && prose.text.endsWith(":")) ranges.pop();
    for (const found of withoutAsides(prose.text, ranges)) {
      const range = withoutNumber(prose.text, found);
      if (isMoreThanAWord(prose.text.slice(range.from, range.to))) this.#emit(prose.slice(range));
    }
  }

  #list(list: List, lead: Prose | undefined, nesting: number): void {
    if (lead !== undefined && this.#completes(lead, list)) {
      const { prose, root } = assemble(this.#tree(lead, list, nesting));
      this.#emit(prose, { kind: "list", root });
      return;
    }
    for (const item of list.children) this.#flow(item.children, nesting + 1);
  }

  /** Whether lead-in and items are one statement. */
  #completes(lead: Prose, list: List): boolean {
    const items = list.children.map((item) => itemText(item, this.#source));
    if (!items.some((text) => text !== "")) return false;
    const links = list.children.every(({ children }) => children.every(isNavigation));
    if (statesCondition(shadow(lead))) return !links || /, /.test(lead.text);
    const text = lead.text.replace(/[\s:*]+$/, "");
    if (isUnfinished(text)) return true;
    if (items.some((item) => isSentence(item))) return false;
    if (!hasVerb(text) && !isImperative(text)) {
      // A bare title over links ("Fact sheets:") only leads elsewhere.
      return !links;
    }
    return !/\b(?:links?|see|read)\b/i.test(text) || !links;
  }

  #tree(lead: Prose, list: List, nesting: number): Tree {
    if (nesting > maxNesting) return { lead, items: [] };
    const items = list.children.map((item): Tree => {
      const builder = new ProseBuilder();
      const nested: Tree[] = [];
      for (const child of item.children) {
        if (child.type === "paragraph") {
          if (builder.length > 0) builder.addSynthetic(" ");
          flatten(child, this.#source).appendTo(builder);
        } else if (child.type === "list") {
          nested.push(...this.#tree(builder.build(), child, nesting + 1).items);
        }
      }
      return { lead: builder.build(), items: nested };
    });
    return { lead, items: items.filter((item) => item.lead.text !== "" || item.items.length > 0) };
  }

  #table(table: Table): void {
    const [head, ...rows] = table.children;
    const headers = head?.children.map((cell) => flatten(cell, this.#source).text) ?? [];
    for (const row of rows) {
      const builder = new ProseBuilder();
      const cells: Cell[] = [];
      row.children.forEach((node, i) => {
        const cell = flatten(node, this.#source);
        if (cell.text === "") return;
        const header = headers[i] ?? "";
        if (builder.length > 0) builder.addSynthetic("; ");
        if (header !== "") builder.addSynthetic(`${header.replace(/:$/, "")}: `);
        const from = builder.length;
        cell.appendTo(builder);
        cells.push({ header, from, to: builder.length });
      });
      const prose = builder.build();
      if (cells.length > 0 && /[\p{L}\p{N}]/u.test(prose.text)) {
        this.#emit(prose, { kind: "row", cells });
      }
    }
  }
}

/** Whether a lead-in's sentence needs its items. */
export function isUnfinished(lead: string): boolean {
  return unfinished.test(lead);
}

/** A lead-in whose sentence needs its items: it ends on a verb, a preposition or a conjunction. */
const unfinished =
  /\b(?:has|have|is|are|be|was|were|includes?|including|contains?|comprises?|must|cannot|can|may|should|shall|will|to|for|of|with|by|that|when|if|either|both|not|never|only|on|at|in|from|as|requires?|needs?|use|uses|request|provide|provides|via|describe|describes|gets?|receives?|choose|between|under|and|or|such as|covers?|supports?|accepts?|means?)$/i;

/** The lead-in of a list: the last sentence of the paragraph before it, if that ends with a colon. */
function leadIn(before: Block | undefined, source: string): Prose | undefined {
  if (before?.type !== "paragraph") return undefined;
  const prose = flatten(before, source);
  if (!prose.text.endsWith(":")) return undefined;
  const last = sentences(prose).at(-1);
  return last === undefined ? undefined : prose.slice(last);
}

function itemText(item: ListItem, source: string): string {
  const [first] = item.children;
  return first?.type === "paragraph" ? flatten(first, source).text : "";
}

/** A paragraph that holds nothing but links leads elsewhere and says nothing. */
function isNavigation(block: Block): boolean {
  if (block.type !== "paragraph") return false;
  let links = 0;
  for (const child of block.children) {
    if (child.type === "link" || child.type === "linkReference") links++;
    else if (child.type === "text" && /^[\s·|,.;>»→-]*$/.test(child.value)) continue;
    else if (child.type !== "break" && child.type !== "image") return false;
  }
  return links > 0;
}

/**
 * The length of a bold heading that stands in the paragraph it heads ("**Late parcels.** We …");
 * the whole length when the paragraph is nothing else.
 */
function runInHeading(
  paragraph: Block & { type: "paragraph" },
  prose: Prose,
  source: string,
): number {
  const [first] = paragraph.children;
  if (first?.type !== "strong") return 0;
  const label = flatten(first, source).text;
  if (!prose.text.startsWith(label)) return 0;
  if (label.length === prose.text.length) {
    const heading = !/[.!?:…]["'”’)]*$/.test(label) && !statesCondition(label.toLowerCase());
    return heading && !isImperative(label) ? label.length : 0;
  }
  if (!/[.!?]$/.test(label) || statesCondition(label.toLowerCase())) return 0;
  const words = wordsOf(label);
  const capitals = label.match(/(?<=^|[\s(])\p{Lu}/gu)?.length ?? 0;
  const title = words.length <= 12 && capitals >= words.length * 0.6 && words.length > 1;
  return title || (words.length <= 4 && !hasVerb(label) && !isImperative(label)) ? label.length : 0;
}

/** "4.1 The bank shall …", "(b) Visitors …": the number of a clause is none of its words. */
function withoutNumber(text: string, { from, to }: Range): Range {
  const number =
    /^(?:§ ?)?(?:\d{1,3}(?:\.\d{1,3})+\.?|\d{1,3}\)|[A-Z]\.(?=\s+\S+\s+\S+\s+\S)|\([a-z]\)|\([ivx]{1,4}\))\s+(?=["“'(]?\p{Lu}|\p{Ll})/u.exec(
      text.slice(from, to),
    );
  return { from: from + (number?.[0].length ?? 0), to };
}

/** A word alone says nothing; scripts that write no spaces count by letters. */
function isMoreThanAWord(text: string): boolean {
  return /[\p{L}\p{N}].*\s\S*[\p{L}\p{N}]|[^\p{ASCII}]{4}/u.test(text);
}

const greeting =
  /^(?:welcome to [^.!?]{1,200}[.!"”]*|(?:many )?thanks?(?: you)?|hello|hi|hey|welcome|dear|cheers|good luck|have fun|enjoy|happy|congratulations)\b[^.!?,]{0,60}[.!,]?$/i;
const housekeeping =
  /^(?:last (?:updated|modified|reviewed|changed)|back to top|table of contents)\b/i;

/**
 * Leaves out greetings, notes on the document and rhetorical questions; joins a condition that is
 * told as a question to the sentence that answers it.
 */
function withoutAsides(text: string, ranges: Range[]): Range[] {
  const kept: Range[] = [];
  let scene: Range | undefined;
  for (const range of ranges) {
    const sentence = text.slice(range.from, range.to);
    if (greeting.test(sentence) || housekeeping.test(sentence)) continue;
    if (/\?["'”’)*]*$/.test(sentence)) {
      const asks =
        /^(?:\W*)(?:(?:and|but|so) )?(?:what|why|how|who|whom|whose|which|when|where|isn|doesn|don|aren|wouldn|shouldn)\b/i;
      scene = asks.test(sentence) ? undefined : range;
      continue;
    }
    kept.push(scene === undefined ? range : { from: scene.from, to: range.to });
    scene = undefined;
  }
  return kept;
}

interface Tree {
  lead: Prose;
  items: Tree[];
}

/** Writes a lead-in and its items as one line of prose. */
function assemble(tree: Tree): { prose: Prose; root: Branch } {
  const builder = new ProseBuilder();
  const write = ({ lead, items }: Tree): Branch => {
    const from = builder.length;
    lead.appendTo(builder);
    const end = builder.length;
    const branches = items.map((item, i) => {
      if (builder.length > 0) {
        const joins = i === 0 && items.length > 0 ? !/[.!?:;,]$/.test(builder.last) : false;
        if (joins) builder.addSynthetic(":");
        else if (!/[.!?:;,]/.test(builder.last)) builder.addSynthetic(";");
        builder.addSynthetic(" ");
      }
      return write(item);
    });
    return { from, to: builder.length, lead: { from, to: end }, items: branches };
  };
  const root = write(tree);
  return { prose: builder.build(), root };
}
