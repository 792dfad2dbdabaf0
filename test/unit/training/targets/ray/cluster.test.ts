import { describe, expect, test } from "vitest";
import {
  checkTarget,
  localPath,
  newCluster,
  rayAddress,
} from "../../../../../src/training/targets/ray/cluster.ts";

describe("the address of a cluster", () => {
  test.each([
    ["http://127.0.0.1:8265", "http://127.0.0.1:8265"],
    ["http://127.0.0.1:8265/", "http://127.0.0.1:8265"],
    ["https://ray.example.org/cluster-a/", "https://ray.example.org/cluster-a"],
  ])("%s is %s", (text, address) => {
    expect(rayAddress(text)).toBe(address);
  });

  test.each([
    ["ray://127.0.0.1:10001", "address of Ray's client"],
    ["auto", "is not the address of a Ray cluster"],
    ["127.0.0.1:8265", "is not the address of a Ray cluster"],
    ["file:///etc/passwd", "is not the address of a Ray cluster"],
    ["http://me:secret@127.0.0.1:8265", "has only host, port and path"],
  ])("%s is none", (text, message) => {
    expect(() => rayAddress(text)).toThrow(message);
    expect(() => rayAddress(text)).not.toThrow("secret");
  });
});

describe("the storage", () => {
  const check = (storage: string) =>
    checkTarget({ address: "http://127.0.0.1:8265", workers: 2, storage }).storage;

  test.each([
    ["/mnt/shared/", "/mnt/shared"],
    ["s3://bucket/folder/", "s3://bucket/folder"],
    ["file:///mnt/shared", "file:///mnt/shared"],
  ])("%s is %s", (text, place) => {
    expect(check(text)).toBe(place);
  });

  test.each(["", "shared", "./shared", "C:\\shared", "s3://"])("%j is none", (text) => {
    expect(() => check(text)).toThrow("is no place that all machines");
  });

  test("lies on this machine where it is a path, and nowhere else", () => {
    expect(localPath("/mnt/a b/model")).toBe("/mnt/a b/model");
    expect(localPath("file:///mnt/a%20b/model")).toBe("/mnt/a b/model");
    expect(localPath("s3://bucket/model")).toBeUndefined();
  });
});

test.each([0, -1, 1.5, Number.NaN])("%d workers are none", (workers) => {
  expect(() => checkTarget({ address: "http://127.0.0.1:8265", workers, storage: "/mnt" })).toThrow(
    "is no number of workers",
  );
});

test("runs of the same name have places of their own", () => {
  const target = { address: "http://127.0.0.1:8265", workers: 2, storage: "/mnt" };
  const [one, other] = [newCluster(target, "run"), newCluster(target, "run")];
  expect(one.folder).toBe(`/mnt/run-${one.key}`);
  expect(one.folder).not.toBe(other.folder);
});
