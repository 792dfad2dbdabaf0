import { readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ExamAnswer } from "../../../src/evaluation/answers.ts";
import { examineAgain } from "../../../src/panels/examiner.ts";
import { temporaryFolder } from "../training/fixture.ts";

/** Something that speaks as `ingrain exam --answers` does. */
async function standIn(body: string): Promise<{ program: string; run: string }> {
  const run = temporaryFolder();
  const program = join(run, "cli.cjs");
  await writeFile(
    program,
    `const [, , command, run, , exam, answers] = process.argv;
const lines = require("node:fs").readFileSync(exam, "utf8").trim().split("\\n");
const say = (answer) => process.stdout.write(JSON.stringify(answer) + "\\n");
if (command !== "exam" || answers !== "--answers") process.exit(9);
${body}`,
  );
  return { program, run };
}

const drafts = () => readdirSync(tmpdir()).filter((name) => name.startsWith("ingrain-exam-"));
const questions = ['{"id":"e-1"}', '{"id":"e-2"}'];
const echo = `for (const line of lines) say({ item: JSON.parse(line).id, right: true, given: "x" });`;

async function examine(body: string, signal = new AbortController().signal) {
  const given: ExamAnswer[] = [];
  const answered = (answer: ExamAnswer) => given.push(answer);
  await examineAgain({ ...(await standIn(body)), questions, signal, answered });
  return given;
}

it("asks these questions alone, and gives the answers as they come", async () => {
  const before = drafts();
  expect((await examine(echo)).map(({ item }) => item)).toEqual(["e-1", "e-2"]);
  expect(drafts()).toEqual(before);
});

it("ends with the one line that the examiner ended with", async () => {
  const body = `console.error("Exam: 1/2\\ningrain: only models of the embedded engine"); process.exit(2);`;
  await expect(examine(body)).rejects.toThrow(/^only models of the embedded engine$/);
  await expect(examine("process.exit(3);")).rejects.toThrow("ended with code 3");
  await expect(examine(`console.log("hm");`)).rejects.toThrow("something else than an answer");
});

it("stops when it is told to, and takes its process with it", async () => {
  const stop = new AbortController();
  const body = `say({ item: "e-1", right: true, given: String(process.pid) }); setInterval(() => {}, 1000);`;
  let pid = 0;
  const examination = examineAgain({
    ...(await standIn(body)),
    questions,
    signal: stop.signal,
    answered: ({ given }) => {
      pid = Number(given);
      stop.abort();
    },
  });
  await expect(examination).rejects.toThrow(/abort/i);
  await expect.poll(() => isThere(pid)).toBe(false);
});

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
