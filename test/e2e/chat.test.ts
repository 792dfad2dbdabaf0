import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parsePolicy } from "../../src/policy/parse.ts";
import { baseUrl, readServing } from "../../src/serving/serving-folder.ts";
import { stopServing } from "../../src/serving/serve.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";
import { serializeDataset } from "../../src/synthesis/jsonl.ts";
import { startRun } from "../../src/training/launch.ts";
import { isAlive, until } from "../../src/training/processes.ts";
import { liveStatus, runId } from "../../src/training/run-folder.ts";
import { formatChat } from "../../src/workspace/chat-file.ts";
import { Chat } from "./harness/chat.ts";
import { installedExtension } from "./harness/extension-host.ts";
import { Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import type { Workbench } from "./harness/workbench.ts";

const policy = `# Key desk

Each locker has a number from 1 to 40. A spare key costs 6 euros.

Greet every guest by name.

A locker is opened only if the guest shows a pass.
`;
const question = "What does a spare key cost?";
const markup = "<img src=x onerror=alert(1)> **bold** <script>alert(2)</script>";

let session: Session;
let window: Window;
let workbench: Workbench;
let chat: Chat;
let run: string;

beforeAll(async () => {
  session = await Session.start([], { vsix: packagedExtension() });
  run = await trainSmallModel();
  const old = formatChat({
    version: 1,
    run: runId(run),
    cells: [{ kind: "question", text: "Who are you?", answer: { text: markup } }],
  });
  await writeFile(session.path("old.ingrain-chat"), old);
  window = await Window.open(session, "chat");
  workbench = window.workbench;
  chat = new Chat(workbench);
  await window.visit();
}, 900_000);
afterAll(async () => {
  await stopServing(run).catch(() => undefined);
  await window.close();
  await session.end();
});

/** A model that knows four sentences, by the installed extension's own trainer. */
async function trainSmallModel(): Promise<string> {
  const dataset = session.path(join(".ingrain", "datasets", "desk"));
  await mkdir(dataset, { recursive: true });
  const made = synthesize(parsePolicy(policy, { path: "desk.md" }), { seed: 1, command: "test" });
  for (const [name, content] of Object.entries(serializeDataset(made))) {
    await writeFile(join(dataset, name), content);
  }
  const folder = await startRun({
    runs: session.path(join(".ingrain", "runs")),
    dataset,
    seed: 1,
    hyperparameters: { layers: 2, width: 64, cptTokens: 80_000, sftTokens: 6000 },
    trainer: join(await installedExtension(session), "dist", "trainer.js"),
  });
  const over = async () => (await liveStatus(folder)) === "finished";
  expect(await until(over, 600_000)).toBe(true);
  return folder;
}

it("answers a question, the policy out of the prompt", async () => {
  await workbench.openView("Ingrain");
  await workbench.treeRow("finished").waitFor({ timeout: 60_000 });
  await workbench.run("Ingrain: Ask the Model");
  await chat.questions.first().waitFor({ timeout: 60_000 });
  await chat.ask(0, question);
  await expect.poll(() => chat.outputs(), { timeout: 60_000 }).toContain("6 euros");
  await expect
    .poll(() => chat.statusOf(0).textContent(), { timeout: 30_000 })
    .toMatch(/Prompt: about \d+ tokens, \d+ with the policy in it/);
  const serving = await readServing(run);
  expect(serving.status).toBe("serving");
  for (const theme of ["dark", "light"] as const) {
    await workbench.wear(theme);
    await window.shot(`answer-${theme}`);
  }
}, 240_000);

it("shows what a model wrote as it is", async () => {
  const alerts: string[] = [];
  workbench.page.on("dialog", (dialog) => {
    alerts.push(dialog.message());
    void dialog.dismiss();
  });
  await workbench.openFile("old.ingrain-chat");
  await expect.poll(() => chat.outputs(), { timeout: 60_000 }).toContain(markup);
  await window.shot("markup");
  expect(alerts).toEqual([]);
}, 120_000);

it("serves until it is told to stop, through a reload", async () => {
  // The chat has started a server that ends by itself; the view shows it all the same.
  await workbench.treeRow(/serving at http:\/\/127\.0\.0\.1:\d+/).waitFor({ timeout: 30_000 });
  await workbench.run("Ingrain: Stop Serving");
  await workbench.notification("not served any more").waitFor({ timeout: 60_000 });
  expect((await readServing(run)).status).toBe("stopped");

  await workbench.run("Ingrain: Serve Model");
  await workbench.notification("The model is served at").waitFor({ timeout: 60_000 });
  await window.shot("served");
  await workbench.reload();
  await workbench.treeRow(/serving at http/).waitFor({ timeout: 60_000 });
  const serving = await readServing(run);
  if (serving.status !== "serving") throw new Error(serving.status);
  const models = (await (await fetch(`${baseUrl(serving.endpoint)}/models`)).json()) as object;
  expect(models).toMatchObject({ data: [{ id: runId(run) }] });
  await workbench.run("Ingrain: Show Runs");
  await workbench.webview.getByText(/Served at/).waitFor({ timeout: 60_000 });
  await window.shot("run-panel");
  await workbench.run("Ingrain: Stop Serving");
  await workbench.notification("not served any more").waitFor({ timeout: 60_000 });
  expect(await isAlive(serving.process)).toBe(false);
  await workbench.webview.getByText("Serve Model").waitFor({ timeout: 60_000 });
}, 300_000);
