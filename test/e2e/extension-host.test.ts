import { afterAll, beforeAll, expect, it } from "vitest";
import { runInExtensionHost } from "./harness/extension-host.ts";
import { Session } from "./harness/session.ts";
import { packagedExtension } from "./harness/vsix.ts";

let session: Session;

beforeAll(async () => {
  session = await Session.start([], { vsix: packagedExtension() });
});
afterAll(() => session.end());

it("passes its suites inside the extension host", async () => {
  const { code, output } = await runInExtensionHost(session);
  console.log(output);
  expect(code, output).toBe(0);
});
