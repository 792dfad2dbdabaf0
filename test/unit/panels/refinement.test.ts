import { beforeEach, describe, expect, it, vi } from "vitest";
import { refineStatements } from "../../../src/panels/refinement.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import type { ParsedPolicy } from "../../../src/policy/statement.ts";

/** What of VS Code the command uses. The user's choices are the mocks' answers. */
const editor = vi.hoisted(() => {
  class WorkspaceEdit {
    readonly inserted: { offset: number; text: string; metadata: unknown }[] = [];
    insert(_uri: unknown, offset: number, text: string, metadata: unknown) {
      this.inserted.push({ offset, text, metadata });
    }
  }
  return {
    WorkspaceEdit,
    LanguageModelError: Object.assign(class extends Error {}, {
      NoPermissions: () => undefined,
      Blocked: () => undefined,
      NotFound: () => undefined,
    }),
    LanguageModelChatMessage: { User: (content: string) => ({ content }) },
    CancellationTokenSource: class {
      readonly token = {};
      cancel = () => undefined;
      dispose = () => undefined;
    },
    ProgressLocation: { Notification: 15 },
    lm: { selectChatModels: vi.fn() },
    window: {
      showQuickPick: vi.fn(),
      showInformationMessage: vi.fn(),
      showErrorMessage: vi.fn(),
      withProgress: vi.fn(),
    },
    workspace: {
      isTrusted: true,
      getConfiguration: () => ({ get: vi.fn(() => 1) }),
      asRelativePath: () => "desk.md",
      applyEdit: vi.fn<(edit: WorkspaceEdit, metadata: unknown) => Promise<boolean>>(),
    },
  };
});
vi.mock("vscode", () => editor);

const text =
  "# Desk\n\nA key costs 6 euros.\n\n- Greet every guest.\n- Call the guest if it is late.\n";
const none = () => undefined;
const logger = { debug: none, info: none, warn: none, error: none, show: none };

/** A policy in an editor, which may change while the model is asked. */
function open(source = text) {
  const document = {
    uri: {},
    version: 1,
    isClosed: false,
    getText: () => source,
    positionAt: (offset: number) => offset,
  };
  const parsed: ParsedPolicy = parsePolicy(source, { path: "desk.md" });
  const reading = { version: 1, parsed };
  const options = {
    active: { document, reading },
    policies: { readRefined: () => Promise.resolve(reading), classifierOf: () => undefined },
    logger,
  };
  return options as unknown as Parameters<typeof refineStatements>[0];
}

/** The model says that every statement is of this category; or what is given. */
function answer(reply: string) {
  const model = {
    name: "Model One",
    vendor: "acme",
    id: "one",
    version: "1",
    countTokens: () => Promise.resolve(7),
    sendRequest: () =>
      Promise.resolve({
        text: (async function* () {
          yield await Promise.resolve(reply);
        })(),
      }),
  };
  editor.lm.selectChatModels.mockResolvedValue([model]);
}
const say = (...categories: string[]) =>
  JSON.stringify(categories.map((category, at) => ({ n: at + 1, category, why: "so it seems" })));

beforeEach(() => {
  vi.clearAllMocks();
  editor.window.showQuickPick.mockImplementation((items: unknown[]) => Promise.resolve(items[0]));
  editor.window.withProgress.mockImplementation(
    (_options: unknown, task: (reporter: unknown, token: unknown) => Promise<unknown>) =>
      task({ report: none }, { onCancellationRequested: none }),
  );
});

describe("Refine Statements with a Language Model", () => {
  it("asks nothing in a workspace that is not trusted", async () => {
    editor.workspace.isTrusted = false;
    try {
      await refineStatements(open());
    } finally {
      editor.workspace.isTrusted = true;
    }
    expect(editor.lm.selectChatModels).not.toHaveBeenCalled();
    expect(editor.window.showErrorMessage.mock.calls[0]![0]).toBe(
      "The statements were not refined: This workspace is not trusted.",
    );
  });

  it("says what to do when there is no language model", async () => {
    editor.lm.selectChatModels.mockResolvedValue([]);
    await refineStatements(open());
    expect(editor.window.showErrorMessage.mock.calls[0]![0]).toMatch(
      /^The statements were not refined: VS Code has no language model\. Install an extension/,
    );
  });

  it("shows what it asks and what that costs, and asks nothing when the user leaves", async () => {
    answer(say("factual", "factual", "factual"));
    editor.window.showQuickPick.mockResolvedValue(undefined);
    await refineStatements(open());
    expect(editor.window.showQuickPick.mock.calls[0]![1]).toMatchObject({
      title: "Ask which model about 3 statements?",
      placeHolder: expect.stringMatching(/about [\d,]+ tokens in all$/) as string,
    });
    expect(editor.window.withProgress).not.toHaveBeenCalled();
  });

  it("proposes comments that wait for confirmation, each with its reason", async () => {
    answer(say("behavioral", "behavioral", "complex-conditional"));
    await refineStatements(open());
    const [edit, metadata] = editor.workspace.applyEdit.mock.calls[0]!;
    expect(metadata).toEqual({ isRefactoring: true });
    expect(edit.inserted).toEqual([
      {
        offset: text.indexOf("A key"),
        text: "<!-- ingrain: behavioral -->\n",
        metadata: {
          needsConfirmation: true,
          label: "fact → behavior",
          description: "so it seems",
        },
      },
      {
        offset: text.indexOf("Call"),
        text: "<!-- ingrain: complex-conditional -->\n  ",
        metadata: expect.objectContaining({ label: "if → if…else" }) as object,
      },
    ]);
  });

  it("writes nothing when the model agrees, or gives no usable answer", async () => {
    answer(say("factual", "behavioral", "simple-conditional"));
    await refineStatements(open());
    answer("I would rather not.");
    await refineStatements(open());
    expect(editor.workspace.applyEdit).not.toHaveBeenCalled();
    expect(editor.window.showInformationMessage.mock.calls.map(([told]) => told as string)).toEqual(
      [
        "The model agrees with the category of 3 statements.",
        "The model gave no usable answer. 3 statements got no usable answer: the answer is no JSON array.",
      ],
    );
  });

  it("takes the valid part of an answer, and tells what is missing", async () => {
    answer(say("behavioral").replace("]", ', {"n": 2, "category": "fun", "why": ""}]'));
    await refineStatements(open());
    expect(editor.workspace.applyEdit.mock.calls[0]![0].inserted).toHaveLength(1);
    expect(editor.window.showInformationMessage.mock.calls[0]![0]).toMatch(
      /^2 statements got no usable answer: entry 2: category: /,
    );
  });

  it("tells a quota or a refusal in one line, and changes nothing", async () => {
    answer("");
    const [model] = (await editor.lm.selectChatModels()) as { sendRequest: unknown }[];
    model!.sendRequest = () => Promise.reject(new Error("limit\nreached"));
    await refineStatements(open());
    expect(editor.window.showErrorMessage.mock.calls[0]![0]).toBe(
      "The statements were not refined: Model One did not answer: limit reached. Nothing was changed.",
    );
    expect(editor.workspace.applyEdit).not.toHaveBeenCalled();
  });

  it("asks nothing of a policy whose author decided everything", async () => {
    answer(say("factual"));
    await refineStatements(open("<!-- ingrain: factual -->\nA key costs 6 euros.\n"));
    expect(editor.lm.selectChatModels).not.toHaveBeenCalled();
    expect(editor.window.showInformationMessage).toHaveBeenCalledOnce();
  });
});
