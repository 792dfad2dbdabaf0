import { z } from "zod";
import type { Statement } from "../../policy/statement.ts";
import type { RefusalReason } from "../dataset.ts";
import { normalizeAnswer } from "../normalize.ts";
import { contentWords } from "../wording.ts";
import type { ExamGuard } from "./exam-guard.ts";
import {
  negates,
  numbersIn,
  shareSaid,
  strangeLimit,
  strangeName,
  strangeNumber,
} from "./grounding.ts";
import { containsWord, type TaughtCase, type Task } from "./tasks.ts";

/** Characters in a row, or three times the statement, whichever is more. */
const longest = 700;
const text = z.string().trim().min(3);

const Paraphrase = z.object({ text });
const Question = z.object({ question: text, answer: z.string().trim().min(1) });
const Dialogue = z.object({ user: text, assistant: text });
const Scenario = z.object({ case: z.int(), user: text, outcome: z.string().trim().min(1) });

/** A row that passed every check, without what ties it to a dataset. */
export type Passed =
  | { kind: "paraphrase"; task: Task; text: string }
  | { kind: "question"; task: Task; question: string; answer: string }
  | { kind: "demonstration" | "counterfactual"; task: Task; user: string; assistant: string }
  | { kind: "scenario"; task: Task; user: string; taught: TaughtCase };

/** Why a row did not pass. */
export interface Failed {
  reason: RefusalReason;
  /** One line. */
  detail: string;
}

export type Checked = { passed: Passed } | { failed: Failed };

/** What a task's rows are held against, beside the task itself. */
export interface CheckContext {
  /** The policy's title: a name that rows may use. */
  title: string;
  guard: ExamGuard;
  /** What was taken already, as `normalizeAnswer` writes it; the row joins when it passes. */
  seen: Set<string>;
}

/**
 * Holds what a teacher wrote against what it was asked for: its shape, the statement's numbers, names,
 * conditions and negations, the decision tree, the exam, and the rows before it.
 */
export function checkRow(task: Task, row: unknown, context: CheckContext): Checked {
  const passed = read(task, row);
  if ("failed" in passed) return passed;
  const texts = textsOf(passed.passed);
  const whole = texts.join("\n");
  const failed =
    plain(whole, task) ??
    grounded(passed.passed, whole, context) ??
    faithful(passed.passed) ??
    apartFromExam(texts, task, context.guard);
  if (failed) return { failed };
  const key = normalizeAnswer(whole);
  if (context.seen.has(key)) return refuse("duplicate", "the same row came before");
  context.seen.add(key);
  return passed;
}

function fail(reason: RefusalReason, detail: string): Failed {
  return { reason, detail };
}

function refuse(reason: RefusalReason, detail: string): { failed: Failed } {
  return { failed: fail(reason, detail) };
}

/** The row in the shape that its kind has. */
function read(task: Task, row: unknown): Checked {
  const { kind } = task;
  const wrong = (error: z.ZodError) => {
    const [issue] = error.issues;
    const path = issue?.path.join(".") ?? "";
    return refuse("schema", `${path === "" ? "" : `${path}: `}${issue?.message ?? "not valid"}`);
  };
  switch (kind) {
    case "paraphrase": {
      const { data, error } = Paraphrase.safeParse(row);
      return error ? wrong(error) : { passed: { kind, task, ...data } };
    }
    case "question": {
      const { data, error } = Question.safeParse(row);
      return error ? wrong(error) : { passed: { kind, task, ...data } };
    }
    case "demonstration":
    case "counterfactual": {
      const { data, error } = Dialogue.safeParse(row);
      return error ? wrong(error) : { passed: { kind, task, ...data } };
    }
    case "scenario": {
      const { data, error } = Scenario.safeParse(row);
      if (error) return wrong(error);
      const taught = task.cases.find(({ number }) => number === data.case);
      if (!taught) return refuse("schema", `there is no case ${data.case}`);
      if (!Object.hasOwn(task.outcomes, data.outcome)) {
        return refuse("schema", `there is no outcome "${data.outcome.slice(0, 20)}"`);
      }
      if (data.outcome !== taught.outcome) {
        const { name, outcome } = taught;
        return refuse(
          "tree",
          `${name}'s case comes to ${outcome} by the tree, not ${data.outcome}`,
        );
      }
      return { passed: { kind, task, user: data.user, taught } };
    }
  }
}

export function textsOf(row: Passed): string[] {
  switch (row.kind) {
    case "paraphrase":
      return [row.text];
    case "question":
      return [row.question, row.answer];
    case "demonstration":
    case "counterfactual":
      return [row.user, row.assistant];
    case "scenario":
      return [row.user];
  }
}

/** Characters that hide or turn text round, and other controls than a line break. */
const unseen = /[^\P{Cc}\n\t]|[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
const markup = /<\/?[a-z!][^>]*>|```|\[[^\]]*\]\([^)]*\)|&(?:[a-z]+|#\d+);/i;
/** What our own rows are built with: a text that holds it would be read as another row. */
const marks = /^(?:Question|Answer|Reasoning):|\bs-[0-9a-z]{6,}\b|<\|/imu;

function plain(whole: string, { statement }: Task): Failed | undefined {
  const most = Math.max(longest, 3 * statement.text.length);
  if (whole.length > most) {
    return fail("length", `${whole.length} characters; ${most} are the most`);
  }
  if (unseen.test(whole)) return fail("markup", "it has invisible characters");
  for (const pattern of [markup, marks]) {
    const found = pattern.exec(whole)?.[0];
    if (found !== undefined && !statement.text.includes(found)) {
      return fail("markup", `it has ${quote(found)}`);
    }
  }
  return undefined;
}

const noCase = { told: [], name: "", about: "" };

/** No number, name or condition that the statement does not have. */
function grounded(
  row: Passed,
  whole: string,
  { title }: Pick<CheckContext, "title">,
): Failed | undefined {
  const { statement, kind } = row.task;
  const { told: facts, name: person, about } = row.kind === "scenario" ? row.taught : noCase;
  const told = [...facts, person, about];
  const rule = row.kind === "scenario" ? [] : [statement.text];
  const sources = [...rule, ...told, ...statement.section, title].join("\n");
  const number = strangeNumber(whole, [...rule, ...told].join("\n"));
  if (number !== undefined) return fail("number", `no source has the number ${number}`);
  const name = strangeName(whole, `${sources}\n${statement.text}`);
  if (name !== undefined) return fail("name", `no source has the name ${quote(name)}`);
  if (row.kind === "scenario") return undefined;
  const said = row.kind === "question" ? row.answer : whole;
  const chatty = kind === "demonstration" || kind === "counterfactual";
  const limit = strangeLimit(said, statement.text, !chatty && statement.decision === undefined);
  return limit === undefined ? undefined : fail("condition", `it adds ${limit}`);
}

/** The row says what the statement says. */
function faithful(row: Passed): Failed | undefined {
  const { statement } = row.task;
  const rule = statement.text;
  switch (row.kind) {
    case "paraphrase": {
      if (negates(rule) !== negates(row.text)) {
        const what = negates(rule) ? "loses the" : "adds a";
        return fail("polarity", `it ${what} negation or restriction`);
      }
      const lost = lostCondition(statement, row.text);
      if (lost !== undefined) return fail("condition", `it leaves out ${quote(lost)}`);
      const missing = [...numbersIn(rule)].find((number) => !numbersIn(row.text).has(number));
      if (missing !== undefined) return fail("number", `it leaves out ${missing}`);
      return meant(rule, row.text, 0.4);
    }
    case "question":
      return meant(rule, `${row.question} ${row.answer}`, 0.2) ?? supported(row.answer, rule);
    case "demonstration":
      return meant(rule, `${row.user} ${row.assistant}`, 0.3);
    case "counterfactual":
      if (!negates(row.assistant)) return fail("polarity", "the agent does not decline");
      return meant(rule, `${row.user} ${row.assistant}`, 0.3);
    case "scenario":
      return toldRightly(row.user, row.taught);
  }
}

/**
 * A condition of which a text says no word, those aside that it has in common with the others. What
 * stands in the sentence before ("otherwise") is not asked for.
 */
function lostCondition({ decision, text }: Statement, said: string): string | undefined {
  const conditions = decision?.conditions.map((condition) => condition.text) ?? [];
  return conditions.find((condition, index) => {
    const others = contentWords(conditions.toSpliced(index, 1).join("\n"));
    const own = contentWords(condition).filter((word) => !others.includes(word));
    const words = own.length === 0 ? condition : own.join(" ");
    return shareSaid(words, text) > 0 && shareSaid(words, said) === 0;
  });
}

function meant(rule: string, said: string, least: number): Failed | undefined {
  const share = shareSaid(rule, said);
  if (share >= least) return undefined;
  const percent = Math.round(share * 100);
  return fail(
    "meaning",
    `it says ${percent} % of the statement's words; ${least * 100} % are the least`,
  );
}

/** At least half of an answer's words are the statement's, and it denies nothing that this does not. */
function supported(answer: string, rule: string): Failed | undefined {
  const said = answer.replace(/^(?:yes|no)\b[\s,.!;:–—-]*/i, "");
  if (said === "") return fail("meaning", "the answer is a bare yes or no");
  if (shareSaid(said, rule) < 0.5) {
    return fail("meaning", "more than half of the answer is not in the statement");
  }
  return negates(answer) && !negates(rule)
    ? fail("polarity", "the answer adds a negation or restriction")
    : undefined;
}

/** The matter is named, and every fact is told, with its numbers, neither denied nor made up. */
function toldRightly(user: string, { told, about }: TaughtCase): Failed | undefined {
  if (shareSaid(about, user) === 0) {
    return fail("meaning", `it does not say that it is about ${quote(about)}`);
  }
  const left = told.find((fact) => shareSaid(fact, user) < 0.34);
  if (left !== undefined) return fail("condition", `it leaves out ${quote(left)}`);
  const numbers = numbersIn(user);
  const missing = [...numbersIn(told.join("\n"))].find((number) => !numbers.has(number));
  if (missing !== undefined) return fail("number", `it leaves out ${missing}`);
  if (!negates(about) && negates(told.join("\n")) !== negates(user)) {
    return fail("polarity", "it denies a fact of the case, or does not deny one");
  }
  return undefined;
}

function apartFromExam(
  texts: readonly string[],
  { avoid }: Task,
  guard: ExamGuard,
): Failed | undefined {
  const whole = texts.join("\n");
  const word = avoid.find((exam) => containsWord(whole, exam));
  if (word !== undefined) return fail("exam", `the exam has the word ${quote(word)}`);
  const item = texts.map((said) => guard.near(said)).find((near) => near !== undefined);
  return item === undefined ? undefined : fail("exam", `too near to exam item ${item}`);
}

function quote(said: string): string {
  const line = said.replace(/[\s\p{Cc}]+/gu, " ").trim();
  return `"${line.length > 60 ? `${line.slice(0, 59)}…` : line}"`;
}

/**
 * Why a text cannot stand in the place of a statement: it has to say the same, as a paraphrase does.
 * @returns one line; undefined when it can.
 */
export function checkRewording(
  statement: Statement,
  title: string,
  said: string,
): string | undefined {
  const asked = { kind: "paraphrase", statement, rows: 1 } as const;
  const task: Task = { ...asked, avoid: [], cases: [], outcomes: {}, round: 0 };
  const row: Passed = { kind: "paraphrase", task, text: said };
  const failed =
    plain(said, task) ??
    grounded(row, said, { title }) ??
    faithful(row) ??
    (normalizeAnswer(said) === normalizeAnswer(statement.text)
      ? fail("duplicate", "it is the statement as it stands")
      : undefined);
  return failed?.detail;
}
