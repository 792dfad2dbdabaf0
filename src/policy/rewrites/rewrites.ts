import { markings } from "./mark.ts";
import { otherSide } from "./other-side.ts";
import type { Read, Rewrite, Skeleton, Target } from "./rewrite.ts";
import { splitAtAnd } from "./split.ts";
import { suppressEverywhere, suppressHere } from "./suppress.ts";

/** What an author may do to a statement: each is tried on the text before it is offered. */
export function rewritesOf(
  target: Target,
  read: Read,
): { rewrites: Rewrite[]; skeleton: Skeleton | undefined } {
  const split = splitAtAnd(target, read);
  return {
    rewrites: [...markings(target, read), ...(split === undefined ? [] : [split])],
    skeleton: otherSide(target, read),
  };
}

/**
 * The ways to silence a rule: at the statement, where a comment can stand there, and in the file.
 * @param target undefined for words outside every statement.
 */
export function suppressionsOf(
  text: string,
  target: Target | undefined,
  rule: string,
  read: Read,
): Rewrite[] {
  const here = target === undefined ? undefined : suppressHere(target, rule, read);
  return [...(here === undefined ? [] : [here]), suppressEverywhere(text, rule)];
}
