import { readFileSync } from "node:fs";
import { countWords } from "../../src/policy/tokens.ts";
import { Random } from "../../src/synthesis/random.ts";

const sample = new URL("../../media/sample/parcel-desk.md", import.meta.url);

/**
 * A policy of at least so many words: the sample's sections again and again, in another order each
 * time, their list items in another order too, and with other numbers. The same every time.
 */
export function longPolicy(words: number): string {
  const [matter = "", title = "", ...sections] = readFileSync(sample, "utf8").split(/^(?=##? )/m);
  const random = new Random(1);
  const parts = [matter];
  for (let part = 1, sum = 0; sum < words; part++) {
    const text = [title.replace(/^# .*/, `# Part ${part}`), ...random.shuffle(sections)]
      .map((section) => withOtherNumbers(withItemsShuffled(section, random), random))
      .map((section) => `${section.trimEnd()}\n\n`)
      .join("");
    sum += countWords(text);
    parts.push(text);
  }
  return `${parts.join("").trimEnd()}\n`;
}

/** Items that stand line by line change places within their list. */
function withItemsShuffled(section: string, random: Random): string {
  return section.replace(/(?:^- .*\n)+/gm, (list) => random.shuffle(list.match(/.+\n/g)!).join(""));
}

function withOtherNumbers(section: string, random: Random): string {
  return section.replace(/(?<=\s)[2-9]\d?(?=\s\w)/g, (number) =>
    String(Number(number) + random.int(0, 50)),
  );
}
