import { orderedRules, type Rule } from "../ordered-rules.ts";
import type { Page, Words } from "../page.ts";
import type { Chapter, RuleWriter } from "../writer.ts";

/** Paragraphs of sentences: some rules share a sentence, and each leaves the rest to the next. */
export function prose(page: Page, writer: RuleWriter, chapter: Chapter): void {
  const sentences = [writer.opening(chapter), ...ruleSentences(writer, chapter)];
  const longest = 6;
  for (let at = 0; at < sentences.length; at += longest) {
    page.paragraph(sentences.slice(at, at + longest));
  }
}

/** The rules as sentences; a rule and the last one after it may be one. */
export function ruleSentences(writer: RuleWriter, chapter: Chapter, skip = 0): Words[] {
  const rules = orderedRules(chapter.tree.root).slice(skip);
  const sentences: Words[] = [];
  for (let i = 0; i < rules.length; i++) {
    const rule = rules[i]!;
    const literals = literalsOf(rule);
    const following = rules[i + 1];
    if (literals.length === 0) sentences.push(writer.rest(chapter, rule.outcome));
    else if (following !== undefined && literalsOf(following).length === 0 && writer.chance(0.6)) {
      sentences.push(writer.pair(chapter, literals, rule.outcome, following.outcome));
      i++;
    } else if (i > 0 && writer.chance(0.35)) {
      sentences.push(writer.next(chapter, literals, rule.outcome));
    } else sentences.push(writer.rule(chapter, literals, rule.outcome));
  }
  return sentences;
}

const literalsOf = ({ shared, own }: Rule) => (own === undefined ? shared : [...shared, own]);
