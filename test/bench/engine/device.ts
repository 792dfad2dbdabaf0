// The embedded engine on the GPU beside the CPU, and with --torch beside torch on the same GPU. See README.md.
import { parseArgs } from "node:util";
import { join } from "node:path";
import { parameterCount } from "../../../src/training/engines/onnx/gpt.ts";
import { timeOurs, timeTorch } from "./programs.ts";
import { largeSizes, sizeOf, sizes } from "./sizes.ts";

const { values } = parseArgs({
  options: {
    size: {
      type: "string",
      multiple: true,
      default: [...Object.keys(sizes), ...Object.keys(largeSizes)],
    },
    threads: { type: "string", default: "2" },
    steps: { type: "string" },
    /** What torch calls the GPU: cuda, mps or xpu. */
    torch: { type: "string" },
    python: { type: "string", default: join(".cache", "venv", "bin", "python") },
    "no-cpu": { type: "boolean", default: false },
  },
});

const { threads, python, steps } = values;
const count = (value: number) => value.toLocaleString("en");
const options = { threads, ...(steps !== undefined && { steps }) };

for (const name of values.size) {
  const { config, sequences, tokens } = sizeOf(name);
  const parameters = parameterCount(config);
  console.log(`${name}: ${count(parameters)} parameters, ${sequences} × ${tokens} tokens`);
  const cpu = values["no-cpu"] ? undefined : timeOurs(name, { ...options, device: "cpu" });
  if (cpu) console.log(`  cpu    ${count(cpu.tokensPerSecond)} tokens/s, ${threads} threads`);
  const gpu = timeOurs(name, { ...options, device: "gpu" });
  const state = count(3 * 4 * parameters);
  console.log(
    `  gpu    ${count(gpu.tokensPerSecond)} tokens/s; a step carries ${count(gpu.bytesIn)} bytes to ` +
      `the GPU and ${count(gpu.bytesOut)} back, of weights and moments none of their ${state}`,
  );
  if (cpu) console.log(`  ratio  ${(gpu.tokensPerSecond / cpu.tokensPerSecond).toFixed(2)}`);
  if (values.torch === undefined) continue;
  const torch = timeTorch(name, { threads, python, device: values.torch });
  const ratio = (gpu.tokensPerSecond / torch).toFixed(2);
  console.log(`  torch  ${count(torch)} tokens/s on ${values.torch}; ratio ${ratio}`);
}
