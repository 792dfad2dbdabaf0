/**
 * How long typing keeps the extension host busy on a long policy, and what reading it whole takes
 * beside other tools:
 *
 *     npx tsx test/bench/typing.ts [--words 40000] [--linters FOLDER]
 *
 * A keystroke is all that is done until the hints of a screen are there: the edit of the document,
 * the reading, the ids, the layout of the hints. Other work on the machine counts in what the clock
 * tells; the processor's time leaves it out, and takes in what runs beside: the collection of
 * garbage, the compiler. The first keystrokes are measured too.
 *
 * The other linters are measured where a folder has them; this project does not need them:
 *
 *     npm install --prefix FOLDER markdownlint@0.42 textlint@15 \
 *       textlint-rule-no-todo@2 textlint-rule-common-misspellings@1
 */
import { parseArgs } from "node:util";
import remarkParse from "remark-parse";
import { unified } from "unified";
import { layoutHints } from "../../src/editor/hint-layout.ts";
import { LivePolicy } from "../../src/editor/live-policy.ts";
import { parsePolicy } from "../../src/policy/parse.ts";
import { countWords } from "../../src/policy/tokens.ts";
import { loadLinters } from "./linters.ts";
import { longPolicy } from "./long-policy.ts";

const { values } = parseArgs({
  options: { words: { type: "string", default: "40000" }, linters: { type: "string" } },
});
const text = longPolicy(Number(values.words));
const path = "policy.md";
const logger = { debug: () => undefined, warn: (line: string) => console.warn(line) };

/** What is typed at each place, letter by letter; `<` takes a letter back. */
const typed =
  " If the parcel is late, refund 5 euros.\n\n- Greet Anna<<<<the caller.\n\n## Fees\n\nPay.";
/** UTF-16 code units before and after the cursor: a screen. */
const screen = 3000;

interface Times {
  clock: number[];
  processor: number[];
}

/** Runs something once, and adds how long it took, in milliseconds. */
async function time<T>({ clock, processor }: Times, work: () => Promise<T> | T): Promise<T> {
  const used = process.cpuUsage();
  const started = performance.now();
  const result = await work();
  clock.push(performance.now() - started);
  const { user, system } = process.cpuUsage(used);
  processor.push((user + system) / 1000);
  return result;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Number(sorted[Math.ceil(q * sorted.length) - 1]!.toFixed(1));
}

const row = ({ clock, processor }: Times) => ({
  "median, ms": quantile(clock, 0.5),
  "p95, ms": quantile(clock, 0.95),
  "max, ms": quantile(clock, 1),
  "median, ms of processor": quantile(processor, 0.5),
  "p95, ms of processor": quantile(processor, 0.95),
});

async function typeAt(share: number): Promise<Times> {
  const live = new LivePolicy({ path, previous: undefined, model: undefined, logger });
  let now = text;
  await live.update(now, []);
  let at = now.indexOf(". ", Math.floor(share * now.length)) + 1;
  const times: Times = { clock: [], processor: [] };
  for (const letter of typed.repeat(2)) {
    const back = letter === "<";
    const edit = { start: back ? at - 1 : at, end: at, text: back ? "" : letter };
    now = now.slice(0, edit.start) + edit.text + now.slice(edit.end);
    at = edit.start + edit.text.length;
    const hints = await time(times, async () => {
      const parsed = await live.update(now, [edit]);
      return layoutHints(parsed?.statements ?? [], now, at - screen, at + screen);
    });
    if (hints.length === 0) throw new Error("There are no hints.");
  }
  return times;
}

/** Loads the policy, and tells how long others wait for a turn at most, in milliseconds. */
async function longestWait(): Promise<number> {
  let longest = 0;
  let last = performance.now();
  let loading = true;
  const watch = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (loading) setImmediate(watch);
  };
  setImmediate(watch);
  await new LivePolicy({ path, previous: undefined, model: undefined, logger }).update(text, []);
  loading = false;
  return Number(longest.toFixed(1));
}

async function main(): Promise<void> {
  const { words, lines } = { words: countWords(text), lines: text.split("\n").length };
  console.log(`${words} words, ${text.length} code units, ${lines} lines; Node ${process.version}`);
  const cold = await longestWait();
  const warm = [await longestWait(), await longestWait(), await longestWait()];
  console.log(`Loading keeps others waiting ${cold} ms at most at first, then ${warm.join(", ")}.`);

  const places = { start: 0.01, middle: 0.5, end: 0.99 };
  const typing: Record<string, object> = {};
  for (const [place, share] of Object.entries(places)) typing[place] = row(await typeAt(share));
  console.log("\nA keystroke, to the hints:");
  console.table(typing);

  const remark = unified().use(remarkParse);
  const linters = values.linters === undefined ? [] : await loadLinters(values.linters);
  const readers: Record<string, () => unknown> = {
    "remark-parse alone": () => remark.parse(text),
    "statements, categories, trees": () => parsePolicy(text, { path }),
    ...Object.fromEntries(linters.map(({ name, lint }) => [name, () => lint(text)])),
  };
  const whole: Record<string, Times> = {};
  for (let round = 0; round < 5; round++) {
    for (const [name, read] of Object.entries(readers)) {
      await time((whole[name] ??= { clock: [], processor: [] }), read);
    }
  }
  console.log("\nThe whole policy, 5 times:");
  console.table(
    Object.fromEntries(Object.entries(whole).map(([name, times]) => [name, row(times)])),
  );
}

void main();
