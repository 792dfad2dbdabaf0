// VS Code in the browser with the extension and a copy of a policy, for a person to try, or for a
// picture: `npm run try -- --help`.
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { launchBrowser } from "./harness/browser.ts";
import { root } from "./harness/install.ts";
import { samplePolicy, Session } from "./harness/session.ts";
import { type Theme, themes, Workbench } from "./harness/workbench.ts";

const help = `npm run try -- [options] [file…]

Opens VS Code in the browser with the packaged extension and copies of the files
(the sample policy when none is named), and serves it until Ctrl+C.

  --port N           listen on port N
  --vsix FILE        take this package instead of building one
  --dev              take the extension from this folder as it is built in dist/
  --bare             VS Code without the extension
  --setting K=JSON   a user setting, may be repeated
  --shots FOLDER     no serving: open the first file, run the --do commands one after the other,
                     write a screenshot after each into FOLDER, and end
  --do TITLE         a palette command, "Ingrain: Show Runs" for instance, may be repeated
  --wait SECONDS     wait before each screenshot (5)
  --theme NAME       ${Object.keys(themes).join(" | ")}
`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      help: { type: "boolean" },
      port: { type: "string" },
      vsix: { type: "string" },
      dev: { type: "boolean", default: false },
      bare: { type: "boolean", default: false },
      setting: { type: "string", multiple: true, default: [] },
      shots: { type: "string" },
      do: { type: "string", multiple: true, default: [] },
      wait: { type: "string", default: "5" },
      theme: { type: "string", default: "dark" },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const files = positionals.length > 0 ? positionals.map((file) => resolve(file)) : [samplePolicy];
  if (!Object.hasOwn(themes, values.theme))
    throw new Error(`Unknown theme ${values.theme}.\n\n${help}`);
  const packaged = !values.dev && !values.bare;
  const session = await Session.start(files, {
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(packaged && values.vsix !== undefined && { vsix: resolve(values.vsix) }),
    settings: {
      "workbench.colorTheme": themes[values.theme as Theme].id,
      ...Object.fromEntries(values.setting.map(setting)),
    },
  });
  const development: [string, string][] = values.dev
    ? [["extensionDevelopmentPath", session.server.remote(root)]]
    : [];
  const url = session.server.url(
    session.folder,
    files.slice(0, 1).map((file) => session.path(basename(file))),
    development,
  );
  if (values.shots !== undefined) {
    await shoot(url, values.do, resolve(values.shots), Number(values.wait)).finally(() =>
      session.end(),
    );
    return;
  }
  console.log(`\n${url}\n\nThe folder is ${session.folder}. Ctrl+C ends it.`);
  process.once("SIGINT", () => void session.end());
  process.once("SIGTERM", () => void session.end());
}

async function shoot(url: string, titles: string[], folder: string, wait: number): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on("pageerror", (error) => console.error(`page: ${error.message}`));
    const workbench = new Workbench(page);
    await workbench.open(url);
    for (const [index, title] of ["", ...titles].entries()) {
      if (title !== "") await workbench.run(title);
      await page.waitForTimeout(wait * 1000);
      const path = join(folder, `${index}-${slug(title) || "start"}.png`);
      await workbench.screenshot(path);
      console.log(path);
    }
  } finally {
    await browser.close();
  }
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}

function setting(assignment: string): [string, unknown] {
  const at = assignment.indexOf("=");
  return [assignment.slice(0, at), JSON.parse(assignment.slice(at + 1))];
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
