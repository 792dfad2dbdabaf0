/**
 * Times the dataset inspector's thread as the panel uses it, and what it costs in memory:
 *   npm run build && npx tsx test/bench/inspector.ts [--rows 1000,100000] [--runs 10] [--mebibytes 2048]
 *
 * --rows       sizes of the datasets: rows of the sample policy, repeated with ids of their own
 * --runs       how often each is opened, filtered, searched and paged; the first is counted, too
 * --mebibytes  instead of --rows, one dataset whose cpt.jsonl is at least this large
 *
 * The times go from the message to the thread to the answer's arrival, which is parsed as in the
 * panel. The event loop is that of the thread that waits, as the extension host would.
 */
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { InspectorThread } from "../../src/panels/inspector-thread.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import {
  type DatasetLook,
  type DatasetQuery,
  type DatasetSnapshot,
  firstLook,
  firstQuery,
  type FromInspector,
  type ToInspector,
} from "../../src/protocol/dataset.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: {
    rows: { type: "string", default: "1000,100000" },
    runs: { type: "string", default: "10" },
    mebibytes: { type: "string" },
  },
});
const runs = Number(values.runs);

/** The thread, and the messages that come from it. */
class Probe {
  readonly #thread: InspectorThread;
  #asked = 0;
  #heard: (message: FromInspector) => void = () => undefined;

  constructor() {
    const program = join(root, "dist", "inspector-worker.js");
    this.#thread = new InspectorThread(program, (message) => this.#heard(message));
  }

  dispose(): void {
    this.#thread.dispose();
  }

  /** Milliseconds until a snapshot fits. */
  async time(
    message: ToInspector,
    fits: (snapshot: DatasetSnapshot) => boolean,
  ): Promise<{ ms: number; snapshot: DatasetSnapshot }> {
    const start = performance.now();
    const answer = new Promise<DatasetSnapshot>((resolve, reject) => {
      this.#heard = (heard) => {
        if (heard.type === "snapshot") {
          if (fits(heard.snapshot)) resolve(heard.snapshot);
        } else if (heard.type !== "done") reject(new Error(heard.message));
      };
    });
    this.#thread.post(message);
    // Nothing else keeps the process alive: the thread does not.
    const alive = setInterval(() => undefined, 1000);
    const snapshot = await answer.finally(() => clearInterval(alive));
    return { ms: performance.now() - start, snapshot };
  }

  look(change: Partial<DatasetLook>): Promise<{ ms: number; snapshot: DatasetSnapshot }> {
    const asked = ++this.#asked;
    const look = { ...firstLook, ...change, asked };
    return this.time(
      { type: "look", look },
      (snapshot) => snapshot.look.asked === asked && snapshot.progress === undefined,
    );
  }

  query(change: Partial<DatasetQuery>): Promise<{ ms: number; snapshot: DatasetSnapshot }> {
    return this.look({ query: { ...firstQuery, ...change } });
  }
}

async function writeRows(folder: string, enough: (rows: number, bytes: number) => boolean) {
  const path = join(root, "media", "sample", "parcel-desk.md");
  const policy = parsePolicy(await readFile(path, "utf8"), { path: "parcel-desk.md" });
  const dataset = synthesize(policy, { seed: 1, command: "bench" });
  writeFileSync(join(folder, "dataset.json"), JSON.stringify(dataset.manifest));
  writeFileSync(join(folder, "sft.jsonl"), "");
  writeFileSync(join(folder, "exam.jsonl"), "");
  const file = createWriteStream(join(folder, "cpt.jsonl"));
  let [rows, bytes] = [0, 0];
  while (!enough(rows, bytes)) {
    const row = dataset.cpt[rows % dataset.cpt.length]!;
    const line = `${JSON.stringify({ ...row, id: `c-${rows}` })}\n`;
    rows++;
    bytes += line.length;
    if (!file.write(line)) await once(file, "drain");
  }
  file.end();
  await once(file, "finish");
}

const spread = (times: readonly number[]): string => {
  const sorted = [...times].sort((a, b) => a - b);
  const [least, most] = [sorted[0]!, sorted.at(-1)!];
  const median = sorted[Math.floor(sorted.length / 2)]!;
  return `median ${median.toFixed(0)} ms (${least.toFixed(0)}–${most.toFixed(0)}, n = ${times.length})`;
};

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

async function measure(folder: string): Promise<void> {
  const times: Record<string, number[]> = {};
  const note = (what: string, ms: number) => (times[what] ??= []).push(ms);
  let memory = 0;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  for (let run = 0; run < runs; run++) {
    const before = process.memoryUsage().rss;
    const probe = new Probe();
    const open: ToInspector = { type: "open", folder, look: firstLook };
    let shown: number | undefined;
    const start = performance.now();
    const whole = await probe.time(open, ({ rows, progress }) => {
      if (rows.length > 0) shown ??= performance.now() - start;
      return progress === undefined;
    });
    note("open, first rows", shown ?? whole.ms);
    note("open, all rows", whole.ms);
    const { total } = whole.snapshot;
    note("filter by kind", (await probe.query({ filters: { kind: ["question"] } })).ms);
    note("filter by category", (await probe.query({ filters: { category: ["factual"] } })).ms);
    note("sort by length", (await probe.query({ sort: { by: "size", descending: true } })).ms);
    note("search, few hits", (await probe.query({ search: `how many cities ${run}` })).ms);
    note("search, many hits", (await probe.query({ search: "parcel" })).ms);
    await probe.query({});
    for (let page = 0; page < 5; page++) {
      const offset = Math.floor((total * (page + 0.5)) / 5);
      note("page anywhere", (await probe.look({ offset, limit: 100, position: offset })).ms);
    }
    memory = Math.max(memory, process.memoryUsage().rss - before);
    probe.dispose();
  }
  delay.disable();
  for (const [what, of] of Object.entries(times)) console.log(`  ${what.padEnd(20)} ${spread(of)}`);
  console.log(`  memory of the thread at most ${mebibytes(memory)} (resident, n = ${runs})`);
  const [most, common] = [delay.max / 1e6, delay.percentile(99) / 1e6];
  console.log(
    `  the waiting thread stood still ${most.toFixed(0)} ms at most, 99 %: ${common.toFixed(0)} ms`,
  );
}

async function main(): Promise<void> {
  const sizes =
    values.mebibytes === undefined
      ? values.rows.split(",").map((rows) => ({ rows: Number(rows), bytes: 0 }))
      : [{ rows: 0, bytes: Number(values.mebibytes) * 2 ** 20 }];
  for (const size of sizes) {
    const folder = mkdtempSync(join(tmpdir(), "ingrain-bench-"));
    try {
      await writeRows(folder, (rows, bytes) => rows >= size.rows && bytes >= size.bytes);
      const { size: bytes } = statSync(join(folder, "cpt.jsonl"));
      console.log(
        `${size.rows > 0 ? `${size.rows.toLocaleString("en")} rows, ` : ""}${mebibytes(bytes)}`,
      );
      await measure(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

void main();
