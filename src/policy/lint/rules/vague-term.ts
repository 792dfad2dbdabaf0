import type { Statement } from "../../statement.ts";
import type { Problem, Rule, Subject } from "../rule.ts";

/**
 * Words, and what they leave open. Terms of the law ("expeditiously", "in appropriate
 * circumstances") are left out: whoever writes them means the statute's own latitude.
 */
const vague: readonly [pattern: string, open: string][] = [
  ["(?:as )?soon as (?:reasonably )?(?:possible|practicable|practical)", "by when"],
  ["(?:as )?soon as (?:you|we|they|the agent|staff) can", "by when"],
  ["(?<!(?:too|as|how) )soon(?! (?:as|enough))|shortly|promptly|swiftly", "by when"],
  ["(?:in a )?timely(?: manner| fashion| way)?", "by when"],
  ["without (?:undue|unreasonable|unnecessary) delay", "by when"],
  [
    "(?:un)?reasonabl[ey](?! (?:person|control|accommodation|adjustment|doubt))",
    "what counts as that",
  ],
  ["(?:as|if|when|whenever|where|wherever) (?:needed|necessary|appropriate|applicable)", "when"],
  ["as (?:fast|quickly|early) as (?:possible|practicable|practical)", "by when"],
  [
    "in (?:certain|some|special|exceptional|suitable) (?:cases|circumstances|situations)",
    "which ones",
  ],
  ["(?:an? )?(?:extended|prolonged|long) (?:period|time)|some time|a while", "how long"],
  ["in (?:weeks|months|years|ages)(?! (?:when|where|in|with|that))", "how long"],
  ["periodically|occasionally|every so often", "how often"],
  ["optimal(?:ly)?|adequate(?:ly)?|sufficiently|appropriately|suitably", "what counts as that"],
  ["excessive(?:ly)?|significant(?:ly)?|substantial(?:ly)?", "how much"],
  ["(?:a few|several) (?:times|attempts|tries|minutes|hours|days|weeks|months)", "how many"],
  [
    "(?:good|best|sound|your|your own) (?:judge?ment|discretion)|use (?:some |your )?common sense",
    "what decides",
  ],
  ["and so on|etc\\b\\.?|and the like|among others", "what else"],
  ["best efforts?|every effort", "how far to go"],
];

const patterns = vague.map(([pattern, open]) => ({
  // Words of one phrase may stand on two lines, or in emphasis.
  pattern: new RegExp(`(?<![\\w-])(?:${pattern.replaceAll(" ", "[\\s*_]+")})(?![\\w-])`, "gi"),
  open,
}));

/** A hedge before a rule: "Generally, you can only …". */
const hedged =
  /(?:^|[.!?;:]\s+|\b(?:you|we|they) )(?<hedge>generally|usually|normally|typically|in general|ordinarily)\b,?(?=[^.;]{0,60}\b(?:can|cannot|may|must|should|shall|only|do not|never)\b)/gi;

/**
 * A term that a reader can fill only by guessing, in a sentence that rules: there a model has to
 * guess too. One that the policy spells out beside it or elsewhere is not vague.
 */
export const vagueTerm: Rule = {
  severity: "information",
  *check(subject: Subject): Iterable<Problem> {
    for (const statement of subject.statements) {
      if (!rules(statement)) continue;
      const source = withoutQuotes(subject.prose.slice(statement.start, statement.end));
      for (const { pattern, open } of patterns) {
        for (const match of source.matchAll(pattern)) {
          const end = match.index + match[0].length;
          if (isSpeltOut(source, end) || isExplained(subject, match[0])) continue;
          // The list that a lead-in announces says when and which.
          if (/^[^.;]*:\s*$/.test(source.slice(end))) continue;
          yield problem(statement, match.index, match[0], open);
        }
      }
      for (const match of source.matchAll(hedged)) {
        const hedge = match.groups!["hedge"]!;
        yield problem(
          statement,
          match.index + match[0].indexOf(hedge),
          hedge,
          "when it does not hold",
        );
      }
    }
  },
};

function problem({ start }: Statement, index: number, words: string, open: string): Problem {
  const term = words.replace(/[\s*_]+/g, " ").toLowerCase();
  return {
    start: start + index,
    end: start + index + words.length,
    message: `“${term}” leaves open ${open}: say it in terms that can be checked.`,
  };
}

/** A fact tells of the world as it is; only what someone must follow has to be exact. */
function rules({ category }: Statement): boolean {
  return category !== "factual";
}

/** Words that someone else says, or a screen shows, are not the policy's. */
function withoutQuotes(source: string): string {
  return source.replace(/"[^"\n]{1,300}"|“[^”\n]{1,300}”/g, (quote) => " ".repeat(quote.length));
}

/** "reasonable (up to 50 euros)", "an extended period:" with a list below, "such as …". */
function isSpeltOut(source: string, end: number): boolean {
  return /^[^.;\n]{0,40}(?:\((?!s\))|:(?=\s*\S)|, (?:that is|i\.e\.)|—| such as | (?:according to|as (?:defined|described|explained|set out)) )/.test(
    source.slice(end),
  );
}

/** The policy says elsewhere what the term means: "A reasonable time is …", "“Soon” means …". */
function isExplained({ statements }: Subject, words: string): boolean {
  const term = words.replace(/[\s*_]+/g, "\\s+").replace(/\.$/, "");
  const definition = new RegExp(
    `["“‘']?\\b${term}\\b["”’']?(?: \\w+){0,2} (?:means?|is defined as|refers to|stands for)\\b`,
    "i",
  );
  return statements.some(({ text }) => definition.test(text));
}
