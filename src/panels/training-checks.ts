import * as vscode from "vscode";
import type { Logger } from "../editor/logger.ts";
import { type Fix, preflight } from "../training/engines/trl/preflight.ts";
import type { NewTrlRun } from "../training/run-options.ts";
import type { RunState } from "../training/state.ts";
import { rayPreflight } from "../training/targets/ray/preflight.ts";
import type { Trainers } from "../training/trainers.ts";
import { type NextStep, tell } from "./reporting.ts";

/**
 * Pre-flight of a run: tells what is missing and offers the fix; asks where memory or time may not do.
 * @returns false when the run cannot start or the user wants to wait.
 */
export async function canTrain(
  run: NewTrlRun,
  trainers: Trainers,
  logger: Logger,
  fixes: Readonly<Record<Fix, NextStep>>,
): Promise<boolean> {
  const findings = run.ray
    ? await rayPreflight(run, run.ray, trainers)
    : await preflight(run, trainers);
  for (const { level, text } of findings) logger.info(`Pre-flight, ${level}: ${text}`);
  const of = (wanted: "error" | "warning") => findings.filter(({ level }) => level === wanted);
  const errors = of("error");
  if (errors.length > 0) {
    const fix = errors.find((finding) => finding.fix)?.fix;
    const text = errors.map((finding) => finding.text).join(" ");
    // Not awaited: the progress of the work ends now, the message stays.
    void tell("error", `Nothing was started. ${text}`, fix ? [fixes[fix]] : []);
    return false;
  }
  const warnings = of("warning");
  if (warnings.length === 0) return true;
  const train = "Train Anyway";
  const text = warnings.map((finding) => finding.text).join(" ");
  return (await vscode.window.showWarningMessage(text, train)) === train;
}

/**
 * Where memory was too small, a run can go on with a smaller batch and the same result.
 * @returns undefined when the user chose nothing.
 */
export async function chooseBatch({
  error,
}: RunState): Promise<{ batchSize?: number } | undefined> {
  const batchSize = error?.batchSize;
  if (batchSize === undefined) return {};
  const items = [
    { label: `With a batch size of ${batchSize}`, detail: "The result stays the same", batchSize },
    { label: "As it was", detail: "Where memory is free now", batchSize: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: "Resume the run" });
  return chosen && (chosen.batchSize === undefined ? {} : { batchSize });
}
