import { build } from "esbuild";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { format } from "node:util";
import { launchBrowser } from "./browser.ts";
import { root } from "./install.ts";
import type { Session } from "./session.ts";

const limitMs = 120_000;

/**
 * Runs test/extension with mocha inside the extension host of a session's VS Code, against the
 * extension that is installed there.
 *
 * @returns mocha's exit code (0: all passed) and what it printed
 */
export async function runInExtensionHost(
  session: Session,
): Promise<{ code: number; output: string }> {
  const bundle = join(root, ".cache", "extension-tests", "index.js");
  await build({
    entryPoints: [join(root, "test", "extension", "index.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode", "mocha"],
    logLevel: "warning",
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    let output = "";
    // The two functions that VS Code calls in the window that runs extension tests.
    await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => {
      output += `${format(...args)}\n`;
    });
    const exit = new Promise<number>((resolve, reject) => {
      setTimeout(
        () => reject(new Error(`No end after ${limitMs} ms:\n${output}`)),
        limitMs,
      ).unref();
      void page.exposeFunction("codeAutomationExit", resolve).catch(reject);
    });
    const { server, folder } = session;
    const url = server.url(
      folder,
      [],
      [
        ["extensionDevelopmentPath", server.remote(await installedExtension(session))],
        ["extensionTestsPath", server.remote(bundle)],
      ],
    );
    const [code] = await Promise.all([exit, page.goto(url)]);
    return { code, output };
  } finally {
    await browser.close();
  }
}

/** The folder that the packaged extension was unpacked to. */
export async function installedExtension({ home }: Pick<Session, "home">): Promise<string> {
  const folder = join(home, "extensions");
  const name = (await readdir(folder)).find((entry) => entry.startsWith("ingrain.ingrain-"));
  if (name === undefined) throw new Error(`The extension is not installed in ${folder}`);
  return join(folder, name);
}
