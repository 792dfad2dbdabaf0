import { InvalidArgumentError } from "commander";
import type { OnnxHyperparameters } from "../training/spec.ts";

/** A whole number, for commander. */
export function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  }
  return value;
}

/** Collects `--set key=value`, for commander; the trainer's schema judges key and value. */
export function setting(
  text: string,
  before: Partial<OnnxHyperparameters> | undefined,
): Partial<OnnxHyperparameters> {
  const [, key, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key === undefined || value === undefined || !Number.isFinite(Number(value))) {
    throw new InvalidArgumentError(`"${text}" is not KEY=NUMBER.`);
  }
  return { ...before, [key]: Number(value) };
}
