import { InputError } from "../policy/errors.ts";
import { toJsonl } from "../synthesis/jsonl.ts";
import { Random } from "../synthesis/random.ts";
import { identifierOf } from "../synthesis/synthesize.ts";
import { writeDocument } from "./document.ts";
import { domains } from "./domains/all.ts";
import type { Domain } from "./domain.ts";
import { type Knobs, renderers, requirePossible } from "./knobs.ts";
import { QueryWriter, type Task } from "./queries.ts";
import { makeRecords } from "./records.ts";
import { idName, toolsOf } from "./tools.ts";
import type { PolicyTree } from "./tree.ts";
import { testables } from "./variables.ts";
import { growTree } from "./workflow.ts";
import { type Databases, hashDatabases, type Manifest, type Query, type Tool } from "./world.ts";
import { snake } from "./words.ts";

/** A benchmark in memory. */
export interface Benchmark {
  manifest: Manifest;
  policy: string;
  databases: Databases;
  tools: Tool[];
  queries: Query[];
  trees: PolicyTree[];
}

/**
 * Makes a policy of controlled complexity with all that it takes to try an agent on it, after CC-Gen
 * (arXiv 2510.11588). The same seed and knobs give the same bytes on every platform.
 *
 * @param command the exact command, for the manifest.
 * @throws InputError when no such policy can be.
 */
export function generate(seed: number, knobs: Knobs, command: string): Benchmark {
  const streamOf = (name: string) => new Random(`${seed}/${name}`);
  const domain = domainOf(knobs, streamOf("domain"));
  requirePossible(knobs, domain);
  const renderer = knobs.renderer ?? streamOf("renderer").pick(renderers);
  const organisation = streamOf("organisation").pick(domain.organisations);
  const databases = domain.databases.slice(0, knobs.databases);
  const title = `${organisation}: ${domain.desk}`;

  const plans = streamOf("tasks").shuffle(domain.tasks).slice(0, knobs.tasks);
  const tasks = plans.map((plan, i): Task => {
    const given = streamOf(`arguments/${plan.name}`)
      .shuffle(domain.arguments)
      .slice(0, knobs.arguments);
    const testable = testables(domain, knobs, given);
    const random = streamOf(`workflow/${plan.name}`);
    return { plan, given, testable, tree: growTree(plan, i + 1, domain, knobs, testable, random) };
  });
  const chapters = tasks.map((task, i) => ({ ...task, number: i + 1 }));
  const { text, trees } = writeDocument(
    { title, organisation, domain, databases, chapters, knobs, renderer },
    streamOf("document"),
  );

  const records = makeRecords(domain, databases, knobs, (name) => streamOf(`environment/${name}`));
  const writer = new QueryWriter(domain, databases, tasks, records, knobs);
  const drafts = writer.plan((name) => streamOf(`query/${name}`));
  const reasons = [...new Set(trees.flatMap(({ conditions }) => conditions.map(columnOf)))];
  const tools = toolsOf(domain, databases, tasks, reasons.toSorted());
  const manifest: Manifest = {
    version: 1,
    title,
    identifier: identifierOf(title),
    domain: domain.id,
    person: domain.person,
    renderer,
    seed,
    knobs: { ...knobs },
    primary: databases[0]!.name,
    databases: databases.map(({ name, noun }) => ({ name, noun, id: idName(noun) })),
    tasks: plans.map(({ name }) => snake(name)),
    hash: hashDatabases(records),
    command,
  };
  const world = { databases: records, tools, manifest };
  const queries = drafts.map((draft, i) =>
    writer.write(draft, i + 1, streamOf(`query/words/${i}`), world),
  );
  return { manifest, policy: text, databases: records, tools, queries, trees };
}

const columnOf = ({ variable }: PolicyTree["conditions"][number]): string => variable.column;

/** @throws InputError when there is no such business. */
function domainOf({ domain }: Knobs, random: Random): Domain {
  if (domain === undefined) return random.pick(domains);
  const found = domains.find(({ id }) => id === domain);
  if (found === undefined) {
    const known = domains.map(({ id }) => id).join(", ");
    throw new InputError(`there is no business "${domain}"; there are: ${known}`);
  }
  return found;
}

/** The files of a benchmark, by their path in its folder. */
export function serializeBenchmark(benchmark: Benchmark): Record<string, string> {
  const { manifest, policy, databases, tools, queries, trees } = benchmark;
  const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return {
    "benchmark.json": json(manifest),
    "policy.md": policy,
    ...Object.fromEntries(
      Object.entries(databases).map(([name, table]) => [`databases/${name}.json`, json(table)]),
    ),
    "tools.json": json(tools),
    "tasks.jsonl": toJsonl(queries),
    "policy-trees.json": json({ version: 1, trees }),
  };
}
