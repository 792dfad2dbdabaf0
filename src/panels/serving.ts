import * as vscode from "vscode";
import { chatNotebook, Setting } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import { InputError } from "../policy/errors.ts";
import type { RunSummary } from "../protocol/runs.ts";
import { isServable } from "../protocol/status.ts";
import { serveRun, stopServing } from "../serving/serve.ts";
import { baseUrl, type Endpoint, readServing, servingFiles } from "../serving/serving-folder.ts";
import { readSpec, runId } from "../training/run-folder.ts";
import type { Engine } from "../training/spec.ts";
import type { Trainers } from "../training/trainers.ts";
import { newChat } from "./chat-cells.ts";
import { chooseRun } from "./run-choice.ts";
import { attempt, type NextStep, requireTrust, tell, withProgress } from "./reporting.ts";

export interface ServingServices {
  runs(): Promise<readonly RunSummary[]>;
  /** Reads the runs again: a server has come or gone. */
  refresh(): void;
  trainers(engine: Engine): Promise<Trainers>;
  logger: Logger & { show(): void };
}

/** The embedded server that a chat has started ends by itself after as long without a question. */
const idleSeconds = 600;
const noModel = "There is no finished run yet: its model is what is served and asked.";

/** *Serve Model*, *Stop Serving* and *Ask the Model*. */
export class ModelServing {
  readonly #services: ServingServices;
  /** Starts under way, by run folder: a second question waits for the same server. */
  readonly #starting = new Map<string, Promise<Endpoint>>();

  constructor(services: ServingServices) {
    this.#services = services;
  }

  async serve(folder?: string): Promise<void> {
    const run = folder ?? (await this.#chooseModel("Serve the model of which run?"));
    if (run === undefined) return;
    await this.#attempt("The model is not served", run, async () => {
      requireTrust();
      const endpoint = await this.#start(run, { port: servingPort() });
      const { server, model, identifier } = endpoint;
      const limits =
        server === "embedded"
          ? " The embedded model knows no tools, and gives its likeliest answer."
          : "";
      const text = `The model is served at ${baseUrl(endpoint)} as ${model}. The identifier ${identifier} goes into the system message, where the policy stood.${limits}`;
      await tell("information", text, [
        ["Copy Address", () => vscode.env.clipboard.writeText(baseUrl(endpoint))],
        ["Ask the Model", () => this.openChat(run)],
        ["Stop Serving", () => this.stop(run)],
      ]);
    });
  }

  async stop(folder?: string): Promise<void> {
    const served = (await this.#services.runs()).filter(({ serving }) => serving !== undefined);
    const none = "No model is served.";
    const run = folder ?? (await chooseRun(served, "Stop serving which model?", none));
    if (run === undefined) return;
    await this.#attempt("The server was not stopped", run, async () => {
      requireTrust();
      await withProgress("Stopping the server", () => stopServing(run)).finally(() =>
        this.#services.refresh(),
      );
      const done =
        "The model is not served any more. Its processes are gone and their memory is free.";
      await tell("information", done);
    });
  }

  /** Opens a chat with the model of a run; nothing runs until a question is sent. */
  async openChat(folder?: string): Promise<void> {
    const run = folder ?? (await this.#chooseModel("Ask the model of which run?"));
    if (run === undefined) return;
    await this.#attempt("The chat was not opened", run, async () => {
      requireTrust();
      const { title } = (await readSpec(run)).policy;
      const content = newChat(runId(run), title);
      const chat = await vscode.workspace.openNotebookDocument(chatNotebook, content);
      await vscode.window.showNotebookDocument(chat);
    });
  }

  /**
   * The endpoint that answers for a run, started where there is none: for a real model, which takes
   * memory until it is stopped, only when the user agrees.
   * @throws InputError when the user does not, or nothing can be served.
   */
  async endpoint(run: string, signal: AbortSignal): Promise<Endpoint> {
    requireTrust();
    const before = await readServing(run);
    if (before.status === "serving") return before.endpoint;
    const { engine } = await readSpec(run);
    if (before.status === "stopped" && engine === "trl" && !(await agrees())) {
      throw new InputError("The model is not served.", "Send the question again to serve it.");
    }
    return this.#start(run, { ...(engine === "onnx" && { idleSeconds }), signal });
  }

  #start(
    run: string,
    options: { port?: number; idleSeconds?: number; signal?: AbortSignal },
  ): Promise<Endpoint> {
    const before = this.#starting.get(run);
    if (before) return before;
    const starting = this.#launch(run, options).finally(() => {
      this.#starting.delete(run);
      this.#services.refresh();
    });
    this.#starting.set(run, starting);
    return starting;
  }

  async #launch(
    run: string,
    options: { port?: number; idleSeconds?: number; signal?: AbortSignal },
  ): Promise<Endpoint> {
    const { engine } = await readSpec(run);
    const trainers = await this.#services.trainers(engine);
    const shown = {
      location: vscode.ProgressLocation.Notification,
      title: "Starting the server",
      cancellable: true,
    };
    return vscode.window.withProgress(shown, (progress, token) => {
      const stop = new AbortController();
      const end = () => stop.abort(new InputError("The server was not started."));
      token.onCancellationRequested(end);
      options.signal?.addEventListener("abort", end);
      return serveRun(run, {
        ...trainers,
        ...options,
        signal: stop.signal,
        launched: () => this.#services.refresh(),
        report: (line) => {
          this.#services.logger.info(`Server: ${line}`);
          progress.report({ message: line.slice(0, 80) });
        },
      });
    });
  }

  async #chooseModel(title: string): Promise<string | undefined> {
    const runs = (await this.#services.runs()).filter(({ status }) => isServable(status));
    return chooseRun(runs, title, noModel);
  }

  #attempt(what: string, run: string, action: () => Promise<void>): Promise<void> {
    const log = vscode.Uri.file(servingFiles(run).log);
    const open: NextStep = ["Open Server Log", () => vscode.window.showTextDocument(log)];
    return attempt(what, this.#services.logger, action, { steps: [open] });
  }
}

/** Loading a real model is not what someone expects who asks a question. */
async function agrees(): Promise<boolean> {
  const serve = "Serve Model";
  const text =
    "To ask the model, it has to be served: it is read into memory, on the GPU where there is one, and stays there until you choose Stop Serving.";
  return (await vscode.window.showInformationMessage(text, serve)) === serve;
}

function servingPort(): number {
  return vscode.workspace.getConfiguration().get<number>(Setting.servingPort, 0);
}
