import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { ActivePolicy } from "../editor/active-policy.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";
import { type Placed, placeMarks } from "../policy/mark.ts";
import { categoryWord, counted } from "../protocol/words.ts";
import type { Doubt, Opinion } from "../synthesis/opinion-prompt.ts";
import {
  doubtsOf,
  estimateTokens,
  proposalsOf,
  refine,
  type Refinement,
  unanswered,
} from "../synthesis/refine.ts";
import { TeacherError, type TeacherPort } from "../synthesis/teacher.ts";
import { LanguageModelTeacher } from "./language-model.ts";
import { attempt, requireTrust, tell } from "./reporting.ts";

export interface RefinementOptions {
  policies: PolicyDocuments;
  active: ActivePolicy;
  logger: Logger & { show(): void };
}

const defaultBelow = 0.8;

/**
 * *Refine Statements with a Language Model*: asks about the statements that were decided with little
 * confidence, and shows what it would change in the Refactor Preview; nothing is written before the
 * user applies it there.
 */
export async function refineStatements(options: RefinementOptions): Promise<void> {
  const { policies, active, logger } = options;
  await attempt("The statements were not refined", logger, async () => {
    requireTrust();
    const document = active.document;
    const reading = document && (await policies.readRefined(document));
    if (!reading) throw new InputError("No policy is open.", "Open one and try again.");
    const below = vscode.workspace
      .getConfiguration(undefined, document)
      .get<number>(Setting.refineBelow, defaultBelow);
    const doubts = doubtsOf(reading.parsed, below);
    if (doubts.length === 0) {
      const percent = Math.round(below * 100);
      await tell(
        "information",
        `No statement was decided with less than ${percent} % confidence, so there is nothing to ask.`,
      );
      return;
    }
    const { title } = reading.parsed.policy;
    const teacher = await chooseTeacher(title, doubts);
    if (!teacher) return;
    const refinement = await ask(teacher, title, doubts);
    if (!refinement) return;
    log(logger, teacher, refinement);
    await review(document, proposalsOf(refinement), refinement, options);
  });
}

async function chooseTeacher(
  title: string,
  doubts: readonly Doubt[],
): Promise<TeacherPort | undefined> {
  const models = await vscode.lm.selectChatModels();
  if (models.length === 0) {
    throw new InputError(
      "VS Code has no language model.",
      "Install an extension that brings one, such as GitHub Copilot Chat, sign in there and try again.",
    );
  }
  const statements = counted(doubts.length, "statement");
  const tokens = estimateTokens(title, doubts).toLocaleString("en");
  // Also for a single model: this is where the user sees what it costs, and may leave.
  const chosen = await vscode.window.showQuickPick(
    models.map((model) => ({ label: model.name, description: model.vendor, model })),
    {
      title: `Ask which model about ${statements}?`,
      placeHolder: `Sends them to the model's provider, about ${tokens} tokens in all`,
    },
  );
  const why = "Ingrain asks it what the statements of your policy are.";
  return chosen && new LanguageModelTeacher(chosen.model, why);
}

/** @returns undefined when the user cancelled. */
async function ask(
  teacher: TeacherPort,
  title: string,
  doubts: readonly Doubt[],
): Promise<Refinement | undefined> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: `Asking ${teacher.name} about ${counted(doubts.length, "statement")}`,
    cancellable: true,
  };
  try {
    return await vscode.window.withProgress(progress, async (reporter, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return await refine(teacher, title, doubts, controller.signal, (asked) =>
        reporter.report({ message: `${asked} of ${doubts.length}` }),
      );
    });
  } catch (error) {
    if (!(error instanceof TeacherError)) throw error;
    if (error.kind === "cancelled") return undefined;
    throw new InputError(error.message, "Nothing was changed.");
  }
}

async function review(
  document: vscode.TextDocument,
  proposals: readonly Opinion[],
  refinement: Refinement,
  { policies }: RefinementOptions,
): Promise<void> {
  const reading = await policies.readRefined(document);
  if (!reading || document.isClosed) throw new InputError("The policy was closed meanwhile.");
  // The user may have written on while the model was asked: ids tell which statements stayed.
  const now = new Map(reading.parsed.statements.map((statement) => [statement.id, statement]));
  const marks = proposals.flatMap((proposal) => {
    const statement = now.get(proposal.statement.id);
    const same = statement?.text === proposal.statement.text && statement.decidedBy !== "author";
    return same ? [{ ...proposal, statement }] : [];
  });
  const { trialReader } = await import("../editor/reader.ts");
  const { placed, unplaced } = await placeMarks(
    document.getText(),
    reading.parsed.statements,
    marks,
    trialReader(reading.parsed.policy.path, policies.classifierOf(document)),
  );
  if (document.version !== reading.version) {
    throw new InputError("The policy changed meanwhile.", "Nothing was changed. Try again.");
  }
  const notes = notesOn(refinement, unplaced.length);
  if (placed.length === 0) {
    const said = sayWithoutProposals(refinement, proposals.length);
    await tell("information", [said, ...notes].join(" "));
    return;
  }
  if (notes.length > 0) void tell("information", notes.join(" "));
  await vscode.workspace.applyEdit(editOf(document, placed), { isRefactoring: true });
}

function sayWithoutProposals({ opinions }: Refinement, proposals: number): string {
  if (opinions.length === 0) return "The model gave no usable answer.";
  if (proposals > 0)
    return "None of the model's proposals can be shown in the policy as it is now.";
  return `The model agrees with the category of ${counted(opinions.length, "statement")}.`;
}

/** Every insertion waits for the user in the Refactor Preview. */
function editOf(
  document: vscode.TextDocument,
  placed: readonly Placed<Opinion>[],
): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { mark, insertion } of placed) {
    const { statement, category, why } = mark;
    edit.insert(document.uri, document.positionAt(insertion.offset), insertion.text, {
      needsConfirmation: true,
      label: `${categoryWord[statement.category]} → ${categoryWord[category]}`,
      description: why === "" ? statement.text : why,
    });
  }
  return edit;
}

function notesOn(refinement: Refinement, unplaced: number): string[] {
  const { stopped, rejected } = refinement;
  const without = unanswered(refinement).length;
  return [
    ...(stopped ? [`${stopped.message} What was answered before is shown.`] : []),
    ...(without > 0
      ? [`${counted(without, "statement")} got no usable answer: ${rejected[0]!.reason}.`]
      : []),
    ...(unplaced > 0
      ? [`${counted(unplaced, "proposal")} left out: there is no place for a comment there.`]
      : []),
  ];
}

function log(logger: Logger, teacher: TeacherPort, refinement: Refinement): void {
  const { prompt, completion } = refinement.usage;
  logger.info(
    `${teacher.model}: ${refinement.opinions.length} opinions for ${prompt} + ${completion} tokens`,
  );
  for (const { reason, statements } of refinement.rejected) {
    logger.warn(
      `${teacher.model}: not taken: ${reason} (${counted(statements.length, "statement")})`,
    );
  }
}
