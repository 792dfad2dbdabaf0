import { beforeEach, describe, expect, it, vi } from "vitest";
import { attempt } from "../../../src/panels/reporting.ts";
import { InputError } from "../../../src/policy/errors.ts";

const editor = vi.hoisted(() => ({
  window: { showErrorMessage: vi.fn<(text: string, ...buttons: string[]) => Promise<undefined>>() },
}));
vi.mock("vscode", () => editor);

const error = vi.fn();
const log = vi.fn();
const logger = { debug: log, info: log, warn: log, error, show: log };

beforeEach(() => void vi.clearAllMocks());

async function told(thrown: Error): Promise<[text: string, ...buttons: string[]]> {
  await attempt("No dataset was made", logger, () => Promise.reject(thrown));
  expect(editor.window.showErrorMessage).toHaveBeenCalledOnce();
  return editor.window.showErrorMessage.mock.calls[0]!;
}

describe("attempt", () => {
  it("says nothing when all goes well", async () => {
    await attempt("No dataset was made", logger, () => Promise.resolve());
    expect(editor.window.showErrorMessage).not.toHaveBeenCalled();
  });

  it("tells what is wrong with the input, and what to do", async () => {
    expect(await told(new InputError("desk.md is empty.", "Write something"))).toEqual([
      "No dataset was made: desk.md is empty. Write something.",
    ]);
    expect(error).not.toHaveBeenCalled();
  });

  it.each(["ENOSPC", "EACCES", "EROFS"])("tells %s in words, and logs the rest", async (code) => {
    const raw = `${code}: something, open '/w/.ingrain/x.tmp'`;
    const thrown = Object.assign(new Error(raw), { code, path: "/w/.ingrain/x.tmp" });
    const [text, ...buttons] = await told(thrown);
    expect(text).toMatch(/^No dataset was made: .+\.$/);
    expect(text).toContain("/w/.ingrain");
    expect(text).not.toContain(code);
    expect(text).not.toContain("\n");
    expect(buttons).toEqual(["Show Log"]);
    expect(error).toHaveBeenCalledWith(thrown);
  });
});
