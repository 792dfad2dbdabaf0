import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Uri } from "vscode";

const editor = vi.hoisted(() => ({
  extensions: { getExtension: vi.fn() },
  workspace: { isTrusted: true },
}));
vi.mock("vscode", () => editor);
const { GitFile } = await import("../../../src/panels/git.ts");
const { InputError } = await import("../../../src/policy/errors.ts");

const uri = { fsPath: "/work/desk.md" } as unknown as Uri;
const repository = {
  state: { HEAD: { name: "main", commit: "1234567890" } as object | undefined },
  show: vi.fn(),
  log: vi.fn(() =>
    Promise.resolve([
      { hash: "abcdef0123", message: "Raise the fee\n\nBody", authorDate: new Date("2026-05-04") },
      { hash: "fedcba9876", message: "Begin" },
    ]),
  ),
  getRefs: vi.fn(() =>
    Promise.resolve([{ type: 0, name: "main", commit: "1234567890" }, { type: 2 }]),
  ),
};
const offer = (found: unknown, enabled = true) =>
  editor.extensions.getExtension.mockReturnValue({
    activate: () => Promise.resolve({ enabled, getAPI: () => ({ getRepository: () => found }) }),
  });

beforeEach(() => {
  editor.workspace.isTrusted = true;
  repository.state.HEAD = { name: "main", commit: "1234567890" };
  offer(repository);
});

describe("GitFile", () => {
  it("offers HEAD, the commits of the file, then branches and tags", async () => {
    const versions = await (await GitFile.open(uri)).versions();
    expect(repository.log).toHaveBeenCalledWith({ maxEntries: 50, path: "/work/desk.md" });
    expect(versions).toEqual([
      { ref: "HEAD", label: "HEAD", description: "main", group: "head" },
      {
        ref: "abcdef0123",
        label: "Raise the fee",
        description: "abcdef0 · 2026-05-04",
        group: "commit",
      },
      { ref: "fedcba9876", label: "Begin", description: "fedcba9", group: "commit" },
      { ref: "main", label: "main", description: "1234567", group: "ref" },
    ]);
  });

  it("shows the file as it was", async () => {
    repository.show.mockResolvedValue("# Desk\n");
    const file = await GitFile.open(uri);
    const [head] = await file.versions();
    expect(await file.show(head!)).toBe("# Desk\n");
    expect(repository.show).toHaveBeenCalledWith("HEAD", "/work/desk.md");
  });

  it("says in one line that a version does not have the file", async () => {
    repository.show.mockRejectedValue(new Error("fatal: path\nnot in 'HEAD'"));
    const file = await GitFile.open(uri);
    const commit = (await file.versions())[1]!;
    const told = await file.show(commit).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(InputError);
    expect((told as Error).message).toBe("The policy is not in abcdef0, or had another name then.");
  });

  it.each<[string, () => unknown, RegExp]>([
    [
      "no Git extension",
      () => editor.extensions.getExtension.mockReturnValue(undefined),
      /not available/,
    ],
    ["Git is switched off", () => offer(repository, false), /no Git, or it is switched off/],
    ["no repository", () => offer(null), /no Git repository/],
    ["no commit", () => (repository.state.HEAD = undefined), /no commit yet/],
  ])("degrades in one line: %s", async (_, arrange, message) => {
    arrange();
    const told = await GitFile.open(uri).catch((error: unknown) => error);
    expect(told).toBeInstanceOf(InputError);
    expect((told as Error).message).toMatch(message);
    expect((told as Error).message).not.toContain("\n");
  });

  it("asks for trust where that is what is missing", async () => {
    editor.extensions.getExtension.mockReturnValue(undefined);
    editor.workspace.isTrusted = false;
    await expect(GitFile.open(uri)).rejects.toMatchObject({ hint: "Trust this workspace first." });
  });
});
