import { markings } from "./mark.ts";
import { otherSide } from "./other-side.ts";
import type { Read, Rewrite, Skeleton, Target } from "./rewrite.ts";
import { splitAtAnd } from "./split.ts";
import { suppressEverywhere, suppressHere } from "./suppress.ts";

/** What an author may do to a statement: each is tried on the text before it is offered. */
export async function rewritesOf(
  target: Target,
  read: Read,
): Promise<{ rewrites: Rewrite[]; skeleton: Skeleton | undefined }> {
  const marks = await markings(target, read);
  const split = await splitAtAnd(target, read);
  return {
    rewrites: [...marks, ...(split === undefined ? [] : [split])],
    skeleton: await otherSide(target, read),
  };
}

/**
 * The ways to silence a rule: at the statement, where a comment can stand there, and in the file.
 * @param target undefined for words outside every statement.
 */
export async function suppressionsOf(
  text: string,
  target: Target | undefined,
  rule: string,
  read: Read,
): Promise<Rewrite[]> {
  const here = target === undefined ? undefined : await suppressHere(target, rule, read);
  return [...(here === undefined ? [] : [here]), suppressEverywhere(text, rule)];
}
