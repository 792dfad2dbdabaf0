import * as vscode from "vscode";
import type { Logger } from "../editor/logger.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import { describeFileError } from "../training/file-errors.ts";

/** A button of a message, and what it does. */
export type NextStep = readonly [label: string, step: () => unknown];

/**
 * Does what the user asked for. An error becomes one notification: what happened, what was kept,
 * and the next steps as buttons; the stack trace goes to the log only.
 */
export async function attempt(
  what: string,
  logger: Logger & { show(): void },
  action: () => Promise<void>,
  { kept, steps = [] }: { kept?: string; steps?: readonly NextStep[] } = {},
): Promise<void> {
  try {
    await action();
  } catch (error) {
    const wrong = error instanceof InputError;
    const message = messageOf(error);
    if (wrong) logger.warn(`${what}: ${message}`);
    else logger.error(error instanceof Error ? error : String(error));
    const parts = [
      `${what}: ${sentence(describeFileError(error) ?? message)}`,
      wrong && error.hint !== undefined ? sentence(error.hint) : undefined,
      kept,
    ];
    const buttons: NextStep[] = [...steps, ...(wrong ? [] : [showLog(logger)])];
    await tell("error", parts.filter((part) => part !== undefined).join(" "), buttons);
  }
}

const showLog = (logger: { show(): void }): NextStep => ["Show Log", () => logger.show()];

const sentence = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

/**
 * The manifest only hides a command where nothing may run: key bindings and other extensions reach
 * it all the same.
 * @throws InputError in a workspace that the user does not trust.
 */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw new InputError("This workspace is not trusted.");
}

/** Shows a notification and does what its button says. */
export async function tell(
  level: "information" | "error",
  text: string,
  steps: readonly NextStep[] = [],
): Promise<void> {
  const labels = steps.map(([label]) => label);
  const chosen = await (level === "information"
    ? vscode.window.showInformationMessage(text, ...labels)
    : vscode.window.showErrorMessage(text, ...labels));
  await steps.find(([label]) => label === chosen)?.[1]();
}

/** A notification for as long as the task takes, with what it reports. */
export function withProgress<T>(
  title: string,
  task: (report: (message: string) => void) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title };
  return Promise.resolve(
    vscode.window.withProgress(options, (progress) =>
      task((message) => progress.report({ message })),
    ),
  );
}
