import { z } from "zod";

/** How the weights are trained. QLoRA needs a CUDA GPU and the package bitsandbytes. */
export const Method = z.enum(["lora", "qlora", "full"]);
export type Method = z.infer<typeof Method>;

/** Hyperparameters of the trl engine; rates are AdamW's peaks. */
export const TrlHyperparameters = z.object({
  method: Method,
  loraRank: z.int().min(1),
  loraAlpha: z.int().min(1),
  loraDropout: z.number().min(0).max(0.9),
  /** `auto` computes in bfloat16 where the GPU can, and holds weights that are trained in float32. */
  precision: z.enum(["auto", "bfloat16", "float32"]),
  /** Tokens of a packed sequence, and the most of a question with its answer. */
  contextTokens: z.int().min(64),
  /** Sequences a device computes at once. */
  batchSize: z.int().min(1),
  /** Batches a step. */
  accumulation: z.int().min(1),
  /** Computes activations again in the backward pass: slower, with far less memory. */
  gradientCheckpointing: z.boolean(),
  cptEpochs: z.number().positive(),
  sftEpochs: z.number().positive(),
  cptRate: z.number().positive(),
  sftRate: z.number().positive(),
  /** Share of the steps that warm up. */
  warmup: z.number().min(0).max(0.99),
  weightDecay: z.number().min(0),
  clipNorm: z.number().positive(),
  /** Share of general text in pretraining, by characters, when a replay file is given. */
  replayShare: z.number().min(0).max(0.9),
  /** Share of pretraining's rows in fine-tuning, so that it does not forget them. */
  sftReplay: z.number().min(0).max(0.9),
  /** Share of the trajectories that are learned without their reasoning. */
  directAnswers: z.number().min(0).max(1),
  /** Steps of reinforcement. */
  rlSteps: z.int().min(1),
  rlRate: z.number().positive(),
  /** Rollouts without the policy in a group; as many with it join them. */
  rlGroup: z.int().min(1),
  /** Groups a step. */
  rlPrompts: z.int().min(1),
  rlMaxTokens: z.int().min(1),
  rlClipLow: z.number().positive(),
  rlClipHigh: z.number().positive(),
  rlKl: z.number().min(0),
  rlTemperature: z.number().positive(),
  /** The policy's identifier as the words that it is, or as one new token. */
  identifier: z.enum(["text", "token"]),
  /** Statements that the arm `retrieval` puts into the prompt. */
  retrievalTopK: z.int().min(1),
  /** The most steps a stage takes; 0 for no limit. */
  stepLimit: z.int().min(0),
  checkpointEverySteps: z.int().min(1),
  /** Processes that train together; 0 for one a GPU. */
  processes: z.int().min(0),
});
export type TrlHyperparameters = z.infer<typeof TrlHyperparameters>;

/**
 * Rates, epochs, clip and KL as in Table 5 of TriMPI (arXiv 2510.09474), which pretrains in full at
 * 1e-5, fine-tunes by LoRA at 1e-4 and reinforces in full at 1e-6. An adapter needs about ten times
 * the rate of full weights; replay of a tenth as in EntiGraph (arXiv 2409.07431). The rest is ours.
 */
const rates: Readonly<Record<Method, Pick<TrlHyperparameters, "cptRate" | "sftRate" | "rlRate">>> =
  {
    lora: { cptRate: 1e-4, sftRate: 1e-4, rlRate: 1e-5 },
    qlora: { cptRate: 1e-4, sftRate: 1e-4, rlRate: 1e-5 },
    full: { cptRate: 1e-5, sftRate: 1e-5, rlRate: 1e-6 },
  };

/** What a run has unless told otherwise. */
export function defaultTrlHyperparameters(method: Method = "lora"): TrlHyperparameters {
  return {
    method,
    loraRank: 32,
    loraAlpha: 64,
    loraDropout: 0,
    precision: "auto",
    contextTokens: 1024,
    batchSize: 8,
    accumulation: 1,
    gradientCheckpointing: true,
    cptEpochs: 5,
    sftEpochs: 5,
    ...rates[method],
    warmup: 0.05,
    weightDecay: 0,
    clipNorm: 1,
    replayShare: 0.1,
    sftReplay: 0.5,
    directAnswers: 0.5,
    rlSteps: 100,
    rlGroup: 4,
    rlPrompts: 8,
    rlMaxTokens: 256,
    rlClipLow: 0.2,
    rlClipHigh: 0.3,
    rlKl: 0.01,
    rlTemperature: 1,
    identifier: "text",
    retrievalTopK: 5,
    stepLimit: 0,
    checkpointEverySteps: 50,
    processes: 0,
  };
}
