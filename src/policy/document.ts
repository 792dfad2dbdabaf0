import { baseOf, Blocks, type Block, type Edit } from "./blocks.ts";
import type { Classifier, ClassifierInput, Verdict } from "./classifier.ts";
import { cutBlock, type Heading, type Passage, type Piece } from "./cut.ts";
import { readFrontMatter } from "./front-matter.ts";
import { hash, Identities } from "./identity.ts";
import { equalLists } from "./lists.ts";
import { AskedNames, Names, namesIn } from "./names.ts";
import { endOf, startOf } from "./markdown.ts";
import { readPassage, type Reading } from "./reading.ts";
import { resolveReferences, Sections } from "./references.ts";
import { rulesClassifier } from "./rules.ts";
import { moveDecision } from "./tree.ts";
import type { Category, Decision, ParsedPolicy, Statement } from "./statement.ts";
import { countTokens, countWords, tokenizer } from "./tokens.ts";

export interface DocumentOptions {
  /** The file's path: reported as it is, and its name is the title when the text has none. */
  path: string;
  /** Decides the categories; rules by default. */
  classifier?: Classifier;
  /** How much is read before others get a turn, in UTF-16 code units; small ones are for tests. */
  window?: number;
}

/** The pieces of a block, and the neighbours that they depend on. */
interface Cut {
  before: Block | undefined;
  shift: number;
  next: string | undefined;
  pieces: Piece[];
}

/** What a passage was read to say, and what that depends on. */
interface Known {
  previous: Decision | undefined;
  /** How far the previous passage's offsets were off. */
  shift: number;
  asked: AskedNames;
  reading: Reading | undefined;
  input: ClassifierInput;
  verdict: Verdict;
  /** What its id is made from. */
  key: string;
  /** The decision with its references, and in its place, and what both depend on. */
  resolved?: { sections: Sections; decision: Decision };
  placed?: { base: number; resolved: Decision; decision: Decision };
}

/** A passage in its place. */
interface Placed {
  passage: Passage;
  base: number;
  section: readonly string[];
  sectionStart: number;
}

/**
 * A policy that is being written: its statements, and after an edit only as much work as the edit
 * makes. Loading and editing are generators that yield when a slice of work is done, so that a
 * caller can give others a turn; `parsed` tells how the text stands when they are done. One must be
 * done before the next begins.
 */
export class PolicyDocument {
  readonly #path: string;
  readonly #classifier: Classifier;
  readonly #blocks: Blocks;
  readonly #cuts = new WeakMap<Block, Cut>();
  readonly #counts = new WeakMap<Block, { text: string; tokens: number; words: number }>();
  readonly #names = new Names();
  #named = new Map<Passage, string[]>();
  readonly #known = new WeakMap<Passage, Known>();
  readonly #statementOf = new WeakMap<Passage, Statement>();
  readonly #pace = new Pace();
  readonly #ids = new Map<string, string>();
  #sections: { key: string; value: Sections } | undefined;
  #placed: readonly Placed[] = [];
  #parsed: ParsedPolicy | undefined;

  constructor({ path, classifier = rulesClassifier, window }: DocumentOptions) {
    this.#path = path;
    this.#classifier = classifier;
    this.#blocks = new Blocks(window);
  }

  get text(): string {
    return this.#blocks.text;
  }

  /** How the text stood when the last load or edit was done. */
  get parsed(): ParsedPolicy {
    if (this.#parsed === undefined) throw new Error("The document is not loaded.");
    return this.#parsed;
  }

  /** Reads a text from scratch. */
  *load(text: string): Generator<void, void> {
    yield* this.#blocks.load(text);
    yield* this.#read();
  }

  /** Takes edits of the text that is loaded, each as the one before it left the text. */
  *edit(edits: Edit | readonly Edit[]): Generator<void, void> {
    for (const edit of [edits].flat()) {
      yield* this.#blocks.edit(edit);
      yield;
    }
    yield* this.#read();
  }

  /** Asks the classifier again, which may know better meanwhile; the text is as it was. */
  *review(): Generator<void, void> {
    for (const { passage } of this.#placed) {
      const known = this.#known.get(passage);
      if (known === undefined) continue;
      const verdict = this.#classifier.classify(known.input);
      if (this.#pace.spend(1)) yield;
      if (isSame(verdict, known.verdict)) continue;
      known.verdict = verdict;
      this.#statementOf.delete(passage);
    }
    this.#parsed = { ...this.parsed, statements: yield* this.#statements(this.#placed) };
  }

  *#read(): Generator<void, void> {
    const placed = yield* this.#place();
    this.#placed = placed;
    yield* this.#learnNames(placed);
    const statements = yield* this.#statements(placed);
    this.#parsed = { version: 1, policy: yield* this.#policy(), statements };
  }

  /** Every passage of the text under its headings; blocks that are as they were are not cut again. */
  *#place(): Generator<void, Placed[]> {
    const placed: Placed[] = [];
    let headings: Heading[] = [];
    let section: readonly string[] = [];
    let sectionStart = 0;
    const { list } = this.#blocks;
    for (const [i, block] of list.entries()) {
      const base = baseOf(block);
      const { pieces, fresh } = this.#cut(block, list[i - 1], list[i + 1]);
      if (fresh && this.#pace.spend(lengthOf(block))) yield;
      for (const piece of pieces) {
        if (piece.kind === "heading") {
          const { heading } = piece;
          headings = [...headings.filter(({ depth }) => depth < heading.depth), heading];
          section = headings.map(({ text }) => text);
          sectionStart = base + heading.end;
        } else placed.push({ passage: piece.passage, base, section, sectionStart });
      }
    }
    return placed;
  }

  #cut(block: Block, before: Block | undefined, next: Block | undefined) {
    if (block.node === undefined) return { pieces: [], fresh: false };
    const neighbour = before?.node === undefined ? undefined : before;
    const shift = neighbour === undefined ? 0 : baseOf(neighbour) - baseOf(block);
    const type = next?.node?.type;
    const known = this.#cuts.get(block);
    if (known?.before === neighbour && known?.shift === shift && known.next === type)
      return { pieces: known.pieces, fresh: false };
    const lead =
      neighbour?.node === undefined
        ? undefined
        : { node: neighbour.node, source: neighbour.source, shift };
    const pieces = cutBlock({ node: block.node, source: block.source }, lead, next?.node);
    this.#cuts.set(block, { before: neighbour, shift, next: type, pieces });
    return { pieces, fresh: true };
  }

  *#learnNames(placed: readonly Placed[]): Generator<void, void> {
    const named = new Map<Passage, string[]>();
    for (const { passage } of placed) {
      const known = this.#named.get(passage);
      const names = known ?? namesIn(passage.prose.text);
      named.set(passage, names);
      if (known !== undefined) continue;
      this.#names.add(names);
      if (this.#pace.spend(passage.prose.text.length)) yield;
    }
    for (const [passage, names] of this.#named) if (!named.has(passage)) this.#names.remove(names);
    this.#named = named;
  }

  *#statements(placed: readonly Placed[]): Generator<void, Statement[]> {
    const identities = new Identities(this.#ids);
    const sections = this.#sectionsOf(placed);
    const lineOf = lineCounter(this.text);
    const directives = this.#blocks.list.flatMap(({ start, directives }) =>
      directives.map((each) => ({ category: each.category, start: start + each.start })),
    );
    const statements: Statement[] = [];
    let before: Placed | undefined;
    let next = 0;
    for (const place of placed) {
      const { passage, base, section, sectionStart } = place;
      const { text } = passage.prose;
      const span = passage.prose.span({ from: 0, to: text.length });
      if (span === undefined) continue;
      const start = base + span.start;
      const end = base + span.end;
      let author: Category | undefined;
      for (; (directives[next]?.start ?? Infinity) < end; next++) {
        const directive = directives[next]!;
        author = directive.start >= sectionStart ? directive.category : undefined;
      }
      const { known, fresh } = this.#knownOf(place, before);
      if (fresh && this.#pace.spend(text.length)) yield;
      const { verdict, reading, key } = known;
      const id = identities.next(key);
      const category = author ?? verdict.category;
      const decision =
        isConditional(category) && reading !== undefined
          ? this.#decision(known, reading, place, sections)
          : undefined;
      const line = lineOf(start);
      const decided = author === undefined ? decidedBy(verdict) : decidedByAuthor;
      // What stands before an edit stays the same object.
      const old = fresh ? undefined : this.#statementOf.get(passage);
      const same =
        old?.id === id &&
        old.start === start &&
        old.line === line &&
        old.category === category &&
        old.decidedBy === decided.decidedBy &&
        old.decision === decision;
      const statement = same
        ? old
        : {
            id,
            category,
            start,
            end,
            line,
            section: [...section],
            text,
            ...decided,
            ...(decision === undefined ? {} : { decision }),
          };
      if (!same) this.#statementOf.set(passage, statement);
      statements.push(statement);
      before = place;
    }
    return statements;
  }

  /** What a passage says, read anew only when something that it depends on has changed. */
  #knownOf(place: Placed, before: Placed | undefined): { known: Known; fresh: boolean } {
    const { passage, base, section } = place;
    const same = before !== undefined && equalLists(before.section, section) ? before : undefined;
    const previous = same && this.#known.get(same.passage)?.reading?.decision;
    const shift = previous === undefined ? 0 : same!.base - base;
    const old = this.#known.get(passage);
    const read = old?.previous === previous && old?.shift === shift && old.asked.hold;
    const asked = read ? old.asked : new AskedNames(this.#names);
    const reading = read
      ? old.reading
      : readPassage(passage, previous && moveDecision(previous, shift), asked);
    const input: ClassifierInput = {
      text: passage.prose.text,
      section,
      layout: passage.layout.kind,
      previous: same?.passage.prose.text,
      reading,
    };
    if (read && old.input.previous === input.previous && equalLists(old.input.section, section))
      return { known: old, fresh: false };
    const verdict = this.#classifier.classify(input);
    const key = Identities.key(section, input.text);
    const known = { previous, shift, asked, reading, input, verdict, key };
    this.#known.set(passage, known);
    return { known, fresh: true };
  }

  #sectionsOf(placed: readonly Placed[]): Sections {
    const paths = placed
      .map(({ section }) => section)
      .filter((path, i, all) => path !== all[i - 1]);
    const key = JSON.stringify(paths);
    if (this.#sections?.key !== key) this.#sections = { key, value: new Sections(paths) };
    return this.#sections.value;
  }

  /** A decision with its offsets and references in the document. */
  #decision(known: Known, { decision }: Reading, { base, section }: Placed, sections: Sections) {
    if (known.resolved?.sections !== sections) {
      known.resolved = { sections, decision: resolveReferences(decision, section, sections) };
    }
    const resolved = known.resolved.decision;
    if (known.placed?.base !== base || known.placed.resolved !== resolved) {
      known.placed = { base, resolved, decision: moveDecision(resolved, base) };
    }
    return known.placed.decision;
  }

  *#policy(): Generator<void, ParsedPolicy["policy"]> {
    const { list, text } = this.#blocks;
    let words = 0;
    let tokens = 0;
    for (const [i, block] of list.entries()) {
      const own = text.slice(block.start, list[i + 1]?.start ?? text.length);
      let counts = this.#counts.get(block);
      if (counts?.text !== own) {
        counts = { text: own, tokens: countTokens(own), words: countWords(own) };
        this.#counts.set(block, counts);
        if (this.#pace.spend(own.length)) yield;
      }
      words += counts.words;
      tokens += counts.tokens;
    }
    let sha256: string | undefined;
    return {
      path: this.#path,
      title: this.#title(),
      // Hashing costs more than all the rest of an edit, and few ask for it.
      get sha256() {
        return (sha256 ??= hash(text));
      },
      words,
      tokens,
      tokenizer,
    };
  }

  #title(): string {
    const { title } = readFrontMatter(this.text);
    if (title !== undefined) return title;
    for (const block of this.#blocks.list) {
      if (block.node?.type !== "heading") continue;
      const [piece] = this.#cuts.get(block)?.pieces ?? [];
      if (piece?.kind === "heading" && piece.heading.text !== "") return piece.heading.text;
      break;
    }
    const file = this.#path.split(/[\\/]/).at(-1) ?? "";
    return file.replace(/\.(?:md|markdown|txt)$/i, "") || "Untitled policy";
  }
}

/** Tells when it is time to give others a turn. */
class Pace {
  #left = slice;

  /** @param units how much was read, in UTF-16 code units. */
  spend(units: number): boolean {
    this.#left -= units;
    if (this.#left > 0) return false;
    this.#left = slice;
    return true;
  }
}

/** How much is read between two turns of others, in UTF-16 code units. */
const slice = 500;

function lengthOf({ node }: Block): number {
  return node === undefined ? 0 : endOf(node) - startOf(node);
}

function isSame(a: Verdict, b: Verdict): boolean {
  return a.category === b.category && a.confidence === b.confidence && a.why === b.why;
}

const decidedByAuthor = {
  confidence: 1,
  decidedBy: "author",
  why: "the author’s comment",
} as const;

function decidedBy({ confidence, decidedBy, why }: Verdict) {
  return { confidence, decidedBy, why };
}

/** Only conditionals carry a decision; one whose conditions could not be read carries none. */
function isConditional(category: Category): boolean {
  return category === "simple-conditional" || category === "complex-conditional";
}

/** Line numbers (1-based) for offsets that only grow. */
function lineCounter(source: string): (offset: number) => number {
  const breaks = /\r\n|\n|\r/g;
  let line = 1;
  let next = breaks.exec(source);
  return (offset) => {
    while (next !== null && next.index + next[0].length <= offset) {
      line++;
      next = breaks.exec(source);
    }
    return line;
  };
}
