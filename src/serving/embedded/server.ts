import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { messageOf } from "../../policy/errors.ts";
import { readManifest } from "../../training/dataset-folder.ts";
import { GptModel } from "../../training/engines/onnx/model.ts";
import { readModel } from "../../training/engines/onnx/saved-model.ts";
import { writeWhole } from "../../training/files.ts";
import { runFiles, runId } from "../../training/run-folder.ts";
import { type Endpoint, servingFiles } from "../serving-folder.ts";
import { Answerer } from "./answerer.ts";
import { createChatServer } from "./http.ts";

/**
 * The process that serves an embedded model: `node server.js RUN_FOLDER PORT [IDLE_SECONDS]`. Port 0
 * is any free one. Without a question for that long it ends by itself.
 */
async function main(folder: string, port: number, idleSeconds: number | undefined): Promise<void> {
  const files = runFiles(folder);
  const { identifier } = await readManifest(files.dataset);
  const { config, tokenizer, weights } = await readModel(files.model);
  const model = await GptModel.create(config, weights);
  const name = runId(folder);
  let idle: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(idle);
    if (idleSeconds !== undefined) idle = setTimeout(() => process.exit(), idleSeconds * 1000);
  };
  const answerer = new Answerer(model, tokenizer, identifier);
  const server = createChatServer({ name, identifier, answerer, heard });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const endpoint: Endpoint = {
    version: 1,
    port: (server.address() as AddressInfo).port,
    server: "embedded",
    model: name,
    identifier,
    ...(idleSeconds !== undefined && { idleSeconds }),
  };
  await writeWhole(servingFiles(folder).endpoint, JSON.stringify(endpoint));
  heard();
  console.log(`${name} listens on 127.0.0.1:${endpoint.port}`);
}

// An answer that goes on is given up: whoever stops the server wants it gone.
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit());

const [folder, port = "0", idle] = process.argv.slice(2);
if (folder === undefined) {
  console.error("usage: node server.js RUN_FOLDER [PORT] [IDLE_SECONDS]");
  process.exitCode = 2;
} else {
  main(folder, Number(port), idle === undefined ? undefined : Number(idle)).catch(
    (error: unknown) => {
      console.error(messageOf(error));
      process.exit(1);
    },
  );
}
