import type { Edit } from "../policy/blocks.ts";
import type { Classifier } from "../policy/classifier.ts";
import { PolicyDocument } from "../policy/document.ts";
import type { Statement } from "../policy/statement.ts";
import { inSlices } from "./slices.ts";

/**
 * Reads texts that differ little from one another, as when changes are tried on a text: the first
 * in whole, and of each other what it changes. One must be read before the next is given.
 * @param classifier that of the open policy, so that its statements are what they are there.
 */
export function trialReader(
  path: string,
  classifier: Classifier | undefined,
): (text: string) => Promise<readonly Statement[]> {
  const document = new PolicyDocument({ path, ...(classifier && { classifier }) });
  let loaded = false;
  return async (text) => {
    await inSlices(loaded ? document.edit(editBetween(document.text, text)) : document.load(text));
    loaded = true;
    return document.parsed.statements;
  };
}

/** One edit that makes a text another. */
export function editBetween(before: string, after: string): Edit {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  let kept = 0;
  while (
    kept < shorter - start &&
    before[before.length - 1 - kept] === after[after.length - 1 - kept]
  )
    kept++;
  return {
    start,
    end: before.length - kept,
    text: after.slice(start, after.length - kept),
  };
}
