import { z } from "zod";
import { jsonIn } from "../../synthesis/openai-endpoint.ts";
import { InputError } from "../../policy/errors.ts";
import type { ToolResult } from "../environment.ts";
import type { AgentTool } from "./agent.ts";
import type { ExamTask } from "./exam.ts";
import { type Literal, literalAt } from "./python-literals.ts";

/** The files of a folder of τ-bench or τ²-bench, by path; only those that are read. */
export type TauFiles = ReadonlyMap<string, string>;

export interface TauBenchmark {
  policy: string;
  tasks: ExamTask[];
  /** What is not there or is not read, and what that means for the exam; one line each. */
  gaps: string[];
}

const Call = z.object({ name: z.string(), arguments: z.record(z.string(), z.json()) });
type Call = z.infer<typeof Call>;

/** `Task(...)` of τ-bench (https://github.com/sierra-research/tau-bench). */
const TauTask = z.object({
  instruction: z.string(),
  actions: z.array(
    z
      .object({ name: z.string(), kwargs: z.record(z.string(), z.json()) })
      .transform(({ name, kwargs }): Call => ({ name, arguments: kwargs })),
  ),
  outputs: z.array(z.coerce.string()).default([]),
});

/** A task of τ²-bench's `tasks.json` (https://github.com/sierra-research/tau2-bench). */
const Tau2Task = z.looseObject({
  id: z.coerce.string(),
  user_scenario: z.looseObject({ instructions: z.union([z.string(), z.looseObject({})]) }),
  evaluation_criteria: z
    .looseObject({
      actions: z.array(z.looseObject(Call.shape)).nullish(),
      communicate_info: z.array(z.string()).nullish(),
    })
    .nullish(),
});

const FunctionTool = z.looseObject({
  type: z.literal("function"),
  function: z.looseObject({
    name: z.string(),
    description: z.string().default(""),
    parameters: z.unknown(),
  }),
});

interface Gold {
  id: string;
  instruction: string;
  actions: readonly Call[];
  outputs: readonly string[];
}

/**
 * Reads a benchmark in the format of τ-bench or τ²-bench, as far as that goes without running
 * Python. Tools are Python there: records are looked up in the data by their key, what else a tool
 * would answer is not known, and instead of the final database the actions that change something are
 * compared with the gold ones.
 *
 * @throws InputError that names each part without which there is no exam.
 */
export function readTau(files: TauFiles, folder: string): TauBenchmark {
  const named = (pattern: RegExp) => [...files.keys()].filter((path) => pattern.test(path)).sort();
  const policies = named(/^(?:wiki|policy|main_policy)\.md$/);
  const gold = readTasks(files, named);
  const tools = readTools(files, named, gold ?? []);
  const missing = [
    ...(policies.length === 0 ? ["the policy (wiki.md or policy.md)"] : []),
    ...(gold === undefined ? ["the tasks (tasks_test.py, tasks.py or tasks.json)"] : []),
  ];
  if (missing.length > 0) {
    throw new InputError(`not a benchmark: ${missing.join(" and ")} missing in ${folder}`);
  }
  const data = readData(files, named);
  const gaps = [
    ...(tools.declared
      ? []
      : [
          "tools: no schema was found, so their names and arguments are taken from the gold actions",
        ]),
    ...(data.tables.size === 0
      ? ["data: no JSON database was found, so that nothing can be looked up"]
      : []),
    ...data.unread.map((path) => `${path}: not read, as it is no JSON`),
    "tools: their Python is not run; actions are compared in place of the final database",
  ];
  return {
    policy: files.get(policies[0]!)!,
    gaps,
    tasks: gold!.map((task): ExamTask => {
      const { id, instruction, outputs } = task;
      return {
        id,
        instruction,
        outputs,
        axes: { actions: String(task.actions.filter(changes).length) },
        begin: () => stageOf(task, tools.tools, data.tables),
      };
    }),
  };
}

/** Reading tools are told by their names, as both benchmarks name them. */
const changes = ({ name }: Call): boolean =>
  !/^(?:get|find|list|search|calculate|think|check|lookup|look_up|verify)(?:_|$)/.test(name);

function readTasks(files: TauFiles, named: (pattern: RegExp) => string[]): Gold[] | undefined {
  const json = files.get("tasks.json");
  if (json !== undefined) {
    const parsed = z.array(Tau2Task).safeParse(jsonIn(json));
    if (!parsed.success) throw broken("tasks.json", parsed.error);
    return parsed.data.map(
      ({ id, user_scenario: { instructions }, evaluation_criteria: right }) => ({
        id,
        instruction: typeof instructions === "string" ? instructions : instructionOf(instructions),
        actions: right?.actions ?? [],
        outputs: right?.communicate_info ?? [],
      }),
    );
  }
  const path = ["tasks_test.py", "tasks.py", ...named(/^tasks\w*\.py$/)].find((each) =>
    files.has(each),
  );
  if (path === undefined) return undefined;
  const source = files.get(path)!;
  const found = [...source.matchAll(/\bTask\(/g)].map(({ index }) => literalAt(source, index));
  return found.map((literal, i): Gold => {
    const parsed = TauTask.safeParse(literal);
    if (!parsed.success) throw broken(`${path}, task ${i}`, parsed.error);
    return { id: String(i), ...parsed.data };
  });
}

const instructionOf = (parts: Record<string, unknown>): string =>
  ["reason_for_call", "known_info", "unknown_info", "task_instructions"]
    .flatMap((part) => {
      const words = parts[part];
      return typeof words === "string" && words !== "" ? [words] : [];
    })
    .join("\n");

const broken = (where: string, error: z.ZodError): InputError => {
  const issue = error.issues[0]!;
  return new InputError(`${where} cannot be read: ${issue.path.join(".")}: ${issue.message}`);
};

function readTools(
  files: TauFiles,
  named: (pattern: RegExp) => string[],
  gold: readonly Gold[],
): { tools: AgentTool[]; declared: boolean } {
  const declared = [
    ...named(/^tools\/(?!__)\w+\.py$/).flatMap((path): (Literal | undefined)[] => {
      const source = files.get(path)!;
      const at = /def get_info\([^]*?return\s*(?=\{)/.exec(source);
      return at === null ? [] : [literalAt(source, at.index + at[0].length)];
    }),
    ...[files.get("tools.json")].flatMap((text): unknown[] => {
      const list = text === undefined ? undefined : jsonIn(text);
      return Array.isArray(list) ? list : [];
    }),
  ].flatMap((value): AgentTool[] => {
    const { data } = FunctionTool.safeParse(value);
    if (data === undefined) return [];
    const { name, description, parameters } = data.function;
    return [{ type: "function", function: { name, description, parameters } }];
  });
  if (declared.length > 0) return { tools: declared, declared: true };
  const known = new Map<string, Set<string>>();
  for (const { name, arguments: given } of gold.flatMap(({ actions }) => actions)) {
    const names = known.get(name) ?? new Set();
    for (const key of Object.keys(given)) names.add(key);
    known.set(name, names);
  }
  const tools = [...known].map(([name, keys]): AgentTool => {
    const properties = Object.fromEntries([...keys].map((key) => [key, {}]));
    const parameters = { type: "object", properties };
    return {
      type: "function",
      function: { name, description: name.replaceAll("_", " "), parameters },
    };
  });
  return { tools, declared: false };
}

type Table = Readonly<Record<string, unknown>>;

function readData(
  files: TauFiles,
  named: (pattern: RegExp) => string[],
): { tables: Map<string, Table>; unread: string[] } {
  const tables = new Map<string, Table>();
  const isTable = (value: unknown): value is Table =>
    typeof value === "object" && value !== null && !Array.isArray(value);
  for (const path of named(/^data\/\w+\.json$/)) {
    const table = jsonIn(files.get(path)!);
    if (isTable(table)) tables.set(/(\w+)\.json$/.exec(path)![1]!, table);
  }
  const whole = jsonIn(files.get("db.json") ?? "");
  if (isTable(whole)) {
    for (const [name, table] of Object.entries(whole)) if (isTable(table)) tables.set(name, table);
  }
  return { tables, unread: named(/^db\.(?:toml|yaml|yml)$/) };
}

function stageOf(
  gold: Gold,
  tools: readonly AgentTool[],
  tables: ReadonlyMap<string, Table>,
): ReturnType<ExamTask["begin"]> {
  const done: Call[] = [];
  return {
    tools,
    call: (name, given): ToolResult => {
      if (!tools.some((tool) => tool.function.name === name)) {
        return { ok: false, error: `there is no tool "${name}"` };
      }
      const call = { name, arguments: given } as Call;
      if (changes(call)) {
        done.push(call);
        return { ok: true, result: "done" };
      }
      return lookUp(given, tables);
    },
    right: () => sameCalls(done, gold.actions.filter(changes)),
  };
}

/** A record by its key, in whichever table has it. */
function lookUp(given: Record<string, unknown>, tables: ReadonlyMap<string, Table>): ToolResult {
  for (const value of Object.values(given)) {
    for (const table of tables.values()) {
      if (typeof value === "string" && Object.hasOwn(table, value)) {
        return { ok: true, result: table[value] };
      }
    }
  }
  return { ok: false, error: "this look-up is not available here: only records by their id are" };
}

/** Whether two lists have the same calls; the order of independent calls is left open. */
function sameCalls(one: readonly Call[], other: readonly Call[]): boolean {
  const keys = (calls: readonly Call[]) => calls.map(keyOf).sort().join("\n");
  return keys(one) === keys(other);
}

function keyOf({ name, arguments: given }: Call): string {
  const sorted = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, sorted]);
}
