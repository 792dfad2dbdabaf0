import { beforeEach, expect, it, vi } from "vitest";
import { chooseEngine } from "../../../src/panels/engine-choice.ts";

interface Asked {
  title: string;
  validateInput: (text: string) => string | undefined;
}

const kept = vi.hoisted(() => new Map<string, unknown>());
const editor = vi.hoisted(() => ({
  ConfigurationTarget: { Global: 1, Workspace: 2 },
  window: {
    showQuickPick: vi.fn<(items: readonly { label: string }[]) => Promise<unknown>>(),
    showInputBox: vi.fn<(options: Asked) => Promise<string | undefined>>(),
  },
  workspace: {
    workspaceFolders: [{}],
    getConfiguration: () => ({
      get: () => undefined,
      inspect: () => ({}),
      update: (name: string, value: unknown, target: number) => {
        kept.set(name, [value, target]);
        return Promise.resolve();
      },
    }),
  },
}));
vi.mock("vscode", () => editor);

const answers = ["http://127.0.0.1:8265/", "4", "/mnt/shared/", "Qwen/Qwen3-4B"];

beforeEach(() => {
  kept.clear();
  vi.clearAllMocks();
  editor.window.showQuickPick.mockImplementation((items) =>
    Promise.resolve(items.find(({ label }) => label.includes("Ray Cluster"))),
  );
});

it("asks for a cluster and keeps it with the user, who alone says where a policy is sent", async () => {
  for (const answer of answers) editor.window.showInputBox.mockResolvedValueOnce(answer);
  expect(await chooseEngine()).toBe(true);
  expect(Object.fromEntries(kept)).toEqual({
    "ingrain.training.engine": ["trl", 2],
    "ingrain.training.target": ["ray", 2],
    "ingrain.training.model": ["Qwen/Qwen3-4B", 2],
    "ingrain.ray.address": ["http://127.0.0.1:8265", 1],
    "ingrain.ray.workers": [4, 1],
    "ingrain.ray.storage": ["/mnt/shared", 1],
  });
});

it("says of each answer what is wrong with it, before it is taken", async () => {
  for (const answer of answers) editor.window.showInputBox.mockResolvedValueOnce(answer);
  await chooseEngine();
  const asked = editor.window.showInputBox.mock.calls.map(([options]) => options);
  const wrong = ["ray://127.0.0.1:10001", "none", "shared", "model"].map((text, index) =>
    asked[index]!.validateInput(text),
  );
  expect(wrong[0]).toContain("is the address of Ray's client");
  expect(wrong[1]).toContain("is no number of workers");
  expect(wrong[2]).toContain("is no place that all machines");
  expect(wrong[3]).toContain("an absolute path, or an owner and a name");
  answers.forEach((text, index) => expect(asked[index]!.validateInput(text)).toBeUndefined());
});

it.each([0, 1, 2, 3])("keeps nothing when question %i is left", async (left) => {
  const given = answers.slice(0, left);
  for (const answer of given) editor.window.showInputBox.mockResolvedValueOnce(answer);
  editor.window.showInputBox.mockResolvedValueOnce(undefined);
  expect(await chooseEngine()).toBe(false);
  expect([...kept]).toEqual([]);
});
