import type { RunStatus } from "./runs.ts";

/** Its process is at work, and can be asked to stop. */
export const isActive = (status: RunStatus): boolean =>
  status === "running" || status === "created" || status === "cancelling";

/** It has a model to serve. */
export const isServable = (status: RunStatus): boolean => status === "finished";

/** It ended before its time, and can go on from its newest checkpoint. */
export const isResumable = (status: RunStatus): boolean =>
  status === "interrupted" || status === "failed" || status === "cancelled";
