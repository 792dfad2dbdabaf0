import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { DatasetManifest } from "../../src/synthesis/dataset.ts";
import { dutiful } from "../unit/synthesis/teaching/dutiful.ts";
import { type Reaction, says, startServer } from "../unit/synthesis/teaching/server.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";
import type { Workbench } from "./harness/workbench.ts";

const key = "sk-e2e-0123456789abcdef";
const patience = { timeout: 120_000 };

let session: Session;
let window: Window;
let workbench: Workbench;

beforeAll(async () => {
  const settings = { "ingrain.teachers.teacher": "openai" };
  session = await Session.start([samplePolicy], { vsix: packagedExtension(), settings });
  window = await Window.open(session, "teacher");
  workbench = window.workbench;
});
afterAll(async () => {
  await window.close();
  await session.end();
});

const good: Reaction = (response, body) => says(JSON.stringify(dutiful(body)))(response, body);

it("asks an endpoint once the user has agreed, keeps the key to itself, and exports", async () => {
  const { baseUrl, calls } = await startServer(() => good);
  // Settings of machine scope are those of the machine that the extension runs on.
  await mkdir(join(session.home, "user-data", "Machine"), { recursive: true });
  await writeFile(
    join(session.home, "user-data", "Machine", "settings.json"),
    JSON.stringify({
      "ingrain.teachers.baseUrl": baseUrl,
      "ingrain.teachers.model": "tiny",
      "ingrain.teachers.inputPrice": 2,
      "ingrain.teachers.outputPrice": 8,
    }),
  );
  await window.visit();
  await workbench.openFile(basename(samplePolicy));
  await workbench.hints.first().waitFor(patience);

  await workbench.run("Ingrain: Set Teacher Key");
  const input = workbench.page.locator(".quick-input-widget input.input");
  await input.waitFor(patience);
  // Until then it is the palette's own.
  await expect.poll(() => input.getAttribute("type"), patience).toBe("password");
  await input.fill(key);
  await workbench.page.keyboard.press("Enter");
  await heard("The teacher's key is kept.");

  await workbench.run("Ingrain: Synthesize Dataset");
  const offer = workbench.page
    .locator(".quick-input-list .monaco-list-row")
    .filter({ hasText: "Ask tiny at 127.0.0.1" });
  await offer.waitFor(patience);
  expect(await offer.textContent()).toMatch(/\d+ questions, about .* at your prices/);
  expect(calls).toHaveLength(0);
  await window.shot("estimate");
  await offer.click();
  await workbench.tab(/^Dataset/).waitFor(patience);
  await window.shot("dataset");
  expect(calls.length).toBeGreaterThan(10);
  expect(calls.every(({ authorization }) => authorization === `Bearer ${key}`)).toBe(true);

  const datasets = session.path(".ingrain/datasets");
  const [name] = await readdir(datasets);
  const text = await readFile(join(datasets, name!, "dataset.json"), "utf8");
  const { teacher, teaching } = DatasetManifest.parse(JSON.parse(text));
  expect(teacher).toBe("openai");
  expect(teaching!.rows).toBeGreaterThan(100);
  for (const entry of await readdir(session.folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    expect(await readFile(join(entry.parentPath, entry.name), "utf8")).not.toContain(key);
  }

  await workbench.run("Ingrain: Export Dataset");
  await workbench.pick("LLaMA-Factory");
  await input.waitFor(patience);
  // VS Code's own dialog, as a window in the browser has it.
  await workbench.page.getByRole("button", { name: "OK", exact: true }).click(patience);
  await heard("The dataset is exported.");
  await window.shot("exported");
  const folder = session.path(`${name!}-llama-factory`);
  expect(existsSync(join(folder, "dataset_info.json"))).toBe(true);
});

/** Waits for a notification. Its toast goes by itself; what VS Code reads out stays. */
async function heard(text: string): Promise<void> {
  await workbench.page
    .getByText(text)
    .first()
    .waitFor({ ...patience, state: "attached" });
}
