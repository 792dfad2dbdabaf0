import { beforeEach, describe, expect, it, vi } from "vitest";
import { Desk } from "../../../src/panels/desk.ts";

const launch = vi.hoisted(() => ({
  cancelRun: vi.fn(),
  reconnectRun: vi.fn(),
  resumeRun: vi.fn(),
  startRun: vi.fn(),
}));
vi.mock("../../../src/training/launch.ts", () => launch);
// The Test Explorer has no part in this.
vi.mock("../../../src/panels/lessons.ts", () => ({ Lessons: vi.fn() }));
const editor = vi.hoisted(() => {
  const listen = () => ({ dispose: () => undefined });
  return {
    EventEmitter: class {
      event = listen;
      fire = () => undefined;
      dispose = () => undefined;
    },
    DiagnosticSeverity: {},
    OverviewRulerLane: {},
    DecorationRangeBehavior: {},
    ThemeColor: class {
      id = "";
    },
    languages: {
      createDiagnosticCollection: () => ({ dispose: () => undefined }),
    },
    commands: { executeCommand: vi.fn() },
    Uri: { joinPath: () => ({ fsPath: "/extension/dist/cli.js" }) },
    window: {
      createTextEditorDecorationType: () => ({ dispose: () => undefined }),
      onDidChangeVisibleTextEditors: listen,
      showErrorMessage: vi.fn<(message: string) => Promise<undefined>>(),
    },
    workspace: {
      isTrusted: false,
      onDidChangeTextDocument: listen,
      onDidCloseTextDocument: listen,
      onDidGrantWorkspaceTrust: listen,
      textDocuments: [],
    },
  };
});
vi.mock("vscode", () => editor);

const none = () => ({ dispose: () => undefined });
const log = vi.fn();
const logger = { debug: log, info: log, warn: log, error: log, show: log };
let desk: Desk;

beforeEach(() => {
  vi.clearAllMocks();
  // What the desk would need of a policy, it does not reach here.
  const policies = { onDidChange: none, onDidSettle: none };
  desk = new Desk({ logger, policies } as unknown as ConstructorParameters<typeof Desk>[0]);
});

describe("the desk in a workspace that is not trusted", () => {
  it.each(["cancel", "resume"] as const)("does not %s a run, and says why", async (what) => {
    await desk[what]("/w/.ingrain/runs/a");
    expect(editor.window.showErrorMessage).toHaveBeenCalledOnce();
    expect(editor.window.showErrorMessage.mock.calls[0]?.[0]).toMatch(
      /^The run was not (cancelled|resumed): This workspace is not trusted\.$/,
    );
    for (const call of Object.values(launch)) expect(call).not.toHaveBeenCalled();
  });
});
