import { resolve, sep } from "node:path";
import * as vscode from "vscode";
import type { ActivePolicy } from "../editor/active-policy.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { InputError } from "../policy/errors.ts";
import type { Statement } from "../policy/statement.ts";
import type { Weights } from "../synthesis/dataset.ts";
import { newestDataset, policyPath } from "../workspace/datasets.ts";
import { requireResults } from "../workspace/run-results.ts";
import { moreOf } from "../workspace/statement-weights.ts";
import { ExamTests } from "./exam-tests.ts";
import type { Folders } from "./folders.ts";
import { attempt, requireTrust, tell } from "./reporting.ts";
import type { Results } from "./results.ts";
import { rewordStatement } from "./rewording.ts";
import type { MadeDataset } from "./synthesis.ts";
import type { TeacherKey } from "./teacher-key.ts";
import { whatToDoNext } from "./what-next.ts";

/** What the desk does for a statement. */
export interface DeskActions {
  /** The policy's file, saved. */
  policyFile(uri: vscode.Uri): Promise<vscode.Uri>;
  /** Undefined when the user left. */
  synthesize(policy: vscode.Uri, weights?: Weights): Promise<MadeDataset | undefined>;
  showRows(policy: vscode.Uri, statements: readonly Statement[]): Promise<void>;
  internalize(policy: vscode.Uri): Promise<void>;
}

export interface LessonsOptions {
  policies: PolicyDocuments;
  active: ActivePolicy;
  folders: Folders;
  results: Results;
  key: TeacherKey;
  /** Path of the bundled `cli.js`. */
  program: string;
  desk: DeskActions;
  logger: Logger & { show(): void };
}

/** What the user does with what runs have learned, and have not. */
export class Lessons implements vscode.Disposable {
  readonly #options: LessonsOptions;
  readonly #tests: ExamTests;

  constructor(options: LessonsOptions) {
    const { policies, results, program, logger } = options;
    this.#options = options;
    this.#tests = new ExamTests(policies, results, program, logger);
  }

  dispose(): void {
    this.#tests.dispose();
  }

  /** Selects the statement of an item of the Test Explorer in its policy. */
  goToStatement(item: vscode.TestItem): Promise<void> {
    return this.#tests.goTo(item);
  }

  /** Asks which run's results show in a policy. */
  showResultsOfRun(uri?: vscode.Uri): Promise<void> {
    return this.#attempt("The run was not chosen", async () => {
      await this.#options.results.choose((await this.#policy(uri)).uri);
    });
  }

  /** What was not learned, and what to do about it; of a run, or of the one that shows. */
  whatToDoNext(uri?: vscode.Uri, folder?: string): Promise<void> {
    return this.#attempt("There is nothing to tell", async () => {
      const run = folder === undefined ? undefined : await requireResults(folder);
      const [root = ""] = run?.folder.split(`${sep}.ingrain${sep}`) ?? [];
      const file = run ? vscode.Uri.file(resolve(root, run.policy)) : uri;
      const { policies, results, key, desk } = this.#options;
      const document = await this.#policy(file);
      const policy = document.uri;
      await whatToDoNext(
        document,
        { policies, results },
        {
          showRows: (statement) => desk.showRows(policy, [statement]),
          moreRows: (statement) => this.#moreRows(policy, statement),
          reword: (statement) =>
            this.#attempt("The statement was not reworded", () =>
              rewordStatement(document, statement, { policies, key }),
            ),
          showQuestions: (id) => this.#tests.reveal(policy, id),
          internalize: () => desk.internalize(policy),
        },
        run,
      );
    });
  }

  /** Makes the newest dataset anew with more rows for a statement; it keeps that weight. */
  #moreRows(uri: vscode.Uri, statement: Statement): Promise<void> {
    return this.#attempt("No rows were added", async () => {
      requireTrust();
      const { policies, folders, desk } = this.#options;
      const policy = await desk.policyFile(uri);
      const reading = await policies.readRefined(await vscode.workspace.openTextDocument(policy));
      const folder = folders.of(policy);
      const newest = await newestDataset(folder, policyPath(folder.root, policy.fsPath));
      const now = reading?.parsed.statements ?? [];
      const weights = newest && moreOf(newest.manifest, statement, now);
      if (!(await desk.synthesize(policy, weights))) return;
      const [times] = Object.values(weights ?? {});
      const what =
        times === undefined ? "rows for this statement" : `${times} times its usual rows`;
      await tell("information", `The newest dataset has ${what}; train again to learn from them.`, [
        ["Show Rows", () => desk.showRows(policy, [statement])],
        ["Internalize Policy", () => desk.internalize(policy)],
      ]);
    });
  }

  /** A policy to look at: the file, or the active one. */
  async #policy(uri?: vscode.Uri): Promise<vscode.TextDocument> {
    const document = uri
      ? await vscode.workspace.openTextDocument(uri)
      : this.#options.active.document;
    if (!document) throw new InputError("No policy is open.", "Open one and try again.");
    return document;
  }

  #attempt(what: string, action: () => Promise<void>): Promise<void> {
    return attempt(what, this.#options.logger, action);
  }
}
