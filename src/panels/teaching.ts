import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import { InputError } from "../policy/errors.ts";
import type { Teacher } from "../synthesis/dataset.ts";
import { endpoint, isUnencrypted } from "../synthesis/openai-endpoint.ts";
import { OpenAiTeacher } from "../synthesis/openai-teacher.ts";
import { TeacherError, type TeacherPort } from "../synthesis/teacher.ts";
import { describeEstimate, type Prices } from "../synthesis/teaching/cost.ts";
import { LanguageModelTeacher } from "./language-model.ts";
import { withProgress } from "./reporting.ts";
import { estimateInWorker, type MadeDataset, planTeller, synthesizeInWorker } from "./synthesis.ts";
import type { SynthesisJob } from "./synthesis-job.ts";
import type { TeacherKey } from "./teacher-key.ts";

export interface TeachingOptions {
  /** Path of the bundled `synthesizer.js`. */
  program: string;
  job: Omit<SynthesisJob, "teacher" | "estimate">;
  key: TeacherKey;
  logger: Logger;
}

/** How the user is asked which model is the teacher, where VS Code has several. */
export interface TeacherQuestion {
  /** The command's title. */
  title: string;
  placeHolder: string;
  /** What the model's provider is told of the first use. */
  why: string;
}

/** What the user reads while a teacher is chosen, asked and stopped. */
interface Words extends TeacherQuestion {
  progress: string;
  /** What goes on after a stop. */
  again: string;
  /** What is done without the teacher; absent where nothing can be. */
  alone?: string;
}

const forRows = {
  placeHolder: "Which model writes rows? What it will use shows before it is asked.",
  why: "Ingrain asks it to write training data from the statements of your policy.",
};
const synthesizing: Words = {
  ...forRows,
  title: "Synthesize Dataset",
  progress: "Synthesizing the dataset",
  again: "Synthesize Dataset",
  alone: "Use the grammar alone",
};
const regenerating: Words = {
  ...forRows,
  title: "Regenerate",
  progress: "Making other rows",
  again: "Regenerate",
};

export interface Chosen {
  kind: Exclude<Teacher, "none">;
  port: TeacherPort;
  /** Unknown for the models of VS Code, which are paid for otherwise. */
  prices: Prices | undefined;
  /** How the command line would name it. */
  named: string[];
  /** What else to know before agreeing; begins with a space. */
  note: string;
}

/**
 * Makes a dataset with the teacher that the settings name, after the user has seen what it will use.
 * @returns undefined when the user left.
 */
export function synthesizeWithTeacher(options: TeachingOptions): Promise<MadeDataset | undefined> {
  return withTeacher(options, synthesizing);
}

/**
 * Makes other rows in a dataset that is there, as the job says.
 * @param taught whether a teacher wrote some of them: then it is asked for others, and its use
 * shows before.
 * @returns undefined when the user left.
 */
export function regenerateRows(
  options: TeachingOptions,
  taught: boolean,
): Promise<MadeDataset | undefined> {
  if (!taught) return alone(options, regenerating);
  const ofStatement = options.job.regenerate && "statement" in options.job.regenerate.target;
  const words = { ...regenerating, ...(ofStatement && { alone: "Only the grammar's rows" }) };
  return withTeacher(options, words);
}

async function withTeacher(
  options: TeachingOptions,
  words: Words,
): Promise<MadeDataset | undefined> {
  const { program, job } = options;
  const settings = vscode.workspace.getConfiguration(undefined, vscode.Uri.file(job.policy));
  const chosen = await chooseTeacher(settings, options.key, words);
  if (chosen === "none") return alone(options, words);
  if (!chosen) return undefined;
  const { kind, port } = chosen;
  const concurrency = settings.get<number>(Setting.teacherConcurrency, 4);
  const taught = {
    ...job,
    teacher: { kind, name: port.name, model: port.model, concurrency, arguments: chosen.named },
  };
  const answer = await agreed(program, taught, chosen, words);
  if (answer === undefined) return undefined;
  return answer ? ask(options, taught, port, words) : alone(options, words);
}

function alone({ program, job, logger }: TeachingOptions, { progress }: Words) {
  return withProgress(progress, (report) =>
    synthesizeInWorker(program, job, { plan: planTeller(report, logger) }),
  );
}

/** The teacher that the settings name; undefined when the user left. */
export async function chooseTeacher(
  settings: vscode.WorkspaceConfiguration,
  key: TeacherKey,
  question: TeacherQuestion,
): Promise<Chosen | "none" | undefined> {
  switch (settings.get<Teacher>(Setting.teacher, "none")) {
    case "vscode.lm":
      return chooseModel(question);
    case "openai":
      return openAi(settings, await key.get());
    default:
      return "none";
  }
}

async function chooseModel({
  title,
  placeHolder,
  why,
}: TeacherQuestion): Promise<Chosen | undefined> {
  const models = await vscode.lm.selectChatModels();
  if (models.length === 0) {
    throw new InputError(
      "VS Code has no language model",
      "Install an extension that brings one and sign in there, or choose another teacher in the setting ingrain.teachers.teacher.",
    );
  }
  const picked = await vscode.window.showQuickPick(
    models.map((model) => ({ label: model.name, description: model.vendor, model })),
    { title, placeHolder },
  );
  return (
    picked && {
      kind: "vscode.lm",
      port: new LanguageModelTeacher(picked.model, why),
      prices: undefined,
      named: [],
      note: "",
    }
  );
}

function openAi(settings: vscode.WorkspaceConfiguration, key: string | undefined): Chosen {
  const model = settings.get<string>(Setting.teacherModel, "").trim();
  const baseUrl = settings.get<string>(Setting.teacherBaseUrl, "").trim();
  if (model === "") {
    throw new InputError(
      "The teacher has no model",
      "Name it in the setting ingrain.teachers.model.",
    );
  }
  const port = new OpenAiTeacher({ baseUrl, model, ...(key !== undefined && { key }) });
  const input = settings.get<number | null>(Setting.teacherInputPrice, null);
  const output = settings.get<number | null>(Setting.teacherOutputPrice, null);
  const open = key !== undefined && isUnencrypted(endpoint(baseUrl));
  return {
    kind: "openai",
    port,
    prices: input === null || output === null ? undefined : { input, output },
    named: ["--teacher", "openai", "--model", model, "--base-url", baseUrl],
    note: open ? " The key goes over the network unencrypted: the base URL is http." : "",
  };
}

/**
 * What it will use shows before anything is sent, in a list that waits for the user; a notification
 * would hide by itself. Where nothing is asked, there is nothing to agree to.
 */
async function agreed(
  program: string,
  job: SynthesisJob,
  { port, prices, note }: Chosen,
  words: Words,
): Promise<boolean | undefined> {
  const estimate = await estimateInWorker(program, job);
  if (estimate.open === 0) return true;
  const picked = await vscode.window.showQuickPick(
    [
      { label: `Ask ${port.name}`, detail: describeEstimate(estimate, prices), ask: true },
      ...(words.alone === undefined
        ? []
        : [{ label: words.alone, detail: "offline, at no cost", ask: false }]),
    ],
    {
      title: words.title,
      placeHolder: `The policy's statements are sent to the model.${note}`,
      ignoreFocusOut: true,
    },
  );
  return picked?.ask;
}

async function ask(
  { program, logger }: TeachingOptions,
  job: SynthesisJob,
  teacher: TeacherPort,
  words: Words,
): Promise<MadeDataset | undefined> {
  const progress = {
    location: vscode.ProgressLocation.Notification,
    title: `Asking ${teacher.name}`,
    cancellable: true,
  };
  try {
    const made = await vscode.window.withProgress(progress, async (reporter, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return await synthesizeInWorker(program, job, {
        teacher,
        signal: stop.signal,
        progress: (answered, all) => reporter.report({ message: `${answered} of ${all} parts` }),
        plan: planTeller((message) => reporter.report({ message }), logger),
      });
    });
    if (made.refused > 0) {
      logger.warn(
        `${teacher.model}: ${made.refused} rows refused, in ${made.folder}/refused.jsonl`,
      );
    }
    return made;
  } catch (error) {
    if (!(error instanceof TeacherError)) throw error;
    const kept = `The answers until then are kept: ${words.again} goes on there.`;
    const setKey = error.kind === "forbidden" && job.teacher?.kind === "openai";
    const key = setKey ? ` Ingrain: Set Teacher Key sets another.` : "";
    if (error.kind === "cancelled") throw new InputError("It was stopped", kept);
    throw new InputError(error.message, `${kept}${key}`);
  }
}
