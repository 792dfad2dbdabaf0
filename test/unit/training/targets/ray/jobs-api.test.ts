import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { stopJob } from "../../../../../src/training/targets/ray/cancel.ts";
import { JobsApi, RayUnreachable } from "../../../../../src/training/targets/ray/jobs-api.ts";
import { StandInRay } from "./stand-in.ts";

test("a cluster that does not answer is told in a line, with the reason", async () => {
  const ray = await new StandInRay().start();
  ray.stop();
  const api = new JobsApi(ray.address);
  await expect(api.version()).rejects.toThrow(RayUnreachable);
  await expect(api.version()).rejects.toThrow(
    `Ray does not answer at ${ray.address}: nothing listens there`,
  );
});

test.each([
  [200, "<html>a page</html>", "is not Ray's Jobs API"],
  [404, "not found", "has no Jobs API"],
  [500, "Traceback\n  File x\nValueError: no such thing", "(500): ValueError: no such thing"],
])("an answer %i that is none of Ray's is told", async (status, text, message) => {
  const server = createServer((_, response) => response.writeHead(status).end(text));
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const error: unknown = await new JobsApi(`http://127.0.0.1:${port}`)
    .version()
    .catch((reason: unknown) => reason);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain("\n");
});

test("a package is uploaded once", async () => {
  const ray = await new StandInRay().start();
  const api = new JobsApi(ray.address);
  expect(await api.upload("a.zip", new Uint8Array([1]))).toBe("gcs://a.zip");
  expect([...ray.packages]).toEqual(["a.zip"]);
  expect(await api.upload("a.zip", new Uint8Array([1]))).toBe("gcs://a.zip");
});

test("a stopped job counts as over when its workers are gone", async () => {
  const ray = await new StandInRay().start();
  ray.add("job", { job_id: "01000000" });
  ray.actors = [["ALIVE", "DEAD"], ["PENDING_CREATION"], ["DEAD"]];
  const api = new JobsApi(ray.address);
  expect(await stopJob(api, "job")).toBe(true);
  expect(ray.actors).toEqual([]);
  expect(ray.jobs.get("job")?.status).toBe("STOPPED");
  expect(await stopJob(api, "another")).toBe(false);
});
