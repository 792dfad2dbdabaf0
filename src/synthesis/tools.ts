import { z } from "zod";
import { InputError } from "../policy/errors.ts";

/** The part of JSON Schema that arguments are made from; other keywords are checked, not read. */
export interface ArgumentSchema {
  type?: string | undefined;
  description?: string | undefined;
  enum?: unknown[] | undefined;
  const?: unknown;
  default?: unknown;
  examples?: unknown[] | undefined;
  format?: string | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  items?: ArgumentSchema | undefined;
  properties?: Record<string, ArgumentSchema> | undefined;
  required?: string[] | undefined;
}

const ArgumentSchema: z.ZodType<ArgumentSchema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    description: z.string().optional(),
    enum: z.array(z.unknown()).min(1).optional(),
    const: z.unknown().optional(),
    default: z.unknown().optional(),
    examples: z.array(z.unknown()).optional(),
    format: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    items: ArgumentSchema.optional(),
    properties: z.record(z.string(), ArgumentSchema).optional(),
    required: z.array(z.string()).optional(),
  }),
);

const Parameters = z.looseObject({
  type: z.literal("object"),
  properties: z.record(z.string(), ArgumentSchema).default({}),
  required: z.array(z.string()).default([]),
});

const name = z.string().regex(/^[\w.-]{1,64}$/, "a name has letters, digits, _, - and . only");
const described = { name, description: z.string().optional() };
const noParameters = { type: "object" as const, properties: {}, required: [] };

const Function = z.object({ ...described, parameters: Parameters.default(noParameters) });
const OpenAiTool = z.object({ type: z.literal("function"), function: Function });
const McpTool = z.object({ ...described, inputSchema: Parameters });

/** A tool that the policy's agent can call. */
export type Tool = z.infer<typeof Function>;

/**
 * Reads the tools of a policy: a list of OpenAI function schemas (also under the key `tools`), or
 * what an MCP server answers to `tools/list`, with or without the JSON-RPC around it.
 * @param file names the file in an error.
 * @throws InputError that says which tool is wrong and how.
 */
export function parseTools(text: string, file: string): Tool[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError(`${file}: not JSON.`);
  }
  const listed = z.object({ result: z.unknown() }).safeParse(value);
  const page = listed.success ? listed.data.result : value;
  const keyed = z.object({ tools: z.unknown(), nextCursor: z.string().optional() }).safeParse(page);
  if (keyed.success && keyed.data.nextCursor) {
    throw new InputError(`${file}: the list of tools goes on (nextCursor); save all of it.`);
  }
  const list = z.array(z.unknown()).safeParse(keyed.success ? keyed.data.tools : page);
  if (!list.success) {
    throw new InputError(`${file}: neither a list of tools nor an object with the key "tools".`);
  }
  if (list.data.length === 0) throw new InputError(`${file}: the list of tools is empty.`);
  const tools = list.data.map((entry, index) => toolOf(entry, `${file}: tool ${index + 1}`));
  const seen = new Set<string>();
  for (const { name } of tools) {
    if (seen.has(name)) throw new InputError(`${file}: two tools have the name ${name}.`);
    seen.add(name);
  }
  return tools;
}

function toolOf(entry: unknown, where: string): Tool {
  const shape = z.looseObject({}).safeParse(entry);
  if (!shape.success) throw new InputError(`${where}: not an object.`);
  const tool =
    "function" in shape.data
      ? check(OpenAiTool, entry, where).function
      : "inputSchema" in shape.data
        ? fromMcp(check(McpTool, entry, where))
        : check(Function, entry, where);
  const { properties, required } = tool.parameters;
  const unknown = required.find((key) => !(key in properties));
  if (unknown !== undefined) {
    throw new InputError(`${where} (${tool.name}): "${unknown}" is required and not described.`);
  }
  return tool;
}

function fromMcp({ inputSchema, ...tool }: z.infer<typeof McpTool>): Tool {
  return { ...tool, parameters: inputSchema };
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  entry: unknown,
  where: string,
): z.output<Schema> {
  const parsed = schema.safeParse(entry);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw new InputError(`${where}: ${path.join(".") || "tool"}: ${message}`);
}

/** The column `tools` of a row: TRL takes the JSON text of a list of OpenAI function schemas. */
export function toolsColumn(tools: readonly Tool[]): string {
  return JSON.stringify(tools.map((tool) => ({ type: "function", function: tool })));
}
