import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../../policy/errors.ts";
import type { Answerer } from "./answerer.ts";
import { type Asked, Completion, readRequest, Refusal } from "./chat-completions.ts";

export interface ServedModel {
  name: string;
  identifier: string;
  answerer: Pick<Answerer, "answer">;
  /** Called with every request that is heard. */
  heard?: () => void;
}

/** Bytes of a question; the model's context holds far less. */
const largestBody = 1024 * 1024;

/**
 * The embedded model as an OpenAI-compatible server, for this machine alone: whoever asks under
 * another name than the machine's own (a web page that had its name moved here) is refused. Answers
 * are given one after the other, since one takes all cores.
 */
export function createChatServer(model: ServedModel): Server {
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
  return createServer((request, response) => {
    model.heard?.();
    route(model, request, response, inTurn).catch((error: unknown) => {
      // Whoever asked is gone.
      if (response.destroyed) return;
      const status = error instanceof Refusal ? error.status : 500;
      const type = status === 500 ? "server_error" : "invalid_request_error";
      if (status === 500) console.error(error);
      const told = { error: { message: messageOf(error), type } };
      // An answer that is being streamed ends with what is wrong.
      if (response.headersSent) response.end(`data: ${JSON.stringify(told)}\n\n`);
      else sendJson(response, status, told);
    });
  });
}

type InTurn = <T>(work: () => Promise<T>) => Promise<T>;

async function route(
  model: ServedModel,
  request: IncomingMessage,
  response: ServerResponse,
  inTurn: InTurn,
): Promise<void> {
  if (!isLocalName(request.headers.host)) {
    throw new Refusal(403, "This server is asked as 127.0.0.1 or localhost alone.");
  }
  const path = (request.url ?? "").split("?")[0];
  switch (`${request.method ?? ""} ${path ?? ""}`) {
    case "GET /health":
      sendJson(response, 200, { status: "ok" });
      return;
    case "GET /v1/models":
      sendJson(response, 200, {
        object: "list",
        data: [{ id: model.name, object: "model", created: 0, owned_by: "ingrain" }],
      });
      return;
    case "POST /v1/chat/completions": {
      const asked = readRequest(await readBody(request), model.name, model.identifier);
      return inTurn(() => answer(model, asked, response));
    }
    default:
      throw new Refusal(404, "There is nothing here. See /v1/models and /v1/chat/completions.");
  }
}

async function answer(
  { name, answerer }: ServedModel,
  { turns, stream, includeUsage, maxTokens }: Asked,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  if (response.destroyed) return;
  const options = { maxTokens, signal: gone.signal };
  const completion = new Completion(randomUUID(), name);
  if (!stream) {
    let text = "";
    const { reason, usage } = await answerer.answer(turns, (piece) => (text += piece), options);
    sendJson(response, 200, completion.whole(text, reason, usage));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  const send = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  send(completion.opening());
  const { reason, usage } = await answerer.answer(
    turns,
    (piece) => {
      if (piece !== "") send(completion.piece(piece));
    },
    options,
  );
  send(completion.closing(reason));
  if (includeUsage) send(completion.usage(usage));
  response.end("data: [DONE]\n\n");
}

function isLocalName(host: string | undefined): boolean {
  return /^(?:127\.0\.0\.1|localhost)(?::\d+)?$/i.test(host ?? "");
}

/** @throws Refusal for what is no JSON, or too large. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  // A web page may send anything else without asking first.
  if (!/^application\/json\b/i.test(request.headers["content-type"] ?? "")) {
    throw new Refusal(415, "The request is not application/json.");
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestBody) throw new Refusal(413, "The request is too large.");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8")) as unknown;
  } catch {
    throw new Refusal(400, "The request is not JSON.");
  }
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}
