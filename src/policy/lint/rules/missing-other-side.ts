import { equalLists } from "../../lists.ts";
import { isImperative } from "../../grammar.ts";
import type { Statement } from "../../statement.ts";
import type { Problem, Rule, Subject } from "../rule.ts";
import { gistOf } from "../words.ts";
import { openConditions } from "./open-condition.ts";

/**
 * A check that may fail, where only passing it is provided for: "If the form is complete, file it."
 * What then happens to the incomplete one does not go without saying.
 */
export const missingOtherSide: Rule = {
  severity: "information",
  *check(subject: Subject): Iterable<Problem> {
    yield* checksWithoutAnswer(subject);
    for (const { statement, text, neighbours } of openConditions(subject)) {
      if (!passed.test(text) || negative.test(text) || !isAct(statement)) continue;
      if (neighbours.some(speaksOfFailure)) continue;
      yield {
        start: statement.start,
        end: statement.end,
        message: `Nothing says what to do when this check fails: “${text}”.`,
      };
    }
  },
};

/** An order to check as the last item of a branch: "… and check if service is restored". */
const lastCheck =
  /\n[^\n]*\b(?<check>(?:check|see|verify|find out) (?:if|whether) (?<question>[^\n.;:?"”]+))[.]?$/i;

/** What the next statement begins with when it answers: "If still not resolved", "Once it works". */
const answers =
  /^(?:\W*)(?:otherwise|or else|(?:if|when|once|until|unless)\b[^:,]*\b(?:not|so|still|this|that|issues?|problems?|resolved|works?|persists?|fixed|fails?|no longer)\b)/i;

/** Nothing says what the result of a branch's last check leads to. */
function* checksWithoutAnswer({ prose, statements }: Subject): Iterable<Problem> {
  for (const [i, statement] of statements.entries()) {
    const { start, end, section, decision } = statement;
    const match = decision === undefined ? null : lastCheck.exec(prose.slice(start, end).trimEnd());
    if (match === null) continue;
    const { check, question } = match.groups as Record<"check" | "question", string>;
    const next = statements[i + 1];
    // At the end of a section the order of the document leads on.
    if (next === undefined || !equalLists(next.section, section)) continue;
    if (answers.test(next.text) || shareWord(next.text, question)) continue;
    const at = start + match.index + match[0].lastIndexOf(check);
    yield {
      start: at,
      end: at + check.length,
      message: `Nothing says what follows from this check: “${question.trim()}”.`,
    };
  }
}

/** A statement that has a word of the question may well be its answer. */
function shareWord(text: string, question: string): boolean {
  const { words } = gistOf(text);
  return [...gistOf(question).words].some((word) => words.has(word));
}

/** The condition is the result of looking at something. */
const passed =
  /(?:\b(?:is|are|was|were|has been|have been|looks?|seems?)|\bit['’]s)\b.*\b(?:correct(?:ly)?|complete(?:ly)?|valid|detailed|in order|successful(?:ly)?|verified|available|sufficient(?:ly)?|satisfactory|legitimate|restored|resolved|accurate|authentic|genuine|intact|legible|consistent|up to date|in stock|covered)\b|\b(?:match(?:es)?|succeeds?|passes|checks out|agrees? with)\b/i;

const negative = /\b(?:not|no|never|without|fails?|failed)\b|n['’]t\b/i;

/** Someone does something then; what someone may or gets needs no other side. */
function isAct({ decision }: Statement): boolean {
  const tree = decision!.tree;
  if (tree.kind !== "test" || tree.yes.kind !== "outcome") return false;
  const { text } = tree.yes;
  return (
    isImperative(text) ||
    /^(?:we|you|the \w+|they)(?:['’]ll| will| must| should| shall)? (?!(?:can|may|could|is|are|be|has|have|gets?|receives?)\b)/i.test(
      text,
    )
  );
}

/** Says something of a case that goes wrong: most likely this one. */
function speaksOfFailure({ category, text }: Statement): boolean {
  return (
    category.endsWith("conditional") &&
    /\b(?:otherwise|not|no|fails?|failed|cannot|unless|in(?:correct|complete|valid)|unable|un\w+able|still|missing|only)\b|n['’]t\b/i.test(
      text,
    )
  );
}
