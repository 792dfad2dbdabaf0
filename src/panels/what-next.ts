import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import { diagnosticSource } from "../editor/lint-diagnostics.ts";
import { outcomeOf } from "../editor/score-words.ts";
import type { PolicyDocuments, PolicyReading } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";
import type { Statement } from "../policy/statement.ts";
import { counted } from "../protocol/words.ts";
import { nextSteps, type Unlearned } from "../workspace/next-steps.ts";
import type { RunResults } from "../workspace/run-results.ts";
import { scoreStatements } from "../workspace/statement-scores.ts";
import { describeCauses, markOf } from "./cause-words.ts";
import { tell } from "./reporting.ts";
import type { Results } from "./results.ts";

/** What can be done about a statement. */
export interface Remedies {
  showRows(statement: Statement): Promise<void>;
  moreRows(statement: Statement): Promise<void>;
  reword(statement: Statement): Promise<void>;
  /** By the id that the run's dataset has. */
  showQuestions(id: string): Promise<void>;
  internalize(): Promise<void>;
}

const sureFrom = 0.8;

/**
 * *What to Do Next*: the statements that a run did not learn, the costliest first, with the likely
 * cause, and what can be done about the one that is picked.
 * @param run whose results count; those that show in the policy where it is left out.
 */
export async function whatToDoNext(
  document: vscode.TextDocument,
  { policies, results }: { policies: PolicyDocuments; results: Results },
  remedies: Remedies,
  run?: RunResults,
): Promise<void> {
  const reading = await policies.readRefined(document);
  if (!reading) throw new InputError("The file is not read as a policy.");
  const found = run ?? (await results.run(document.uri));
  if (!found) {
    await tell("information", "No run on this policy has finished yet.", [
      ["Internalize Policy", () => remedies.internalize()],
    ]);
    return;
  }
  const board = scoreStatements(found, reading.parsed.statements);
  const { rows, manifest } = await results.results(document.uri);
  const steps = nextSteps({
    board,
    statements: reading.parsed.statements,
    isLearned: (score) => outcomeOf(score) === "learned",
    findings: findingsOn(document),
    ...(rows && manifest && { dataset: { rows, manifest } }),
    sureFrom: vscode.workspace
      .getConfiguration(undefined, document)
      .get<number>(Setting.refineBelow, sureFrom),
  });
  if (steps.length === 0) {
    await tell(
      "information",
      `The run ${found.id} learned every statement that it was asked about.`,
    );
    return;
  }
  const step = await pickStatement(steps, found, reading);
  if (step) await pickRemedy(step, document, remedies);
}

/** What the linter shows, also of statements that the coverage leaves out. */
function findingsOn(document: vscode.TextDocument) {
  return vscode.languages
    .getDiagnostics(document.uri)
    .filter(({ source }) => source === diagnosticSource)
    .map(({ range, message }) => ({
      start: document.offsetAt(range.start),
      end: document.offsetAt(range.end),
      message: message.replace(/\s+/g, " ").replace(/\.$/, ""),
    }));
}

async function pickStatement(
  steps: readonly Unlearned[],
  run: RunResults,
  { parsed }: PolicyReading,
): Promise<Unlearned | undefined> {
  const items = steps.map((step) => ({
    label: `${markOf(step)}  ${step.statement.text}`,
    description: `line ${step.statement.line}`,
    detail: describeCauses(step),
    step,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: `What to Do Next: ${counted(steps.length, "statement")} of ${parsed.statements.length} not learned`,
    placeHolder: `What cost most in the run ${run.id} is first`,
    matchOnDetail: true,
  });
  return picked?.step;
}

async function pickRemedy(
  step: Unlearned,
  document: vscode.TextDocument,
  remedies: Remedies,
): Promise<void> {
  const { statement, score } = step;
  const items = [
    {
      label: "$(go-to-file) Reveal in Policy",
      detail: describeCauses(step),
      act: () => revealStatement(document, statement),
    },
    ...(score && !score.stale
      ? [
          {
            label: "$(beaker) Show Its Questions",
            detail: `${counted(step.wrong, "wrong answer")} in the Test Explorer`,
            act: () => remedies.showQuestions(score.id),
          },
        ]
      : []),
    {
      label: "$(add) More Rows",
      detail: "Makes the dataset anew with more rows for this statement; all other rows stay",
      act: () => remedies.moreRows(statement),
    },
    {
      label: "$(edit) Reword",
      detail: "Another wording by the language model that is the teacher; without one, by hand",
      act: () => remedies.reword(statement),
    },
    {
      label: "$(table) Show Rows",
      detail: "The rows of the newest dataset that come from it",
      act: () => remedies.showRows(statement),
    },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: statement.text,
    placeHolder: "What to do about this statement?",
  });
  await picked?.act();
}

/** Selects a statement in its editor. */
export async function revealStatement(
  document: vscode.TextDocument,
  { start, end }: Pick<Statement, "start" | "end">,
): Promise<vscode.TextEditor> {
  const selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const editor = await vscode.window.showTextDocument(document, { selection });
  editor.revealRange(selection, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  return editor;
}
