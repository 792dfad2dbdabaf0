import { questionsOf, wordsOfQuestion, type Question } from "./questions.ts";
import type { Decision } from "./statement.ts";

/**
 * Draws a decision tree with lines of text, for a hover or a terminal:
 *
 *     its status is 'pending'?
 *     ├─ yes: an order can be cancelled
 *     └─ no: not: an order can be cancelled
 */
export function drawText(decision: Decision): string {
  return lines(questionsOf(decision)).join("\n");
}

function lines(question: Question): string[] {
  if (question.kind === "answer") return [question.text];
  const branch = (label: string, below: Question, first: string, rest: string): string[] => {
    const [head = "", ...tail] = lines(below);
    return [`${first} ${label}: ${head}`, ...tail.map((line) => `${rest}  ${line}`)];
  };
  return [
    wordsOfQuestion(question),
    ...branch("yes", question.yes, "├─", "│"),
    ...branch("no", question.no, "└─", " "),
  ];
}

/** Writes a decision tree as a Mermaid flow chart. No word of the policy is read as Mermaid's. */
export function drawMermaid(decision: Decision): string {
  const rows: string[] = ["flowchart TD"];
  let count = 0;
  const draw = (question: Question): string => {
    const id = `n${count++}`;
    if (question.kind === "answer") {
      const label = `"${escapeMermaid(question.text)}"`;
      rows.push(question.tone === "unstated" ? `  ${id}([${label}])` : `  ${id}[${label}]`);
      return id;
    }
    rows.push(`  ${id}{"${escapeMermaid(wordsOfQuestion(question))}"}`);
    rows.push(`  ${id} -->|yes| ${draw(question.yes)}`);
    rows.push(`  ${id} -->|no| ${draw(question.no)}`);
    return id;
  };
  draw(questionsOf(decision));
  return rows.join("\n");
}

/** What could be markup, an entity or Markdown is written as its number. */
function escapeMermaid(text: string): string {
  return text.replace(
    /[^\p{L}\p{M}\p{N} .,:?!/%+=€£$’‘“”–—…-]/gu,
    (mark) => `#${mark.codePointAt(0)!};`,
  );
}
