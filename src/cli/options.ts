import { InvalidArgumentError } from "commander";
import type { Changes } from "../training/run-options.ts";

/** A whole number, for commander. */
export function integer(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(`"${text}" is not a whole number.`);
  }
  return value;
}

/** Collects `--set key=value`, for commander; the engine's schema judges key and value. */
export function setting(text: string, before: Changes | undefined): Changes {
  const [, key, value] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new InvalidArgumentError(`"${text}" is not KEY=VALUE.`);
  }
  return { ...before, [key]: valueOf(value) };
}

function valueOf(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** Names with commas between them, for commander. */
export function list(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** An option that may be given again, for commander. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
