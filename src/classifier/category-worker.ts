import { parentPort, workerData } from "node:worker_threads";
import { z } from "zod";
import { type CategoryAnswer, CategoryJob } from "./category-job.ts";
import { CategoryNetwork } from "./category-network.ts";

/** The worker thread that runs the network: neither loading nor asking it holds up the editor. */

const network = CategoryNetwork.load(z.string().parse(workerData));

async function answer(message: unknown): Promise<CategoryAnswer> {
  const { id, questions } = CategoryJob.parse(message);
  return { id, odds: (await (await network).odds(questions)).map((each) => [...each]) };
}

parentPort?.on("message", (message: unknown) => {
  void answer(message).then((done) => parentPort?.postMessage(done));
});
