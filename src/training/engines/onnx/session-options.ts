import type { InferenceSession } from "onnxruntime-node";

/** How every graph of the engine is run; `threads` inside an operator, by default one per core. */
export function sessionOptions(threads: number | undefined): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    extra: { session: { set_denormal_as_zero: "1" } },
    logSeverityLevel: 3,
  };
}
