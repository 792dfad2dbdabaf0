import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { z } from "zod";

/** A scripted endpoint that speaks OpenAI's chat completions on loopback, with the faults of real ones. */

const Body = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  stream: z.boolean().optional(),
  temperature: z.number().optional(),
});
export type Asked = z.infer<typeof Body>;

export interface Call {
  path: string;
  authorization: string | undefined;
  body: Asked;
}

/** Answers one call, or does whatever a broken server does. */
export type Reaction = (response: ServerResponse, body: Asked) => void;

export const says =
  (
    content: string,
    usage: object | null = { prompt_tokens: 100, completion_tokens: 20 },
  ): Reaction =>
  (response) =>
    json(response, 200, { choices: [{ message: { role: "assistant", content } }], usage });

export const fails =
  (status: number, error: unknown = { message: "scripted" }, headers = {}): Reaction =>
  (response) =>
    json(response, status, { error }, headers);

export function json(response: ServerResponse, status: number, value: unknown, headers = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(value));
}

/**
 * Starts the server for one test.
 * @param react is asked for the reaction to each call, which are counted from 0.
 */
export async function startServer(react: (call: number, body: Asked) => Reaction) {
  const calls: Call[] = [];
  let open = 0;
  let most = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body = Body.parse(JSON.parse(text));
    const { authorization } = request.headers;
    calls.push({ path: request.url ?? "", authorization, body });
    most = Math.max(most, ++open);
    response.on("close", () => open--);
    react(calls.length - 1, body)(response, body);
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, calls, most: () => most };
}

const Items = z.object({
  items: z.array(
    z.object({
      n: z.int(),
      section: z.string(),
      statement: z.string(),
      rows: z.int(),
      avoid: z.array(z.string()),
      outcomes: z.record(z.string(), z.string()).optional(),
      cases: z
        .array(z.object({ case: z.int(), name: z.string(), told: z.array(z.string()) }))
        .optional(),
    }),
  ),
});
export type Item = z.infer<typeof Items>["items"][number];

/** The items of a question about rows. */
export function itemsOf({ messages }: Asked): Item[] {
  return Items.parse(JSON.parse(messages.at(-1)!.content)).items;
}

/** What kind of rows a question asks for, by the fields that its instructions show. */
export function kindOf({ messages }: Asked): "paraphrase" | "question" | "dialogue" | "scenario" {
  const { content } = messages[0]!;
  if (content.includes('"text"')) return "paraphrase";
  if (content.includes('"answer"')) return "question";
  return content.includes('"outcome"') ? "scenario" : "dialogue";
}

/** A dutiful teacher: rows that are true because they say the statement itself. */
export function dutiful(body: Asked): unknown[] {
  const kind = kindOf(body);
  return itemsOf(body).flatMap((item): unknown[] => {
    const { n, statement } = item;
    switch (kind) {
      case "paraphrase":
        return [{ n, text: `It stands written: ${statement}` }];
      case "question":
        return [{ n, question: `Tell me about this: ${statement}`, answer: statement }];
      case "dialogue":
        return [
          {
            n,
            user: `Could you do this another way: ${statement}`,
            assistant: `I cannot do it another way. ${statement}`,
          },
        ];
      case "scenario":
        return item.cases!.flatMap(({ case: number, told }) =>
          Object.keys(item.outcomes!).map((outcome) => ({
            ...{ n, case: number, outcome },
            user: `This is how it is: ${told.join(", ")}.`,
          })),
        );
    }
  });
}
