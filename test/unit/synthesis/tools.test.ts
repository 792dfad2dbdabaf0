import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { InputError } from "../../../src/policy/errors.ts";
import { parsePolicy } from "../../../src/policy/parse.ts";
import { accepts, argumentsFor } from "../../../src/synthesis/arguments.ts";
import { SftRow } from "../../../src/synthesis/dataset.ts";
import { Random } from "../../../src/synthesis/random.ts";
import { synthesize } from "../../../src/synthesis/synthesize.ts";
import { parseTools } from "../../../src/synthesis/tools.ts";

const schema = {
  type: "object",
  properties: {
    order_id: { type: "string", description: "The order, such as '#W0000000'." },
    reason: { type: "string", enum: ["no longer needed", "ordered by mistake"] },
  },
  required: ["order_id", "reason"],
};
const openAi = [
  {
    type: "function",
    function: { name: "cancel_pending_order", description: "Cancel it.", parameters: schema },
  },
  { type: "function", function: { name: "send_voucher" } },
];
const mcp = {
  tools: [
    { name: "cancel_pending_order", description: "Cancel it.", inputSchema: schema },
    { name: "send_voucher", inputSchema: { type: "object" } },
  ],
};
const read = (value: unknown) => parseTools(JSON.stringify(value), "tools.json");

describe("parseTools", () => {
  it("reads OpenAI's schema and an MCP server's list alike", () => {
    const tools = read(openAi);
    expect(tools.map(({ name }) => name)).toEqual(["cancel_pending_order", "send_voucher"]);
    expect(tools[0]!.parameters.required).toEqual(["order_id", "reason"]);
    for (const form of [
      { tools: openAi },
      mcp,
      { jsonrpc: "2.0", id: 1, result: mcp },
      openAi.map(({ function: tool }) => tool),
    ]) {
      expect(read(form)).toEqual(tools);
    }
  });

  it.each<[string, unknown, RegExp]>([
    ["a word", "tools", /neither a list of tools nor/],
    ["an object", { functions: [] }, /neither a list of tools nor/],
    ["nothing", [], /the list of tools is empty/],
    ["a page", { ...mcp, nextCursor: "2" }, /goes on \(nextCursor\)/],
    ["a number", [1], /tool 1: not an object/],
    ["no name", [{ type: "function", function: {} }], /tool 1: function\.name/],
    ["a bad name", [{ name: "a b", inputSchema: { type: "object" } }], /tool 1: name/],
    ["another type", [{ type: "retrieval", function: { name: "a" } }], /tool 1: type/],
    ["a schema of a text", [{ name: "a", inputSchema: { type: "string" } }], /inputSchema\.type/],
    [
      "a requirement of nothing",
      [{ name: "a", inputSchema: { type: "object", required: ["b"] } }],
      /tool 1 \(a\): "b" is required and not described/,
    ],
    ["the same twice", [openAi[0], openAi[0]], /two tools have the name cancel_pending_order/],
  ])("refuses %s in one line", (_, value, message) => {
    expect(() => read(value)).toThrow(InputError);
    expect(() => read(value)).toThrow(message);
    expect(() => read(value)).toThrow(/^tools\.json: [^\n]+$/);
  });

  it("refuses what is not JSON", () => {
    expect(() => parseTools("[", "tools.json")).toThrow("tools.json: not JSON.");
  });
});

test("arguments keep to their schema, or there are none", () => {
  const leaf = fc.oneof(
    fc.constant({ type: "string" }),
    fc.constant({ type: "boolean" }),
    fc.record({ type: fc.constantFrom("integer", "number"), minimum: fc.integer({ max: 50 }) }),
    fc.record({ type: fc.constant("string"), enum: fc.array(fc.string(), { minLength: 1 }) }),
    fc.constant({ type: "string", pattern: "^never[0-9]{40}$" }),
  );
  const any = fc.oneof(
    leaf,
    fc.record({ type: fc.constant("array"), items: leaf }),
    fc
      .dictionary(fc.constantFrom("city", "zip", "note"), leaf)
      .map((properties) => ({ type: "object", properties, required: Object.keys(properties) })),
  );
  const names = fc.constantFrom("order_id", "email", "amount", "item_ids", "flag", "zip");
  fc.assert(
    fc.property(fc.dictionary(names, any), fc.nat(), (properties, seed) => {
      const parameters = { type: "object", properties, required: Object.keys(properties) };
      const [tool] = read([{ name: "do_it", inputSchema: parameters }]);
      const made = argumentsFor(tool!, "Anna", new Random(seed));
      if (made) expect(accepts(tool!.parameters, made)).toBe(true);
      const impossible = JSON.stringify(parameters).includes("never");
      if (impossible) expect(made).toBeUndefined();
    }),
  );
});

describe("trajectories with tools", () => {
  const policy = parsePolicy(
    `# Shop

- An order can only be cancelled if its status is 'pending'.
- An order can only be returned if its status is 'delivered'.
- If a parcel is lost, apologise with send_voucher.
- Greet every customer.
`,
    { path: "shop.md" },
  );
  const { sft } = synthesize(policy, { seed: 1, command: "test", tools: read(openAi) });
  const callsOf = (row: SftRow) => row.completion.flatMap(({ tool_calls }) => tool_calls ?? []);
  const of = (start: string) => {
    const { id } = policy.statements.find(({ text }) => text.startsWith(start))!;
    return sft.filter(({ statements }) => statements.includes(id));
  };

  it("end in a call where a tool carries the outcome out, and in words elsewhere", () => {
    const cancelling = of("An order can only be cancelled");
    const called = cancelling.filter((row) => callsOf(row).length > 0);
    expect(called.length).toBeGreaterThan(3);
    expect(called.length).toBeLessThan(cancelling.length);
    for (const row of cancelling) {
      const pending = /pending/.test(row.completion[0]!.content.split("; ").at(-1)!);
      expect(pending).toBe(true);
      const allowed = row.completion[0]!.content.includes("'pending': yes");
      expect(callsOf(row).map((call) => call.function.name)).toEqual(
        allowed ? ["cancel_pending_order"] : [],
      );
    }
    // No tool of these returns orders; greeting needs none.
    for (const start of ["An order can only be returned", "Greet"]) {
      for (const row of of(start)) expect(callsOf(row)).toEqual([]);
    }
    const named = of("If a parcel").flatMap(callsOf);
    expect(new Set(named.map((call) => call.function.name))).toEqual(new Set(["send_voucher"]));
  });

  it("say every argument before the call, and have it confirmed", () => {
    for (const row of sft) {
      for (const { function: called } of callsOf(row)) {
        const said = row.prompt.filter(({ role }) => role === "user").map(({ content }) => content);
        for (const value of Object.values(called.arguments)) {
          expect(said.join("\n")).toContain(value);
        }
        expect(row.prompt.at(-1)!.content).toMatch(/^(?:Yes|That is right)/);
      }
    }
  });

  it("carry the tools as the text that TRL reads, and fit their schema", () => {
    for (const row of sft) {
      expect(SftRow.parse(row)).toEqual(row);
      expect(JSON.parse(row.tools!)).toMatchObject([
        { type: "function", function: { name: "cancel_pending_order", parameters: schema } },
        { type: "function", function: { name: "send_voucher" } },
      ]);
    }
    const without = synthesize(policy, { seed: 1, command: "test" });
    for (const row of without.sft) {
      expect(row.tools).toBeUndefined();
      expect(callsOf(row)).toEqual([]);
    }
  });
});
