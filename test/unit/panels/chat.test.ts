import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type * as vscode from "vscode";
import { ChatKernel } from "../../../src/panels/chat.ts";
import type { Answerer } from "../../../src/serving/embedded/answerer.ts";
import { createChatServer } from "../../../src/serving/embedded/http.ts";
import type { Endpoint } from "../../../src/serving/serving-folder.ts";
import { temporaryFolder } from "../training/fixture.ts";

vi.mock("vscode", () => ({
  NotebookCellKind: { Markup: 1, Code: 2 },
  NotebookCellOutputItem: {
    text: (text: string, mime: string) => ({ text, mime }),
    error: ({ message }: Error) => ({ text: message, mime: "error" }),
  },
  NotebookCellOutput: class {
    items: unknown[];
    metadata: unknown;

    constructor(items: unknown[], metadata?: unknown) {
      this.items = items;
      this.metadata = metadata;
    }
  },
}));

interface Output {
  items: { text: string; mime: string }[];
  metadata?: unknown;
}
interface Cell {
  kind: number;
  index: number;
  document: { getText: () => string };
  outputs: Output[];
  ended?: boolean | undefined;
}

const quiet = () => undefined;
const asked: string[][] = [];
let answer: Answerer["answer"];
beforeEach(() => {
  asked.length = 0;
  answer = (turns, write) => {
    asked.push([...turns]);
    write("6 \u001b[31meuros <b>");
    return Promise.resolve({ reason: "stop", usage: { prompt: 9, completion: 3 } });
  };
});

async function setUp(texts: readonly (readonly [kind: number, text: string])[]) {
  const server = createChatServer({
    name: "run",
    identifier: "desk",
    answerer: { answer: (...call) => answer(...call) },
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const endpoint: Endpoint = {
    version: 1,
    port,
    server: "embedded",
    model: "run",
    identifier: "desk",
  };
  const cells: Cell[] = [];
  const notebook = { metadata: { run: "run" }, getCells: () => cells };
  for (const [kind, text] of texts) {
    const made = {
      kind,
      index: cells.length,
      document: { getText: () => text },
      outputs: [],
      notebook,
    };
    cells.push(made);
  }
  let cancel: () => void = () => undefined;
  const controller = {
    createNotebookCellExecution: (cell: Cell) => ({
      start: () => undefined,
      end: (success: boolean) => (cell.ended = success),
      clearOutput: () => Promise.resolve((cell.outputs = [])),
      replaceOutput: (output: Output) => Promise.resolve((cell.outputs = [output])),
      token: { onCancellationRequested: (listener: () => void) => (cancel = listener) },
    }),
  };
  const run = { folder: temporaryFolder(), id: "run", title: "Desk", status: "finished" as const };
  const kernel = new ChatKernel({
    runs: () => Promise.resolve([run]),
    serving: { endpoint: () => Promise.resolve(endpoint) },
    logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  });
  const send = (...at: number[]) =>
    kernel.run(
      at.map((index) => cells[index]) as unknown as vscode.NotebookCell[],
      controller as unknown as vscode.NotebookController,
    );
  return { cells, notebook, send, cancel: () => cancel() };
}

const shown = ({ outputs }: Cell) => outputs[0]?.items[0];
const [note, question] = [1, 2];

describe("a chat", () => {
  it("writes the answer below its question, as plain text without commands to the screen", async () => {
    const { cells, send } = await setUp([[question, "What does a key cost?"]]);
    await send(0);
    expect(shown(cells[0]!)).toEqual({ text: "6 [31meuros <b>", mime: "text/plain" });
    expect(cells[0]!.ended).toBe(true);
    expect(asked).toEqual([["What does a key cost?"]]);
  });

  it("sends what was said since the last note, and not what failed", async () => {
    const { cells, send } = await setUp([
      [question, "one"],
      [note, "anew"],
      [question, "two"],
      [question, "three"],
    ]);
    await send(0, 2, 3);
    expect(asked).toEqual([["one"], ["two"], ["two", "6 \u001b[31meuros <b>", "three"]]);
    expect(cells.map(({ ended }) => ended)).toEqual([true, undefined, true, true]);
  });

  it("keeps what was written until it is stopped", async () => {
    const { cells, send, cancel } = await setUp([[question, "one"]]);
    answer = (_, write, { signal }) => {
      write("6 eu");
      setTimeout(cancel, 300);
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("gone")));
      });
    };
    await send(0);
    expect(shown(cells[0]!)).toEqual({ text: "6 eu …", mime: "text/plain" });
    expect(cells[0]!.ended).toBe(false);
  });

  it("says below the question why it was not answered, and asks nothing more", async () => {
    const { cells, notebook, send } = await setUp([
      [question, " "],
      [question, "two"],
    ]);
    await send(0, 1);
    expect(shown(cells[0]!)).toEqual({ text: "The question is empty.", mime: "error" });
    expect(cells[1]!.ended).toBeUndefined();
    notebook.metadata = { run: "../elsewhere" };
    await send(1);
    expect(shown(cells[1]!)?.text).toContain("The run ../elsewhere is not in this workspace");
    expect(asked).toEqual([]);
  });
});
