import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { freePort } from "./harness/server.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";

const patience = { timeout: 120_000 };

let session: Session;
let window: Window;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension() });
  window = await Window.open(session, "cluster");
});
afterAll(async () => {
  await window.close();
  await session.end();
});

it("asks for a cluster, keeps it for the user, and says when Ray does not answer there", async () => {
  const { workbench } = window;
  await window.visit();
  await workbench.openFile(basename(samplePolicy));
  await workbench.hints.first().waitFor(patience);

  await workbench.run("Ingrain: Choose Training Engine");
  await workbench.pick("Real Model on a Ray Cluster…");
  await asked("Address of the Ray cluster's dashboard");
  const input = workbench.page.locator(".quick-input-widget input.input");
  await input.fill("ray://127.0.0.1:10001");
  await workbench.page.getByText("is the address of Ray's client").first().waitFor(patience);
  await window.shot("wrong-address");
  const address = `http://127.0.0.1:${await freePort()}`;
  await answer(address, "Workers: one a GPU");
  await window.shot("workers");
  await answer("2", "Storage that all machines");
  await answer("/mnt/shared/ingrain", "Model: a path on the cluster");
  await answer("Qwen/Qwen3-4B");

  await expect
    .poll(() => settings("Machine"), patience)
    .toMatchObject({
      "ingrain.ray.address": address,
      "ingrain.ray.workers": 2,
      "ingrain.ray.storage": "/mnt/shared/ingrain",
    });

  await workbench.run("Ingrain: Internalize Policy");
  await workbench.page
    .locator(".notifications-toasts")
    .getByText(`Nothing was started. Ray does not answer at ${address}: nothing listens there`)
    .waitFor(patience);
  await window.shot("no-answer");
});

function asked(title: string): Promise<void> {
  return window.workbench.page
    .locator(".quick-input-title")
    .filter({ hasText: title })
    .waitFor(patience);
}

/** Answers a question, and waits for the next. */
async function answer(text: string, next?: string): Promise<void> {
  const { page } = window.workbench;
  await page.locator(".quick-input-widget input.input").fill(text);
  await page.keyboard.press("Enter");
  if (next !== undefined) await asked(next);
}

async function settings(scope: "Machine"): Promise<object> {
  const path = join(session.home, "user-data", scope, "settings.json");
  return JSON.parse(await readFile(path, "utf8").catch(() => "{}")) as object;
}
