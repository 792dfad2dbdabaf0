import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** A message as it comes over the wire. */
export interface Heard {
  role: string;
  content: string | null;
  tool_calls?: { function: { name: string; arguments: string } }[];
}

export interface Said {
  status?: number;
  headers?: Record<string, string>;
  content?: string;
  calls?: { name: string; arguments: unknown }[];
}

/** A scripted endpoint on loopback that speaks OpenAI's chat completions, with tools. */
export async function startAgent(react: (messages: Heard[], model: string) => Said) {
  const asked: { authorization: string | undefined; messages: Heard[]; tools: unknown }[] = [];
  let open = 0;
  let most = 0;
  const server = createServer((request, response) => {
    let text = "";
    most = Math.max(most, ++open);
    request.on("data", (chunk) => (text += String(chunk)));
    request.on("end", () => {
      const body = JSON.parse(text) as { messages: Heard[]; tools?: unknown; model: string };
      const { authorization } = request.headers;
      asked.push({ authorization, messages: body.messages, tools: body.tools });
      const { status = 200, headers = {}, content, calls } = react(body.messages, body.model);
      const message = {
        role: "assistant",
        content: content ?? null,
        ...(calls && {
          tool_calls: calls.map(({ name, arguments: given }, i) => ({
            id: `c${i}`,
            type: "function",
            function: {
              name,
              arguments: typeof given === "string" ? given : JSON.stringify(given),
            },
          })),
        }),
      };
      setTimeout(() => {
        open--;
        response.writeHead(status, { "content-type": "application/json", ...headers });
        response.end(
          JSON.stringify(
            status === 200
              ? {
                  choices: [{ message }],
                  usage: { prompt_tokens: 100, completion_tokens: 10 },
                }
              : { error: { message: "scripted" } },
          ),
        );
      }, 2);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, asked, most: () => most };
}
