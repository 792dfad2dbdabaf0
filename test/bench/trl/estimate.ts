/** Prints the bytes that the pre-flight tells for a run without a GPU: `tsx estimate.ts JSON`. */
import { z } from "zod";
import { peakBytes } from "../../../src/training/engines/trl/estimate.ts";
import { TrlHyperparameters } from "../../../src/training/engines/trl/hyperparameters.ts";

const Asked = z.object({
  shape: z.object({
    parameters: z.number(),
    layers: z.number(),
    width: z.number(),
    inner: z.number(),
    vocabulary: z.number(),
  }),
  hyperparameters: TrlHyperparameters,
});
const { shape, hyperparameters } = Asked.parse(JSON.parse(process.argv[2]!));
console.log(peakBytes(shape, hyperparameters, false));
