import type { InferenceSession } from "onnxruntime-node";

/** How every graph of the engine is run; `threads` inside an operator, by default one per core. */
export function sessionOptions(threads: number | undefined): InferenceSession.SessionOptions {
  return {
    executionProviders: ["cpu"],
    graphOptimizationLevel: "all",
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    extra: {
      session: {
        set_denormal_as_zero: "1",
        // A thread that waits gives its core back after this many microseconds. Spinning for longer
        // gains nothing on a quiet machine, and when others want the cores (an editor, a build) it
        // costs half the speed: 27 ms a step against 30 when quiet, 33 against 54 beside one
        // busy process on two cores.
        intra_op: { spin_duration_us: "30" },
      },
    },
    logSeverityLevel: 3,
  };
}
