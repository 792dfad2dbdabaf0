import type { Decision, DecisionNode } from "./statement.ts";

/**
 * A decision tree as a person draws it: tests in a row that lead to the same answer are one question
 * ("late or damaged?"), not a chain with the same words at every end.
 */
export type Question =
  | { kind: "question"; joint: "and" | "or"; conditions: string[]; yes: Question; no: Question }
  | { kind: "answer"; text: string; tone: "outcome" | "negated" | "unstated" };

export function questionsOf({ conditions, tree }: Decision): Question {
  return fold(tree, (index) => conditions[index]?.text ?? "?");
}

function fold(node: DecisionNode, textOf: (condition: number) => string): Question {
  switch (node.kind) {
    case "unstated":
      return { kind: "answer", text: "not said", tone: "unstated" };
    case "outcome":
      return node.negated === true
        ? { kind: "answer", text: `not: ${node.text}`, tone: "negated" }
        : { kind: "answer", text: node.text, tone: "outcome" };
    case "test": {
      const yes = fold(node.yes, textOf);
      const no = fold(node.no, textOf);
      const own = textOf(node.condition);
      if (joins(no, "or") && same(no.yes, yes)) {
        return { ...no, joint: "or", conditions: [own, ...no.conditions] };
      }
      if (joins(yes, "and") && same(yes.no, no)) {
        return { ...yes, joint: "and", conditions: [own, ...yes.conditions] };
      }
      return { kind: "question", joint: "and", conditions: [own], yes, no };
    }
  }
}

function joins(
  question: Question,
  joint: "and" | "or",
): question is Question & { kind: "question" } {
  return (
    question.kind === "question" && (question.conditions.length === 1 || question.joint === joint)
  );
}

function same(one: Question, other: Question): boolean {
  if (one.kind === "answer" || other.kind === "answer") {
    return (
      one.kind === "answer" &&
      other.kind === "answer" &&
      one.tone === other.tone &&
      one.text === other.text
    );
  }
  return (
    one.joint === other.joint &&
    one.conditions.length === other.conditions.length &&
    one.conditions.every((condition, i) => condition === other.conditions[i]) &&
    same(one.yes, other.yes) &&
    same(one.no, other.no)
  );
}

/** The question in words: "it is late or it is damaged?" */
export function wordsOfQuestion({ conditions, joint }: Question & { kind: "question" }): string {
  return `${conditions.join(` ${joint} `)}?`;
}
