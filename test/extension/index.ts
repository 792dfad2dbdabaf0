import Mocha from "mocha";

/**
 * Runs the suites inside the extension host, where `vscode` can be imported; VS Code calls it. The
 * suites are bundled into this file's neighbours by test/e2e/harness/extension-host.ts.
 */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 30_000, color: false });
  // Importing a suite registers it, which needs mocha's globals in place.
  mocha.suite.emit("pre-require", globalThis as unknown as Mocha.MochaGlobals, null, mocha);
  await import("./suites.ts");
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} failed`);
}
