import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import type { Logger } from "../editor/logger.ts";
import type { PolicyDocuments } from "../editor/policy-documents.ts";
import { outcomeOf, scoreMark } from "../editor/score-words.ts";
import type { ExamAnswer } from "../evaluation/answers.ts";
import { messageOf } from "../policy/errors.ts";
import { tierWord } from "../protocol/words.ts";
import { type ExamQuestion, readExamResults } from "../workspace/exam-results.ts";
import type { RunResults } from "../workspace/run-results.ts";
import type { ScoreBoard } from "../workspace/statement-scores.ts";
import { examineAgain } from "./examiner.ts";
import type { Results } from "./results.ts";

const controllerId = "ingrain";
const longestLabel = 120;

/** The exam of a policy, as far as it was looked at. */
interface Sheet {
  document: vscode.TextDocument;
  run: RunResults;
  item: vscode.TestItem;
  /** By the id that the run's dataset has. */
  statements: Map<string, vscode.TestItem>;
  /** Where they stand now, by the same id. */
  places: Map<string, vscode.Range>;
  /** What changed since the run, by the same id: shown so already. */
  stale: Set<string>;
}

/**
 * The exam in the Test Explorer: a policy's sections, statements and questions, with the answers
 * that the run kept. Nothing is read before somebody looks at a policy or at the Test Explorer.
 */
export class ExamTests implements vscode.Disposable {
  readonly #policies: PolicyDocuments;
  readonly #results: Results;
  readonly #program: string;
  readonly #logger: Logger;
  readonly #controller = vscode.tests.createTestController(controllerId, "Ingrain");
  readonly #sheets = new Map<string, Sheet>();
  /** What a question item asks. */
  readonly #questions = new WeakMap<vscode.TestItem, ExamQuestion>();
  readonly #disposables: { dispose(): unknown }[];
  /** One after the other: a run that comes while a sheet is written waits. */
  #turn: Promise<unknown> = Promise.resolve();

  /** @param program path of the bundled `cli.js`. */
  constructor(policies: PolicyDocuments, results: Results, program: string, logger: Logger) {
    this.#policies = policies;
    this.#results = results;
    this.#program = program;
    this.#logger = logger;
    this.#controller.resolveHandler = async (item) => {
      if (!item) for (const { document } of this.#visible()) await this.#show(document);
    };
    this.#disposables = [
      this.#controller,
      policies.onDidSettle((document) => void this.#show(document)),
      results.onDidChange(() => void this.#showAll()),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) void this.#show(document);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        const which = [Setting.results, Setting.bars];
        if (which.some((setting) => event.affectsConfiguration(setting))) void this.#showAll();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#addProfile()),
    ];
    if (vscode.workspace.isTrusted) this.#addProfile();
    void this.#showAll();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Shows a statement's questions in the Test Explorer, by the id that the run's dataset has. */
  async reveal(policy: vscode.Uri, statement: string): Promise<void> {
    await this.#turn;
    const item = this.#sheets.get(policy.toString())?.statements.get(statement);
    await vscode.commands.executeCommand("workbench.view.testing.focus");
    if (!item) return;
    const ids: string[] = [];
    for (let at: vscode.TestItem | undefined = item; at; at = at.parent) ids.unshift(at.id);
    // How VS Code names an item among all of them.
    const path = [controllerId, ...ids].join("\0");
    await vscode.commands.executeCommand("vscode.revealTestInExplorer", path);
  }

  /** Selects the statement of an item in its policy. */
  async goTo(item: vscode.TestItem): Promise<void> {
    const sheet = [...this.#sheets.values()].find((each) => each.item === policyOf(item));
    const id = this.#questions.has(item) ? item.parent?.id : item.id;
    const selection = sheet?.places.get(id ?? "");
    if (!sheet) return;
    await vscode.window.showTextDocument(sheet.document, { ...(selection && { selection }) });
  }

  /** In a workspace that nobody trusts there are results to look at, and nothing to run. */
  #addProfile(): void {
    const { Run } = vscode.TestRunProfileKind;
    this.#disposables.push(
      this.#controller.createRunProfile(
        "Ask the Model",
        Run,
        (request, token) => this.#ask(request, token),
        true,
      ),
    );
  }

  #visible(): readonly vscode.TextEditor[] {
    return vscode.window.visibleTextEditors;
  }

  async #showAll(): Promise<void> {
    const known = [...this.#sheets.values()].map(({ document }) => document);
    for (const document of new Set([...known, ...this.#visible().map((each) => each.document)])) {
      await this.#show(document);
    }
  }

  #show(document: vscode.TextDocument): Promise<void> {
    const turn = this.#turn.then(() =>
      this.#update(document).catch((error: unknown) => {
        this.#logger.warn(`The exam of ${document.uri.fsPath} is not shown: ${messageOf(error)}`);
      }),
    );
    this.#turn = turn;
    return turn;
  }

  async #update(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const known = this.#sheets.get(key);
    if (document.isClosed) return;
    const reading = await this.#policies.readRefined(document);
    const board = reading && (await this.#results.board(document.uri, reading.parsed.statements));
    if (!reading || !board) {
      if (known) this.#forget(key);
      return;
    }
    const { run } = board;
    if (known?.run.folder === run.folder && known.run.at === run.at) {
      known.document = document;
      if (this.#place(known, board, reading.parsed.statements)) this.#publish(known);
      return;
    }
    const questions = await readExamResults(run.folder);
    this.#forget(key);
    const sheet = this.#build(document, run, questions, reading.parsed.policy.title);
    this.#sheets.set(key, sheet);
    this.#controller.items.add(sheet.item);
    this.#place(sheet, board, reading.parsed.statements);
    this.#publish(sheet);
  }

  #forget(key: string): void {
    const sheet = this.#sheets.get(key);
    if (!sheet) return;
    this.#sheets.delete(key);
    this.#controller.items.delete(sheet.item.id);
  }

  /** The items of an exam, by section and statement. */
  #build(
    document: vscode.TextDocument,
    run: RunResults,
    questions: readonly ExamQuestion[],
    title: string,
  ): Sheet {
    const { uri } = document;
    const item = this.#controller.createTestItem(uri.toString(), title, uri);
    item.description = run.id;
    const statements = new Map<string, vscode.TestItem>();
    const byStatement = new Map<string, ExamQuestion[]>();
    for (const question of questions) {
      const others = byStatement.get(question.statement);
      if (others) others.push(question);
      else byStatement.set(question.statement, [question]);
    }
    run.statements.forEach(({ id, text, section = [] }, index) => {
      const asked = byStatement.get(id);
      if (!asked) return;
      const [first, ...rest] = section;
      const path = first === title ? rest : section;
      const node = this.#controller.createTestItem(id, shortened(text), uri);
      node.sortText = String(index).padStart(8, "0");
      for (const question of asked) {
        const child = this.#controller.createTestItem(
          question.id,
          shortened(question.question),
          uri,
        );
        child.description = tierWord[question.tier].toLowerCase();
        this.#questions.set(child, question);
        node.children.add(child);
      }
      this.#section(item, path, node.sortText).children.add(node);
      statements.set(id, node);
    });
    return { document, run, item, statements, places: new Map(), stale: new Set() };
  }

  /** The item of a section, which is made with its first statement. */
  #section(policy: vscode.TestItem, path: readonly string[], sortText: string): vscode.TestItem {
    let parent = policy;
    path.forEach((heading, depth) => {
      const id = `section ${JSON.stringify(path.slice(0, depth + 1))}`;
      let item = parent.children.get(id);
      if (!item) {
        item = this.#controller.createTestItem(id, heading, policy.uri);
        item.sortText = sortText;
        parent.children.add(item);
      }
      parent = item;
    });
    return parent;
  }

  /**
   * Puts the items where the statements stand now; what changed since the run is out of date.
   * @returns whether something is as the run knows it again.
   */
  #place(
    sheet: Sheet,
    { scores }: ScoreBoard,
    now: readonly { id: string; start: number; end: number }[],
  ): boolean {
    const { document, statements } = sheet;
    const settings = vscode.workspace.getConfiguration(undefined, document);
    // An icon of the Test Explorer's would take the place of a bar in the gutter, which tells it too.
    const shown =
      settings.get<boolean>(Setting.results, true) && !settings.get<boolean>(Setting.bars, true);
    let again = false as boolean;
    const places = new Map(now.map((statement) => [statement.id, statement]));
    const seen = new Set<string>();
    for (const [id, score] of scores) {
      const item = statements.get(score.id);
      const place = places.get(id);
      if (!item || !place) continue;
      seen.add(score.id);
      const range = new vscode.Range(
        document.positionAt(place.start),
        document.positionAt(place.end),
      );
      sheet.places.set(score.id, range);
      move(item, shown ? range : undefined);
      item.description = scoreMark(score);
      const stale = outcomeOf(score) === "stale";
      if (stale && !sheet.stale.has(score.id)) this.#controller.invalidateTestResults(item);
      if (stale) sheet.stale.add(score.id);
      else if (sheet.stale.delete(score.id)) again = true;
    }
    for (const [id, item] of statements) {
      if (seen.has(id)) continue;
      move(item, undefined);
      sheet.places.delete(id);
      item.description = "removed";
      sheet.stale.add(id);
    }
    return again;
  }

  /** Shows what the run's report and answers say, as a test run that is over. */
  #publish({ item, run, statements, stale }: Sheet): void {
    const request = new vscode.TestRunRequest([item]);
    const results = this.#controller.createTestRun(request, run.id, false);
    const { byStatement } = run.arms.internalized;
    for (const [id, statement] of statements) {
      const questions = [...statement.children].map(([, child]) => child);
      const answers = questions.map((child) => this.#questions.get(child)?.answer);
      if (stale.has(id)) {
        for (const child of questions) results.skipped(child);
        continue;
      }
      questions.forEach((child, index) => {
        const answer = answers[index];
        // Messages with a place stand in the text: those are for who asked for the test.
        if (answer) this.#mark(results, child, answer, undefined);
      });
      const tally = byStatement[id];
      if (tally && answers.every((answer) => answer === undefined)) {
        const said = `${tally.right} of ${tally.n} answered right; the run kept no answers.`;
        if (tally.right === tally.n) results.passed(statement);
        else results.failed(statement, new vscode.TestMessage(said));
      }
    }
    results.end();
  }

  #mark(
    results: vscode.TestRun,
    item: vscode.TestItem,
    { right, given }: ExamAnswer,
    location: vscode.Location | undefined,
  ): void {
    const question = this.#questions.get(item);
    if (!question) return;
    if (right) {
      results.passed(item);
      return;
    }
    const message = vscode.TestMessage.diff(question.question, question.expected, given);
    if (location) message.location = location;
    results.failed(item, message);
  }

  /** Puts a part of the exam to the model again. */
  async #ask(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    await this.#turn;
    const results = this.#controller.createTestRun(request);
    const excluded = new Set(request.exclude);
    const roots = request.include ?? [...this.#controller.items].map(([, item]) => item);
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      for (const sheet of this.#sheets.values()) {
        const items = roots
          .filter((root) => policyOf(root) === sheet.item)
          .flatMap((root) => [...this.#leaves(root, excluded)]);
        if (items.length > 0 && !token.isCancellationRequested) {
          await this.#askOne(results, sheet, [...new Set(items)], stop.signal);
        }
      }
    } finally {
      results.end();
    }
  }

  async #askOne(
    results: vscode.TestRun,
    { run, document, places }: Sheet,
    items: readonly vscode.TestItem[],
    signal: AbortSignal,
  ): Promise<void> {
    const open = new Map(items.map((item) => [item.id, item]));
    for (const item of items) results.started(item);
    try {
      await examineAgain({
        program: this.#program,
        run: run.folder,
        questions: items.map((item) => this.#questions.get(item)!.line),
        signal,
        answered: (answer) => {
          const item = open.get(answer.item);
          if (!item) return;
          open.delete(answer.item);
          const place = places.get(item.parent?.id ?? "");
          this.#mark(results, item, answer, place && new vscode.Location(document.uri, place));
        },
      });
      for (const item of open.values()) results.skipped(item);
    } catch (error) {
      for (const item of open.values()) results.skipped(item);
      if (signal.aborted) return;
      const reason = messageOf(error);
      this.#logger.warn(`The exam was not put to the model: ${reason}`);
      results.appendOutput(`${reason.replaceAll("\n", "\r\n")}\r\n`);
      void vscode.window.showErrorMessage(`The exam was not put to the model: ${reason}`);
    }
  }

  *#leaves(
    item: vscode.TestItem,
    excluded: ReadonlySet<vscode.TestItem>,
  ): Generator<vscode.TestItem> {
    if (excluded.has(item)) return;
    if (this.#questions.has(item)) yield item;
    for (const [, child] of item.children) yield* this.#leaves(child, excluded);
  }
}

/** A question stands where its statement stands. */
function move(item: vscode.TestItem, range: vscode.Range | undefined): void {
  item.range = range;
  for (const [, child] of item.children) child.range = range;
}

function policyOf(item: vscode.TestItem): vscode.TestItem {
  return item.parent ? policyOf(item.parent) : item;
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > longestLabel ? `${line.slice(0, longestLabel - 1)}…` : line;
}
