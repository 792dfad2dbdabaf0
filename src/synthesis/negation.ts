import { clause } from "./wording.ts";

const subjects =
  /^(it|its|he|she|they|we|i|the|a|an|no|each|every|all|any|this|that|these|your|our|their)\b/i;

/** The plain negation of a clause; falls back to saying that it is not so. */
export function negate(text: string): string {
  const bare = clause(text);
  const rules: readonly [RegExp, string][] = [
    [/\bif and only if\b/i, "if and only if"],
    [/\bcannot\b/i, "can"],
    [/\b(do|does|did) not\b\s*/i, ""],
    [/\b(is|are|was|were|can|may|must|should|will|has|have|could|would) not\b/i, "$1"],
    [/^no (\p{L}+) (is|are)\b/iu, "a $1 $2"],
    [/\bnever\b\s*/i, ""],
    [/\bcan only\b/i, "cannot"],
    [/\bcan\b/i, "cannot"],
    [/\b(is|are|was|were|may|must|should|will|could|would)\b/i, "$1 not"],
    [/\b(has|have) (\p{L}+(?:ed|en))\b/iu, "$1 not $2"],
    [/\bhas\b/i, "does not have"],
    [/\bhave\b/i, "do not have"],
    [/^(you|they|we|i) (?=\p{L})/iu, "$1 do not "],
  ];
  for (const [pattern, replacement] of rules.slice(1)) {
    if (pattern.test(bare)) return bare.replace(pattern, replacement).replace(/\s+/g, " ").trim();
  }
  const verb = /^((?:the|a|an|its|their|your|this|that)\s(?:\p{L}+\s){1,2}?)(\p{Ll}{2,}s)\b/iu.exec(
    bare,
  );
  if (verb && !verb[2]!.endsWith("ss")) {
    const base = verb[2]!
      .replace(/(ss|sh|ch|x)es$/, "$1")
      .replace(/ies$/, "y")
      .replace(/([^s])s$/, "$1");
    return `${verb[1]!}does not ${base}${bare.slice(verb[0].length)}`;
  }
  return subjects.test(bare) ? `it is not so that ${bare}` : `do not ${bare}`;
}
