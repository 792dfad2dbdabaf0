import runtime from "onnxruntime-node/package.json" with { type: "json" };

/** The version of the runtime, told without loading the native library. */
export const runtimeVersion: string = runtime.version;
