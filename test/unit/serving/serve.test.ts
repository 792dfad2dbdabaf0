import { existsSync } from "node:fs";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { serveRun, stopServing } from "../../../src/serving/serve.ts";
import { readServing, servingFiles } from "../../../src/serving/serving-folder.ts";
import { createRun } from "../../../src/training/create-run.ts";
import { EventWriter } from "../../../src/training/events-file.ts";
import { groupIsAlive, identify, isAlive } from "../../../src/training/processes.ts";
import { runFiles } from "../../../src/training/run-folder.ts";
import { idleProcess, temporaryFolder, writeDataset } from "../training/fixture.ts";

/** A finished run, and a stand-in for the server's program beside the trainer's. */
async function setUp(server: string) {
  const cwd = temporaryFolder();
  const { folder } = await createRun({
    runs: join(cwd, "runs"),
    dataset: await writeDataset(cwd),
    seed: 1,
  });
  new EventWriter(runFiles(folder).events).append({ type: "finished", report: "report.json" });
  await mkdir(runFiles(folder).model);
  await writeFile(join(cwd, "server.js"), server);
  onTestFinished(() => stopServing(folder).catch(() => undefined));
  return { folder, trainer: join(cwd, "trainer.js") };
}

/** Listens, with a child in its group; `slowly` after a while, `deaf` to signals. */
const listening = `
const [run, port] = process.argv.slice(2);
const { writeFileSync } = require("node:fs");
const child = require("node:child_process").spawn(process.execPath,
  ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
writeFileSync(run + "/child.pid", String(child.pid));
console.log("reading the model");
const server = require("node:net").createServer().listen(Number(port), "127.0.0.1", () =>
  writeFileSync(run + "/serving/endpoint.json", JSON.stringify({ version: 1,
    port: server.address().port, server: "embedded", model: "m", identifier: "desk" })));
`;

describe("a served run", () => {
  it("is served by a process of its own, once, until it is stopped with its children", async () => {
    const { folder, trainer } = await setUp(listening);
    expect((await readServing(folder)).status).toBe("stopped");
    const lines: string[] = [];
    const endpoint = await serveRun(folder, { trainer, report: (line) => lines.push(line) });
    expect(endpoint).toMatchObject({ server: "embedded", model: "m" });
    const serving = await readServing(folder);
    if (serving.status !== "serving") throw new Error(serving.status);
    expect(await serveRun(folder, { trainer })).toEqual(endpoint);
    expect(await readServing(folder)).toEqual(serving);
    const child = await identify(Number(await readFile(join(folder, "child.pid"), "utf8")));
    expect(await isAlive(child)).toBe(true);

    await stopServing(folder);
    expect(await groupIsAlive(serving.process.pid)).toBe(false);
    expect(await isAlive(child)).toBe(false);
    expect((await readServing(folder)).status).toBe("stopped");
    expect(existsSync(servingFiles(folder).process)).toBe(false);
    await expect(stopServing(folder)).rejects.toThrow("is not served");
  });

  it("stays where it is asked to, also where one was that ends by itself", async () => {
    const { folder, trainer } = await setUp(
      listening.replace(
        'model: "m"',
        'model: "m", ...(process.argv[4] && { idleSeconds: Number(process.argv[4]) })',
      ),
    );
    const idle = await serveRun(folder, { trainer, idleSeconds: 600 });
    expect(idle.idleSeconds).toBe(600);
    expect(await serveRun(folder, { trainer, idleSeconds: 600 })).toEqual(idle);
    const before = await readServing(folder);
    const after = await serveRun(folder, { trainer });
    expect(after.idleSeconds).toBeUndefined();
    if (before.status !== "serving") throw new Error(before.status);
    expect(await isAlive(before.process)).toBe(false);
  });

  it("tells what the server said last when it cannot be served", async () => {
    const { folder, trainer } = await setUp(
      `console.error("No server is installed."); process.exit(1)`,
    );
    await expect(serveRun(folder, { trainer })).rejects.toThrow(
      /^the server ended before it listened: No server is installed\.$/,
    );
    expect((await readServing(folder)).status).toBe("stopped");
  });

  it("leaves no server behind when the start is cancelled", async () => {
    const { folder, trainer } = await setUp(`console.log("reading"); setInterval(() => {}, 1000)`);
    const stop = new AbortController();
    const starting = serveRun(folder, {
      trainer,
      signal: stop.signal,
      report: () => stop.abort(new Error("cancelled")),
    });
    await expect(starting).rejects.toThrow("cancelled");
    expect((await readServing(folder)).status).toBe("stopped");
  });

  it("needs a finished run with a model", async () => {
    const { folder, trainer } = await setUp(listening);
    await cp(folder, `${folder}-2`, { recursive: true });
    new EventWriter(runFiles(`${folder}-2`).events).append({ type: "cancelled" });
    await expect(serveRun(`${folder}-2`, { trainer })).rejects.toThrow("only a finished run");
    expect(existsSync(servingFiles(`${folder}-2`).folder)).toBe(false);
    await expect(serveRun(folder, { trainer, serverArguments: ["--x"] })).rejects.toThrow(
      "takes no arguments",
    );
  });

  it("does not take another process for its server", async () => {
    const { folder } = await setUp(listening);
    const files = servingFiles(folder);
    await mkdir(files.folder);
    const other = await identify(idleProcess().pid!);
    await writeFile(files.process, JSON.stringify({ ...other, start: "another boot/1" }));
    expect((await readServing(folder)).status).toBe("stopped");
    await expect(stopServing(folder)).rejects.toThrow("is not served");
    await writeFile(files.process, JSON.stringify({ pid: 1, host: other.host }));
    await expect(stopServing(folder)).rejects.toThrow("is not served");
    expect(await isAlive(other)).toBe(true);
  });
});
