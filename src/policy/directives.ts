import { frontMatterEnd } from "./front-matter-end.ts";
import { findHeadings } from "./headings.ts";
import { descendants, endOf, parseRegion, startOf } from "./markdown.ts";
import { Category, categories, type Span, type Statement } from "./statement.ts";

/** A comment of the author's that does nothing: `<!-- ingrain: behavoral -->`. */
export interface DirectiveProblem extends Span {
  kind: "unknown-category" | "unclosed" | "no-statement" | "overridden";
  /** One line that says what is wrong and what to do. */
  message: string;
}

/** What is meant as a directive, closed or not. Bounded: a line may have megabytes. */
const written =
  /<!--\s{0,99}ingrain\s{0,9}:\s{0,99}?(?<word>(?:\S[^\r\n]{0,99}?)?)\s{0,99}(?<close>-->|(?=[\r\n])|$)/gi;

/**
 * The directives that do nothing, and why. The statements tell of most directives that they were
 * taken; where one was not, its section is parsed again, to leave alone what stands in code.
 * @param statements as they were read from `source`.
 */
export function checkDirectives(
  source: string,
  statements: readonly Statement[],
): DirectiveProblem[] {
  const found = [...source.matchAll(written)].map(directiveOf);
  const doubtful = problemsOf(found, statements, []);
  if (doubtful.length === 0) return [];
  const headings = findHeadings(source);
  const matter = { start: 0, end: frontMatterEnd(source) };
  const edges = [matter.end, ...headings.map(({ start }) => start), source.length];
  const sections = edges.flatMap((start, i) => {
    const end = edges[i + 1] ?? start;
    const isDoubtful = doubtful.some((problem) => start <= problem.start && problem.start < end);
    return isDoubtful ? codeIn(source.slice(start, end), start) : [];
  });
  const code = [matter, ...sections];
  const real = found.filter(
    ({ start }) => !code.some((span) => span.start <= start && start < span.end),
  );
  return problemsOf(real, statements, headings);
}

interface Written extends Span {
  word: string;
  closed: boolean;
  /** Written as the parser takes it. */
  valid: boolean;
}

function directiveOf({ 0: text, index, groups }: RegExpExecArray): Written {
  const word = groups?.["word"] ?? "";
  const closed = groups?.["close"] !== "";
  const valid = /^<!--\s*ingrain:/.test(text) && closed && Category.safeParse(word).success;
  return { start: index, end: index + text.length, word, closed, valid };
}

function problemsOf(
  directives: readonly Written[],
  statements: readonly Statement[],
  headings: readonly Span[],
): DirectiveProblem[] {
  const problems: DirectiveProblem[] = [];
  const valid = directives.filter((directive) => directive.valid);
  const targetOf = ({ start }: Span) => statements.find(({ end }) => start < end);
  for (const { start, end, word, closed, valid: taken } of directives) {
    const add = (kind: DirectiveProblem["kind"], message: string) =>
      problems.push({ start, end, kind, message });
    if (!closed) add("unclosed", "This comment has no end: write --> after the category.");
    else if (!taken) add("unknown-category", unknown(word));
    else {
      const target = targetOf({ start, end });
      const next = valid.find((other) => other.start > start);
      const leaves = headings.some(
        (heading) => start < heading.start && heading.start < (target?.start ?? 0),
      );
      if (target === undefined || leaves) add("no-statement", noStatement);
      else if (next && targetOf(next) === target) {
        add("overridden", "The next comment speaks for the same statement: this one does nothing.");
      } else if (target.decidedBy !== "author") add("no-statement", noStatement);
    }
  }
  return problems;
}

const noStatement = "No statement follows in this section: this comment does nothing.";

function unknown(word: string): string {
  const all = `${categories.slice(0, -1).join(", ")} or ${categories.at(-1)!}`;
  const exact = categories.find((category) => category === word.toLowerCase());
  if (word === "") return `The category is missing: write ${all}.`;
  return exact === undefined
    ? `“${word}” is not a category: write ${all}.`
    : `Write exactly <!-- ingrain: ${exact} -->.`;
}

/** Where code stands in a section that begins at `base`. */
function codeIn(section: string, base: number): Span[] {
  // The parser would drop a byte order mark and shift every offset.
  return parseRegion(section.replace(/^\uFEFF/, " "))
    .blocks.flatMap((block) => [...descendants(block)])
    .filter(({ type }) => type === "code" || type === "inlineCode")
    .map((node) => ({ start: base + startOf(node), end: base + endOf(node) }));
}
