import type { Database, Domain, Field, TaskPlan, ValueField } from "./domain.ts";
import { lookUpName } from "./environment.ts";
import type { Tool } from "./world.ts";
import { a, capital, snake } from "./words.ts";

type Property = Tool["function"]["parameters"]["properties"][string];

/** "booking_id" */
export const idName = (noun: string): string => `${snake(noun)}_id`;

export const declineTool = "decline_request";
export const transferTool = "transfer_request";

/** The tools of an environment, as functions of the OpenAI API. */
export function toolsOf(
  domain: Domain,
  databases: readonly Database[],
  tasks: readonly { plan: TaskPlan; given: readonly ValueField[] }[],
  reasons: readonly string[],
): Tool[] {
  const id = idName(databases[0]!.noun);
  const request = {
    type: "string" as const,
    enum: tasks.map(({ plan }) => snake(plan.name)),
  };
  return [
    ...databases.map(({ noun }) =>
      tool(lookUpName(noun), `Read ${a(noun)} record.`, { [idName(noun)]: { type: "string" } }),
    ),
    ...tasks.map(({ plan, given }) =>
      tool(snake(plan.name), `${capital(plan.act)}, on the terms that the policy sets.`, {
        [id]: { type: "string" },
        ...Object.fromEntries(given.map((field) => [snake(field.name), property(field)])),
        terms: termsProperty(domain, plan),
      }),
    ),
    tool(declineTool, "Decline a request and say what decided it.", {
      [id]: { type: "string" },
      request,
      reason: { type: "string", enum: [...reasons] },
    }),
    tool(transferTool, "Hand a request over to a team.", {
      [id]: { type: "string" },
      request,
      team: { type: "string", enum: domain.teams.map(snake) },
    }),
  ];
}

function tool(name: string, description: string, properties: Record<string, Property>): Tool {
  const parameters = {
    type: "object" as const,
    properties,
    required: Object.keys(properties),
    additionalProperties: false as const,
  };
  return { type: "function", function: { name, description, parameters } };
}

function property(field: Field): Property {
  return field.kind === "enum"
    ? { type: "string", enum: [...field.values] }
    : { type: "number", description: field.kind === "number" ? `in ${field.unit}` : "" };
}

function termsProperty(domain: Domain, plan: TaskPlan): Property {
  const { say, values } = domain.terms[plan.terms]!;
  const description = say.replace("{}", "…");
  return {
    type: typeof values[0] === "number" ? "number" : "string",
    description,
    enum: [...values],
  };
}
