import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { domains } from "../../../src/benchmark/domains/all.ts";
import { Environment } from "../../../src/benchmark/environment.ts";
import { type Benchmark, generate, serializeBenchmark } from "../../../src/benchmark/generate.ts";
import { type KnobSettings, readKnobs, renderers } from "../../../src/benchmark/knobs.ts";
import { depthOf, pathsOf, testsOf, type TreeNode } from "../../../src/benchmark/tree.ts";
import type { Arguments, Entry, Query, Row } from "../../../src/benchmark/world.ts";
import { Random } from "../../../src/synthesis/random.ts";

const make = (seed: number, settings: KnobSettings = {}): Benchmark =>
  generate(seed, readKnobs(settings), "test");

const settings = fc.record({
  databases: fc.integer({ min: 1, max: 4 }),
  fields: fc.integer({ min: 2, max: 6 }),
  records: fc.integer({ min: 1, max: 30 }),
  tasks: fc.integer({ min: 3, max: 12 }),
  arguments: fc.integer({ min: 1, max: 4 }),
  depth: fc.integer({ min: 2, max: 6 }),
  branching: fc.integer({ min: 1, max: 4 }),
  intents: fc.integer({ min: 1, max: 3 }),
  missing: fc.integer({ min: 0, max: 2 }),
  distractors: fc.integer({ min: 0, max: 4 }),
  queries: fc.constant(12),
  renderer: fc.constantFrom(...renderers),
});
const seeds = fc.integer({ min: 0, max: 1_000_000 });

function play({ databases, tools, manifest }: Benchmark, actions: readonly Entry[]): string {
  const environment = new Environment(databases, tools, manifest);
  for (const { tool, arguments: given } of actions) environment.call(tool, given);
  return environment.hash;
}

/** Any call that is right in form and changes something. */
function randomCall({ tools, databases, manifest }: Benchmark, random: Random): Entry {
  const changing = tools.filter(({ function: { name } }) => !name.startsWith("get_"));
  const { name, parameters } = random.pick(changing).function;
  const ids = Object.keys(databases[manifest.primary]!);
  const given: Arguments = Object.fromEntries(
    Object.entries(parameters.properties).map(([key, property]) => {
      const options = property.enum ?? (property.type === "number" ? [random.int(1, 50)] : ids);
      return [key, random.pick<string | number>(options)];
    }),
  );
  return { tool: name, arguments: given };
}

const same = (one: Entry, other: Entry) => JSON.stringify(one) === JSON.stringify(other);
const changes = ({ tool }: Entry) => !tool.startsWith("get_");

describe("the gold trajectories", () => {
  test("reach the gold hash, whatever the knobs; wrong ones never do", () => {
    fc.assert(
      fc.property(seeds, settings, (seed, given) => {
        const benchmark = make(seed, given);
        const random = new Random(seed);
        for (const query of benchmark.queries) {
          expect(play(benchmark, query.actions)).toBe(query.hash);
          for (const wrong of wrongWays(benchmark, query, random)) {
            expect(play(benchmark, wrong)).not.toBe(query.hash);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  /** An action left out, one done twice, one too many, and one replaced by any other. */
  function wrongWays(benchmark: Benchmark, { actions }: Query, random: Random): Entry[][] {
    const place = random.pick(actions.flatMap((each, i) => (changes(each) ? [i] : [])));
    const other = randomCall(benchmark, random);
    return [
      actions.filter((_, i) => i !== place),
      [...actions, actions[place]!],
      [...actions, other],
      ...(actions.some((each) => same(each, other)) ? [] : [actions.with(place, other)]),
    ];
  }

  test("only call what the tools allow", () => {
    const benchmark = make(3, { intents: 2, missing: 2, databases: 4, arguments: 3 });
    const { databases, tools, manifest, queries } = benchmark;
    for (const { actions } of queries) {
      const environment = new Environment(databases, tools, manifest);
      for (const { tool, arguments: given } of actions) {
        expect(environment.call(tool, given)).toMatchObject({ ok: true });
      }
    }
  });

  test("do not depend on the order of independent requests", () => {
    const benchmark = make(5, { intents: 3 });
    for (const { actions, hash } of benchmark.queries) {
      expect(play(benchmark, actions.toReversed())).toBe(hash);
    }
  });

  /** The record of a database that the actions of a query are about. */
  function rowOf(
    databases: Benchmark["databases"],
    { primary, databases: all }: Benchmark["manifest"],
    actions: readonly Entry[],
    database: string,
  ): Row {
    const idOf = (name: string) => all.find((each) => each.name === name)!.id;
    const row = databases[primary]![String(actions.at(-1)!.arguments[idOf(primary)])]!;
    return database === primary ? row : databases[database]![row[idOf(database)] as string]!;
  }

  test("are decided by what the user says and what can be looked up", () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { queries, trees, manifest, databases } = make(seed, { missing: 1, databases: 3 });
      for (const { instruction, intents, actions } of queries) {
        const rows = actions.flatMap(({ tool, arguments: given }) => {
          const read = manifest.databases.find(
            ({ noun }) => tool === `get_${noun.replaceAll(" ", "_")}`,
          );
          return read === undefined ? [] : [databases[read.name]![String(given[read.id])]!];
        });
        for (const { task, turns, missing } of intents) {
          const tree = trees.find((each) => each.task === task)!;
          for (const { condition: id } of turns) {
            const { variable } = tree.conditions.find((each) => each.id === id)!;
            if (missing.includes(variable.key)) {
              expect(rows.some((row) => variable.column in row)).toBe(true);
            } else if (variable.database !== undefined) {
              const value = rowOf(databases, manifest, actions, variable.database)[variable.column];
              // What is a yes or a no is told as a clause of its own.
              if (typeof value === "string" || typeof value === "number") {
                expect(instruction).toContain(String(value));
              }
            }
          }
        }
      }
    }
  });
});

describe("the trees", () => {
  test("have exactly the depth and width asked for, and never ask twice on a way", () => {
    fc.assert(
      fc.property(seeds, settings, (seed, given) => {
        const { trees } = make(seed, { ...given, queries: 1 });
        for (const { root, conditions } of trees) {
          expect(depthOf(root)).toBe(given.depth);
          const widths = Array.from({ length: given.depth }, (_, level) =>
            Math.min(given.branching, 2 ** level),
          );
          expect(testsOf(root)).toBe(widths.reduce((sum, width) => sum + width, 0));
          for (const { turns } of pathsOf(root)) {
            const keys = turns.map(
              ({ condition }) => conditions.find(({ id }) => id === condition)!.variable.key,
            );
            expect(new Set(keys).size).toBe(keys.length);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test("say different things on the two sides of every test", () => {
    const check = (node: TreeNode): void => {
      if (node.kind === "leaf") return;
      expect(JSON.stringify(node.yes)).not.toBe(JSON.stringify(node.no));
      check(node.yes);
      check(node.no);
    };
    for (let seed = 0; seed < 20; seed++) {
      for (const { root } of make(seed, { depth: 4, branching: 3, queries: 1 }).trees) check(root);
    }
  });

  test("know where the document says each condition and each outcome", () => {
    for (const renderer of renderers) {
      const { policy, trees } = make(7, { renderer, depth: 4, branching: 3, queries: 1 });
      for (const { conditions, outcomes, places } of trees) {
        for (const { id } of [...conditions, ...outcomes]) {
          expect(places[id]!.length).toBeGreaterThan(0);
          for (const { start, end } of places[id]!) {
            expect(policy.slice(start, end)).toMatch(/^[\p{L}].*[\p{L}\p{N}]$/u);
          }
        }
      }
    }
  });
});

describe("the bytes", () => {
  test("are the same for the same seed and knobs, here and everywhere", () => {
    const files = serializeBenchmark(make(1));
    expect(serializeBenchmark(make(1))).toEqual(files);
    const hash = bytesToHex(sha256(utf8ToBytes(JSON.stringify(files))));
    expect(hash).toMatchInlineSnapshot(
      `"26cf601d9899492f0361fb7b948a422b057747dcbadb56647b68a9a1ef28ef56"`,
    );
  });

  test("are the same everywhere for every business and every way of writing", () => {
    const hashes = domains.map(({ id }, i) => {
      const settings = { domain: id, renderer: renderers[i % renderers.length]!, queries: 12 };
      const files = serializeBenchmark(make(i, { ...settings, intents: 2, missing: 1 }));
      return `${id} ${bytesToHex(sha256(utf8ToBytes(JSON.stringify(files)))).slice(0, 12)}`;
    });
    expect(hashes).toMatchInlineSnapshot(`
      [
        "airline 4d674143e62c",
        "bank fdf8b8c2fb6f",
        "clinic 63163f026a22",
        "energy 651436196b75",
        "hotel 709aa41d5f87",
        "insurance fe4fe448d16f",
        "library c06353ee7ceb",
        "parcels 1694557ffa80",
        "parking 31bcaa80c894",
        "rental 3e9a53695a3c",
        "retail 3c251c2fda1c",
        "telecom 6070e232d286",
        "university 5f7ccdc3bd2a",
      ]
    `);
  });

  test("differ for another seed", () => {
    expect(make(1).policy).not.toBe(make(2).policy);
  });
});

describe("the knobs", () => {
  const only = (settings: KnobSettings) =>
    make(11, { domain: "hotel", renderer: "prose", ...settings });
  const usual = only({});

  test("of the environment leave tasks and depth alone", () => {
    const more = only({ databases: 4, fields: 6, records: 50 });
    expect(more.manifest.tasks).toEqual(usual.manifest.tasks);
    expect(more.trees.map(({ depth }) => depth)).toEqual(usual.trees.map(({ depth }) => depth));
    expect(Object.keys(more.databases)).toHaveLength(4);
    for (const table of Object.values(more.databases)) expect(Object.keys(table)).toHaveLength(50);
  });

  test("of the tasks leave the trees that were there, and the records, alone", () => {
    const more = only({ tasks: 12 });
    expect(more.trees).toHaveLength(12);
    const shapes = (trees: Benchmark["trees"]) => trees.map(({ task, root }) => [task, root]);
    expect(shapes(more.trees.slice(0, 6))).toEqual(shapes(usual.trees));
  });

  test("of the workflow leave environment and tasks alone", () => {
    const deep = only({ depth: 6, branching: 4, queries: 1 });
    expect(deep.manifest.tasks).toEqual(usual.manifest.tasks);
    expect(Object.keys(deep.databases["bookings"]!)).toEqual(
      Object.keys(usual.databases["bookings"]!),
    );
  });

  test("of the query leave the document alone", () => {
    const hard = only({ intents: 3, missing: 2, distractors: 4, style: "chatty" });
    expect(hard.policy).toBe(usual.policy);
    expect(hard.queries.every(({ intents }) => intents.length === 3)).toBe(true);
    expect(hard.queries.every(({ distractors }) => distractors === 4)).toBe(true);
    expect(hard.queries.every(({ style }) => style === "chatty")).toBe(true);
  });

  test("that cannot be are refused in a sentence", () => {
    const small = { databases: 1, fields: 1, arguments: 0 };
    expect(() => make(1, { ...small, depth: 5 })).toThrow(
      "a rule of depth 5 tests 5 different things, and there are only 4: 1 fields on record and 3 that the user says",
    );
    expect(() => make(1, { tasks: 1, intents: 2 })).toThrow(/2 intents needs as many tasks/);
    expect(() => make(1, { depth: 1, missing: 3 })).toThrow(/cannot be missing/);
    expect(() => make(1, { domain: "zoo" })).toThrow(/no business "zoo"; there are: airline/);
    expect(() => readKnobs({ depht: 3 })).toThrow(/no knob "depht"/);
    expect(() => readKnobs({ depth: 9 })).toThrow('the knob "depth" may be 6 at most');
    expect(() => readKnobs({ style: "rude" })).toThrow(/must be one of plain, terse/);
  });
});

describe("the businesses", () => {
  test.each(domains.map((domain) => [domain.id, domain] as const))(
    "%s is complete",
    (_, domain) => {
      expect(domain.databases).toHaveLength(4);
      for (const { fields } of domain.databases) expect(fields).toHaveLength(6);
      expect(domain.databases[1]!.noun).toBe(domain.person);
      expect(new Set(domain.tasks.map(({ name }) => name)).size).toBe(12);
      expect(domain.arguments).toHaveLength(4);
      expect(domain.said).toHaveLength(3);
      for (const { terms } of domain.tasks) expect(domain.terms).toHaveProperty(terms);
      for (const terms of Object.values(domain.terms)) {
        expect(new Set<string | number>(terms.values).size).toBeGreaterThanOrEqual(5);
      }
      const names = [
        ...domain.databases.flatMap(({ fields }) => fields),
        ...domain.arguments,
        ...domain.said,
      ].map(({ name }) => name);
      expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
    },
  );

  test("are at least twelve, each with an id of its own", () => {
    expect(new Set(domains.map(({ id }) => id)).size).toBeGreaterThanOrEqual(12);
  });
});
