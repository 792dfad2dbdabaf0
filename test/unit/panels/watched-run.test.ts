import { expect, it } from "vitest";
import { WatchedRun } from "../../../src/panels/watched-run.ts";
import { record, started } from "./runs.ts";

function watched() {
  const told = { reads: 0, changes: 0, open: true };
  let change = () => {};
  const run = new WatchedRun(
    "/runs/a",
    {
      read: () => {
        told.reads++;
        return Promise.resolve(record([started], "running"));
      },
      watch: (_, changed) => {
        change = changed;
        return { dispose: () => (told.open = false) };
      },
    },
    () => {
      told.changes++;
    },
  );
  return { run, told, change: () => change() };
}

it("reads a run once until it changes", async () => {
  const { run, told, change } = watched();
  const first = await run.read();
  expect(await run.read()).toBe(first);
  expect(told.reads).toBe(1);
  change();
  expect(told.changes).toBe(1);
  expect(await run.read()).not.toBe(first);
  run.forget();
  await run.read();
  expect(told.reads).toBe(3);
  run.dispose();
  expect(told.open).toBe(false);
});
