import * as vscode from "vscode";
import type { Logger } from "../editor/logger.ts";
import { setUpEnvironment } from "../training/engines/trl/environment.ts";
import { environmentFolder, trlFiles } from "../training/trainers.ts";

/**
 * *Set Up Training Environment*: in a notification with what goes on and a way to end it.
 * @returns the interpreter; undefined when the user ended it.
 */
export async function setUpTraining(trainer: string, logger: Logger): Promise<string | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: "Setting up the training environment",
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      return await setUpEnvironment({
        folder: environmentFolder(),
        requirements: trlFiles({ trainer }).requirements,
        signal: stop.signal,
        report: (line) => {
          logger.info(line);
          progress.report({ message: line.slice(0, 80) });
        },
      });
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    }
  });
}
