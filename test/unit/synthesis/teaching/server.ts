import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { type Asked, Body } from "./dutiful.ts";

/** A scripted endpoint that speaks OpenAI's chat completions on loopback, with the faults of real ones. */

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
