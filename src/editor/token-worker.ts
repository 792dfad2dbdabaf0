import { parentPort } from "node:worker_threads";
import { InputError } from "../policy/errors.ts";
import { type TokenAnswer, TokenJob } from "./token-job.ts";
import { type CountTokens, readTokenizer } from "./tokenizer.ts";

/**
 * The worker thread that counts tokens: a vocabulary has megabytes, and a pattern in a file from
 * elsewhere may take for ever, so that neither is touched beside the editor.
 */

let loaded: { path: string; count: Promise<CountTokens> } | undefined;

async function answer(job: TokenJob): Promise<TokenAnswer> {
  const { id, path, texts } = job;
  try {
    if (loaded?.path !== path) loaded = { path, count: readTokenizer(path) };
    const count = await loaded.count;
    return { type: "counted", id, counts: texts.map(count) };
  } catch (error) {
    // A file that is mended is read again.
    loaded = undefined;
    if (!(error instanceof InputError)) throw error;
    return { type: "wrong", id, message: error.message };
  }
}

parentPort?.on("message", (message: unknown) => {
  void answer(TokenJob.parse(message)).then((done) => parentPort?.postMessage(done));
});
