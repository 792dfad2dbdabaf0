import { randomBytes } from "node:crypto";
import { isAbsolute, posix } from "node:path";
import { z } from "zod";
import { InputError } from "../../../policy/errors.ts";

/** Where a run of the target `ray` trains. */
export const Cluster = z.object({
  /** Of the Jobs API. */
  address: z.string(),
  workers: z.int().min(1),
  /** The run's own folder in the storage: its checkpoints and, at the end, its model. */
  folder: z.string(),
  /** Tells this run's lines in a job's log from all others, and its jobs from those of other runs. */
  key: z.string().regex(/^[0-9a-f]{16}$/),
});
export type Cluster = z.infer<typeof Cluster>;

/** The target `ray`, as a user names it. */
export interface RayTarget {
  address: string;
  workers: number;
  /** A path or URI that all machines of the cluster share. */
  storage: string;
}

/** @throws InputError that names what is wrong. */
export function checkTarget({ address, workers, storage }: RayTarget): RayTarget {
  return {
    address: rayAddress(address),
    workers: workerCount(workers),
    storage: storagePlace(storage),
  };
}

/** @throws InputError for what is no whole number from 1. */
export function workerCount(told: number | string): number {
  const workers = Number(told);
  if (Number.isInteger(workers) && workers >= 1) return workers;
  throw new InputError(`"${told}" is no number of workers: at least one trains`);
}

/**
 * The address of a cluster's Jobs API.
 * @throws InputError when it is no http address.
 */
export function rayAddress(text: string): string {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    // told below
  }
  if (url?.protocol === "ray:") {
    throw new InputError(
      `${text} is the address of Ray's client, not of its Jobs API`,
      "Name the dashboard's address, such as http://127.0.0.1:8265.",
    );
  }
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new InputError(
      `"${text}" is not the address of a Ray cluster`,
      "Such as http://127.0.0.1:8265.",
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new InputError(`the address of a Ray cluster has only host, port and path: ${url.host}`);
  }
  return url.href.replace(/\/+$/, "");
}

/** @throws InputError for what cannot be the same place on every machine. */
export function storagePlace(storage: string): string {
  const place = storage.trim().replace(/(?<=[^/])\/+$/, "");
  const isUri = /^[a-z][a-z0-9+.-]*:\/\/./i.test(place);
  if (isUri || posix.isAbsolute(place)) return place;
  throw new InputError(
    `"${storage}" is no place that all machines of a cluster can share`,
    "Name an absolute path on a shared disk, or a URI such as s3://bucket/folder.",
  );
}

/** A new run's place on the cluster; its folder appears with the first checkpoint. */
export function newCluster({ address, workers, storage }: RayTarget, run: string): Cluster {
  const key = randomBytes(8).toString("hex");
  return { address, workers, folder: `${storage}/${run}-${key}`, key };
}

/** The path of a place in the storage on this machine, should it have the same disk; else undefined. */
export function localPath(place: string): string | undefined {
  if (isAbsolute(place)) return place;
  return place.startsWith("file:///") ? decodeURI(place.slice("file://".length)) : undefined;
}

/** The name of a run's nth job, counted from 1. */
export function jobName(run: string, { key }: Cluster, n: number): string {
  return `ingrain-${run}-${key}-${n}`;
}
