import type { Classifier, Verdict } from "./classifier.ts";
import { cut, type Passage } from "./cut.ts";
import { flatten } from "./flatten.ts";
import { readFrontMatter } from "./front-matter.ts";
import { hash, Identities } from "./identity.ts";
import { parseMarkdown, type Directive, type Markdown } from "./markdown.ts";
import { readPassage, type Reading } from "./reading.ts";
import { resolveReferences } from "./references.ts";
import { rulesClassifier } from "./rules.ts";
import { namesIn } from "./scope.ts";
import type { Decision, ParsedPolicy, Statement } from "./statement.ts";
import { countTokens, countWords, tokenizer } from "./tokens.ts";

export interface ParseOptions {
  /** The file's path: reported as it is, and its name is the title when the text has none. */
  path: string;
  /** Decides the categories; rules by default. */
  classifier?: Classifier;
}

/**
 * Reads a policy: cuts it into statements, decides their categories and reads the conditions of the
 * conditional ones. Pure and synchronous. It never throws, whatever the text; a text without
 * sentences gives no statements (see `requireStatements`).
 *
 * @param text the file without a byte order mark (see `decodePolicy`); offsets are UTF-16 code units
 * into it.
 */
export function parsePolicy(text: string, options: ParseOptions): ParsedPolicy {
  const { path, classifier = rulesClassifier } = options;
  const markdown = parseMarkdown(text);
  const passages = cut(markdown, text);
  return {
    version: 1,
    policy: {
      path,
      title: titleOf(text, markdown, path),
      sha256: hash(text),
      words: countWords(text),
      tokens: countTokens(text),
      tokenizer,
    },
    statements: resolveReferences(statementsOf(text, passages, markdown.directives, classifier)),
  };
}

function statementsOf(
  source: string,
  passages: readonly Passage[],
  directives: readonly Directive[],
  classifier: Classifier,
): Statement[] {
  const names = namesIn(passages.map(({ prose }) => prose.text));
  const identities = new Identities();
  const lineOf = lineCounter(source);
  const statements: Statement[] = [];
  let before: { passage: Passage; decision: Decision | undefined } | undefined;
  let directive = 0;
  for (const passage of passages) {
    const { prose, section } = passage;
    const span = prose.span({ from: 0, to: prose.text.length });
    if (span === undefined) continue;
    const same = before !== undefined && sameSection(before.passage, passage) ? before : undefined;
    const reading = readPassage(passage, same?.decision, names);
    let author: Directive | undefined;
    for (; (directives[directive]?.start ?? Infinity) < span.end; directive++) {
      const { start } = directives[directive]!;
      author = start >= passage.sectionStart ? directives[directive] : undefined;
    }
    const verdict: Verdict =
      author !== undefined
        ? {
            category: author.category,
            confidence: 1,
            decidedBy: "author",
            why: "the author’s comment",
          }
        : classifier.classify({
            text: prose.text,
            section,
            layout: passage.layout.kind,
            previous: same?.passage.prose.text,
            reading,
          });
    statements.push({
      id: identities.next(section, prose.text),
      category: verdict.category,
      ...span,
      line: lineOf(span.start),
      section,
      text: prose.text,
      confidence: verdict.confidence,
      decidedBy: verdict.decidedBy,
      why: verdict.why,
      ...decisionOf(verdict, reading),
    });
    before = { passage, decision: reading?.decision };
  }
  return statements;
}

/** Only conditionals carry a decision; one whose conditions could not be read carries none. */
function decisionOf({ category }: Verdict, reading: Reading | undefined): { decision?: Decision } {
  const conditional = category === "simple-conditional" || category === "complex-conditional";
  return conditional && reading !== undefined ? { decision: reading.decision } : {};
}

function sameSection(a: Passage, b: Passage): boolean {
  return (
    a.section.length === b.section.length && a.section.every((part, i) => part === b.section[i])
  );
}

function titleOf(text: string, { root }: Markdown, path: string): string {
  const { title } = readFrontMatter(text);
  if (title !== undefined) return title;
  const heading = root.children.find((node) => node.type === "heading");
  const words = heading === undefined ? "" : flatten(heading, text).text;
  if (words !== "") return words;
  const file = path.split(/[\\/]/).at(-1) ?? "";
  return file.replace(/\.(?:md|markdown|txt)$/i, "") || "Untitled policy";
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
