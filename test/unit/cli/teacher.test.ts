import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readDataset } from "../../../src/training/dataset-folder.ts";
import { dutiful } from "../synthesis/teaching/dutiful.ts";
import { fails, type Reaction, says, startServer } from "../synthesis/teaching/server.ts";
import { setUp } from "./fixture.ts";

const key = "sk-test-abcdefghijklmnop";
const good: Reaction = (response, body) => says(JSON.stringify(dutiful(body)))(response, body);

async function withServer(react: (call: number) => Reaction) {
  const server = await startServer(react);
  const surroundings = await setUp();
  surroundings.env["INGRAIN_TEACHER_KEY"] = key;
  const teacher = ["--teacher", "openai", "--model", "tiny", "--base-url", server.baseUrl];
  const synthesize = (...more: string[]) =>
    surroundings.ingrain("synthesize", "key-desk.md", ...teacher, ...more);
  return { ...server, ...surroundings, synthesize };
}

/** Every file below a folder, with what it holds. */
function filesIn(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, "utf8")]);
}

describe("synthesize --teacher openai", () => {
  it("tells what it will use, asks, and writes rows, refused rows and counts", async () => {
    const { synthesize, calls, cwd } = await withServer(() => good);
    const { code, out, log } = await synthesize("--prices", "2,8");
    expect([code, log.split("\n")[0]]).toEqual([
      0,
      expect.stringMatching(
        /^tiny at 127\.0\.0\.1:\d+: \d+ questions, about [\d,]+ tokens to read and [\d,]+ to write, .* at your prices$/,
      ),
    ]);
    expect(log).toMatch(/\d+ of \d+ parts answered\nUsed: .* tokens to read and .*\n/);
    expect(out).toMatch(/\/tiny: \d+ rows taken, \d+ refused \(tree \d+\)\n/);
    expect(calls[0]!.authorization).toBe(`Bearer ${key}`);

    const folder = out.trim().split("\n").at(-1)!;
    const { manifest, cpt } = await readDataset(folder);
    expect(manifest.teacher).toBe("openai");
    expect(manifest.command).toMatch(/--teacher openai --model tiny --base-url http/);
    expect(cpt.some(({ teacher }) => teacher === "openai")).toBe(true);
    expect(existsSync(join(folder, "refused.jsonl"))).toBe(true);

    const paid = calls.length;
    const again = await synthesize();
    expect(again.out).toBe(out);
    expect(again.log).toContain("everything is answered already");
    expect(calls).toHaveLength(paid);

    const files = filesIn(cwd);
    expect(files.some(([path]) => path.includes("/.ingrain/cache/teacher/"))).toBe(true);
    for (const [, text] of [...files, ["", log], ["", out]]) expect(text).not.toContain(key);
  });

  it("asks nothing for an estimate", async () => {
    const { synthesize, calls, cwd } = await withServer(() => good);
    const { code, out } = await synthesize("--estimate");
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(
        /^tiny at \S+: \d+ questions, about \S+ tokens to read and \S+ to write\n$/,
      ),
    ]);
    const { out: json } = await synthesize("--estimate", "--json", "--prices", "1,1");
    const estimate = JSON.parse(json) as {
      usage: { prompt: number; completion: number };
      cost: number;
    };
    const { prompt, completion } = estimate.usage;
    expect(estimate.cost).toBeCloseTo((prompt + completion) / 1e6);
    expect(calls).toHaveLength(0);
    expect(existsSync(join(cwd, ".ingrain"))).toBe(false);
  });

  it("ends in one line when the key is wrong, and goes on where it was with the right one", async () => {
    let wrong = true;
    const { synthesize, calls, cwd } = await withServer((call) =>
      wrong && call > 0 ? fails(401, { message: `Incorrect API key: ${key}` }) : good,
    );
    const failed = await synthesize("--concurrency", "1");
    expect(failed.code).toBe(1);
    expect(failed.out).toBe("");
    expect(failed.log.trim().split("\n").at(-1)).toMatch(
      /^ingrain: \S+ refuses the key \(401\)\. The answers until then are kept: the same command goes on there$/,
    );
    expect(failed.log).not.toContain(key);
    expect(existsSync(join(cwd, ".ingrain", "datasets"))).toBe(false);
    wrong = false;
    const { code, log } = await synthesize();
    expect(code).toBe(0);
    expect(log).toMatch(/\(\d+ of \d+ parts are answered already\)/);
    const first = JSON.stringify(calls[0]!.body);
    expect(calls.slice(1).some(({ body }) => JSON.stringify(body) === first)).toBe(false);
  });

  it("stops at Ctrl-C, and keeps what was answered", async () => {
    const { synthesize, calls, interrupt } = await withServer((call) =>
      call < 1 ? good : () => undefined,
    );
    const running = synthesize("--concurrency", "1");
    await expect.poll(() => calls.length).toBe(2);
    interrupt();
    const { code, log } = await running;
    expect(code).toBe(1);
    expect(log).toMatch(/ingrain: stopped\. The answers until then are kept/);
  });

  it("takes a broken file of the cache for none", async () => {
    const { synthesize, calls, cwd } = await withServer(() => good);
    await synthesize();
    const paid = calls.length;
    const [[path]] = filesIn(join(cwd, ".ingrain", "cache")) as [[string, string]];
    writeFileSync(path, '{"rows": "many"}');
    expect((await synthesize()).code).toBe(0);
    expect(calls).toHaveLength(paid + 1);
  });

  it.each([
    [["--teacher", "vscode.lm"], /Allowed choices are none, openai/],
    [["--teacher", "openai"], /needs a model/],
    [["--teacher", "openai", "--model", "a", "--base-url", "https://me:pw@a/v1"], /apart from it/],
    [["--teacher", "openai", "--model", "a", "--concurrency", "0"], /1 to 64/],
    [["--estimate"], /--teacher openai/],
    [["--prices", "cheap"], /no number/],
    [["--prices", "1"], /IN,OUT/],
  ])("%s: one line, exit code 2, nothing written", async (args, words) => {
    const { ingrain, cwd } = await setUp();
    const { code, out, log } = await ingrain("synthesize", "key-desk.md", ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(log).toMatch(words);
    expect(log.trim().split("\n")).toHaveLength(1);
    expect(existsSync(join(cwd, ".ingrain"))).toBe(false);
  });
});
