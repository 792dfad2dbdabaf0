import type { Random } from "../synthesis/random.ts";
import { type Case, CaseFinder, type Ruled } from "./cases.ts";
import type { Database, Domain, TaskPlan, ValueField } from "./domain.ts";
import { Environment, lookUpName } from "./environment.ts";
import { type Knobs, styles } from "./knobs.ts";
import { declineTool, idName, transferTool } from "./tools.ts";
import type { Outcome, Value } from "./tree.ts";
import { distractors, type Stated, statements, userWords } from "./user-words.ts";
import type { Databases, Entry, Intent, Manifest, Query, Tool } from "./world.ts";
import { snake } from "./words.ts";

/** A task with all that its queries need. */
export interface Task extends Ruled {
  plan: TaskPlan;
  /** What the user gives for it. */
  given: readonly ValueField[];
}

interface Draft {
  id: string;
  cases: Case[];
  spoken: ReadonlyMap<string, Value>;
}

/**
 * Writes the queries, and settles the databases on the way: a record is made to lead where a query
 * wants it. The gold actions come from the solver; their hash from playing them.
 */
export class QueryWriter {
  readonly #domain: Domain;
  readonly #databases: readonly Database[];
  readonly #tasks: readonly Task[];
  readonly #finder: CaseFinder;
  readonly #knobs: Knobs;

  constructor(
    domain: Domain,
    databases: readonly Database[],
    tasks: readonly Task[],
    records: Databases,
    knobs: Knobs,
  ) {
    this.#domain = domain;
    this.#databases = databases;
    this.#tasks = tasks;
    this.#knobs = knobs;
    const [primary, ...linked] = databases;
    const links = new Map(linked.map(({ name, noun }) => [name, idName(noun)]));
    this.#finder = new CaseFinder(records, primary!.name, links);
  }

  /** Chooses what is asked, and changes the records until each query leads to a leaf. */
  plan(streamOf: (name: string) => Random): Draft[] {
    return Array.from({ length: this.#knobs.queries }, (_, i) => {
      const random = streamOf(`case/${i}`);
      const others = random.shuffle(this.#tasks.filter((_, at) => at !== i % this.#tasks.length));
      const tasks = [this.#tasks[i % this.#tasks.length]!, ...others];
      return this.#finder.find(tasks.slice(0, this.#knobs.intents), random);
    });
  }

  /** Puts a planned query into words and works out what is right; the records are settled now. */
  write(
    { id, cases, spoken }: Draft,
    number: number,
    random: Random,
    world: { databases: Databases; tools: readonly Tool[]; manifest: Manifest },
  ): Query {
    const style = this.#knobs.style === "mixed" ? random.pick(styles) : this.#knobs.style;
    const parts = cases.map((each) => this.#intent(each, id, spoken, random));
    const asked = parts.map(({ task, stated, outcome }) => ({
      act: task.plan.act,
      stated,
      wantsTerms: outcome.kind === "grant" && random.chance(0.4),
    }));
    const told = new Set(asked.flatMap(({ stated }) => stated.map(({ key }) => key)));
    const tested = new Set(
      cases.flatMap(({ task, turns }) =>
        turns.map(
          (turn) => task.tree.conditions.find((c) => c.id === turn.condition)!.variable.key,
        ),
      ),
    );
    const aside = distractors(
      this.#domain,
      cases[0]!.task.testable.filter(
        ({ variable }) => !told.has(variable.key) && !tested.has(variable.key),
      ),
      (testable) => this.#finder.facts(id, cases[0]!.task, spoken).get(testable.variable.key)!,
      this.#knobs.distractors,
      random,
    );
    const actions = [
      ...this.#lookUps(id, parts),
      ...parts.map(({ task, outcome }) => this.#action(id, task, outcome, spoken)),
    ];
    const environment = new Environment(world.databases, world.tools, world.manifest);
    for (const { tool, arguments: given } of actions) environment.call(tool, given);
    const granted = parts.filter((_, i) => asked[i]!.wantsTerms);
    return {
      id: `q-${String(number).padStart(4, "0")}`,
      style,
      instruction: userWords(style, id, asked, aside, random),
      intents: parts.map(({ intent }) => intent),
      distractors: aside.length,
      actions,
      outputs: granted.flatMap(({ outcome }) =>
        outcome.kind === "grant" ? [String(outcome.terms)] : [],
      ),
      reasoning: parts.map(({ reasoning }) => reasoning).join("\n"),
      hash: environment.hash,
    };
  }

  #intent(
    { task: ruled, turns, outcome: outcomeId }: Case,
    id: string,
    spoken: ReadonlyMap<string, Value>,
    random: Random,
  ): { task: Task; outcome: Outcome; intent: Intent; stated: Stated[]; reasoning: string } {
    const task = this.#tasks.find(({ tree }) => tree === ruled.tree)!;
    const { tree, testable } = task;
    const outcome = tree.outcomes.find((each) => each.id === outcomeId)!;
    const facts = this.#finder.facts(id, task, spoken);
    const tested = turns.map(
      (turn) => tree.conditions.find((each) => each.id === turn.condition)!.variable,
    );
    const recorded = tested.filter(({ source }) => source === "record").map(({ key }) => key);
    const missing = random.shuffle(recorded).slice(0, this.#knobs.missing);
    const keys = new Set(tested.map(({ key }) => key).filter((key) => !missing.includes(key)));
    for (const { name } of task.given) keys.add(`argument.${snake(name)}`);
    const stated = statements(
      this.#domain,
      testable.filter(({ variable }) => keys.has(variable.key)),
      facts,
      random,
    );
    const reasons = turns.map((turn) => {
      const { text } = tree.conditions.find((each) => each.id === turn.condition)!;
      return `${turn.condition} ${text}: ${turn.holds ? "yes" : "no"}`;
    });
    return {
      task,
      outcome,
      stated,
      intent: { task: tree.task, outcome: outcomeId, depth: turns.length, turns, missing },
      reasoning: `${reasons.join("; ")}. So ${outcomeId}: ${outcome.text}.`,
    };
  }

  /** What is missing is read from the records: first the one that leads to the others. */
  #lookUps(id: string, parts: readonly { task: Task; intent: Intent }[]): Entry[] {
    const wanted = new Set(
      parts.flatMap(({ task, intent }) =>
        task.testable
          .filter(({ variable }) => intent.missing.includes(variable.key))
          .map(({ variable }) => variable.database!),
      ),
    );
    if (wanted.size === 0) return [];
    const [primary, ...linked] = this.#databases;
    const row = this.#finder.row(id, primary!.name);
    return [primary!, ...linked.filter(({ name }) => wanted.has(name))].map(({ noun }) => ({
      tool: lookUpName(noun),
      arguments: { [idName(noun)]: row[idName(noun)] as string },
    }));
  }

  #action(
    id: string,
    { plan, given }: Task,
    outcome: Outcome,
    spoken: ReadonlyMap<string, Value>,
  ): Entry {
    const key = idName(this.#databases[0]!.noun);
    const request = snake(plan.name);
    switch (outcome.kind) {
      case "grant": {
        const values = given.map(({ name }): [string, Value] => [
          snake(name),
          spoken.get(`argument.${snake(name)}`)!,
        ]);
        const terms = outcome.terms;
        return { tool: request, arguments: { [key]: id, ...Object.fromEntries(values), terms } };
      }
      case "decline":
        return { tool: declineTool, arguments: { [key]: id, request, reason: outcome.reason } };
      case "transfer":
        return { tool: transferTool, arguments: { [key]: id, request, team: outcome.team } };
    }
  }
}
