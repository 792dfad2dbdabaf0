import { InferenceSession } from "onnxruntime-node";
import { messageOf } from "../../../policy/errors.ts";
import { TrainingError } from "../../training-error.ts";
import type { Device } from "./graph/graph.ts";

export interface Placement {
  /** `cpu` unless told. */
  device?: Device;
  /** Threads inside an operator, by default one per core. */
  threads?: number;
  /** Outputs that stay in the GPU's memory, where there is one. */
  kept?: readonly string[];
}

/** The GPU, or its driver, did not do what it was told. */
export class GpuError extends TrainingError {
  /** What the runtime says, in one line. */
  readonly reason: string;

  constructor(cause: unknown) {
    const reason = reasonOf(cause);
    super(`the GPU failed: ${reason}`, `${onCpu}, or try again.`);
    this.reason = reason;
    this.cause = cause;
  }
}

export const onCpu =
  "Resume the run on the CPU: with ingrain.onnx.device at cpu, or --device cpu in a terminal";

/** What ONNX Runtime says, without the place in its source that comes first. */
function reasonOf(error: unknown): string {
  const [line = "unknown"] = messageOf(error)
    .replace(/^[\s\S]*was false\.\s*/, "")
    .split("\n");
  return line;
}

/** A graph that is ready to run. What fails on the GPU is a `GpuError`. */
export class RuntimeSession {
  readonly #session: InferenceSession;
  readonly #device: Device;

  private constructor(session: InferenceSession, device: Device) {
    this.#session = session;
    this.#device = device;
  }

  static async open(graph: Uint8Array, placement: Placement = {}): Promise<RuntimeSession> {
    const { device = "cpu" } = placement;
    const session = await onDevice(device, () =>
      InferenceSession.create(graph, sessionOptions(placement)),
    );
    return new RuntimeSession(session, device);
  }

  /** @param fetches names of the wanted outputs, or the tensors to write them into; all by default. */
  run(
    feeds: InferenceSession.FeedsType,
    fetches: InferenceSession.FetchesType = this.#session.outputNames,
  ): Promise<InferenceSession.ReturnType> {
    return onDevice(this.#device, () => this.#session.run(feeds, fetches));
  }

  /** Frees the native memory. */
  release(): Promise<void> {
    return this.#session.release();
  }
}

async function onDevice<T>(device: Device, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw device === "gpu" ? new GpuError(error) : error;
  }
}

/** How every graph of the engine is run. */
function sessionOptions({
  device = "cpu",
  threads,
  kept = [],
}: Placement): InferenceSession.SessionOptions {
  return {
    executionProviders: [device === "cpu" ? "cpu" : "webgpu"],
    graphOptimizationLevel: "all",
    ...(threads !== undefined && { intraOpNumThreads: threads }),
    ...(device === "gpu" && kept.length > 0 && { preferredOutputLocation: inPlace(kept) }),
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

function inPlace(names: readonly string[]): Record<string, "gpu-buffer"> {
  return Object.fromEntries(names.map((name) => [name, "gpu-buffer"]));
}
