import { basename } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { samplePolicy, Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";
import { Window } from "./harness/window.ts";

let session: Session;
let window: Window;

beforeAll(async () => {
  session = await Session.start([samplePolicy], { vsix: packagedExtension(), askForTrust: true });
  window = await Window.open(session, "trust");
});
afterAll(async () => {
  await window.close();
  await session.end();
});

it("shows hints in a folder that is not trusted, and trains only when it is", async () => {
  const { workbench } = window;
  await window.visit();
  await workbench.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
  await workbench.openFile(basename(samplePolicy));
  await workbench.hints.first().waitFor({ timeout: 60_000 });
  expect(await workbench.offers("Ingrain: Internalize Policy")).toBe(false);
  await workbench.run("Ingrain: Show Runs");
  await workbench.webview.getByText("Restricted Mode").waitFor({ timeout: 30_000 });
  await window.shot("restricted");

  await workbench.webview.getByText("Manage Workspace Trust").click();
  await workbench.page
    .locator(".workspace-trust-editor")
    .getByText("Trust", { exact: true })
    .click();
  await workbench.openFile(basename(samplePolicy));
  await expect
    .poll(() => workbench.offers("Ingrain: Internalize Policy"), { timeout: 60_000 })
    .toBe(true);
});
