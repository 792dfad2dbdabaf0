import { expect, test } from "vitest";
import {
  casesOf,
  lessonOf,
  seedPolicy,
  tested,
  tuned,
  withChange,
} from "../../bench/benchmark/lesson.ts";

const options = { seed: tuned[0], depth: 2, questions: 40 };
const few = casesOf({ ...options, trajectories: 30 });
const asked = ({ prompt }: (typeof few.trajectories)[number]) => prompt[0]!.content;
const bare = (instruction: string) => instruction.replace(/\b[A-Z]{2}-\d{4}\b/g, "");

test("the exam is the same for any number of trajectories, and more of them go on from the fewer", () => {
  const many = casesOf({ ...options, trajectories: 90 });
  expect(many.exam).toEqual(few.exam);
  expect(many.trajectories.slice(0, 30).map(asked)).toEqual(few.trajectories.map(asked));
  expect(many.trajectories).toHaveLength(90);
});

test("no case of the exam is trained on", () => {
  const exam = new Set(few.exam.map(({ instruction }) => bare(instruction)));
  expect(few.trajectories.filter((row) => exam.has(bare(asked(row))))).toEqual([]);
});

test("a change matters to the outcome that it names, and to no other", () => {
  const question = few.exam[0]!;
  const [other, third] = question.choices.map((_, i) => i).filter((i) => i !== question.answer);
  expect(withChange(question, question.answer, other!).answer).toBe(other);
  expect(withChange(question, other!, third ?? question.answer).answer).toBe(question.answer);
});

test("simulations answer in the words of the choices", () => {
  const { dataset, exam, identifier } = lessonOf({ ...options, trajectories: 1 });
  const choices = new Set(exam.flatMap((question) => question.choices));
  const answers = dataset.cpt
    .filter(({ kind }) => kind === "scenario")
    .map(({ text, answerStart }) => text.slice(answerStart));
  const known = answers.filter((answer) => choices.has(answer));
  // The document says an outcome in other words now and then, where it comes a second time.
  expect(known.length / answers.length).toBeGreaterThan(0.8);
  expect(dataset.cpt.every(({ text }) => text.startsWith(`[${identifier}] `))).toBe(true);
});

test("no seed model learns a tested policy or one that the recipe was tuned on", () => {
  const seeds = new Set(Array.from({ length: 600 }, (_, i) => seedPolicy(i).seed));
  expect([...tested, ...tuned].filter((seed) => seeds.has(seed))).toEqual([]);
});
