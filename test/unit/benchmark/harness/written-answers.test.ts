import { expect, test } from "vitest";
import { Environment } from "../../../../src/benchmark/environment.ts";
import { generate } from "../../../../src/benchmark/generate.ts";
import { examineAgent } from "../../../../src/benchmark/harness/exam.ts";
import { examTasks } from "../../../../src/benchmark/harness/generated.ts";
import { replayedUser } from "../../../../src/benchmark/harness/user.ts";
import { WritingAgent } from "../../../../src/benchmark/harness/written-answers.ts";
import { readKnobs } from "../../../../src/benchmark/knobs.ts";

test.each([1, 2, 3, 4, 5, 6])("words become the right call, in business %i", async (seed) => {
  const benchmark = generate(seed, readKnobs({ arguments: 2, queries: 40 }), "");
  const { queries, trees } = benchmark;
  const exam = async (write: (message: string) => string) => {
    const agent = new WritingAgent("w", benchmark, (message) => Promise.resolve(write(message)));
    const trials = await examineAgent(
      {
        agent,
        tasks: examTasks(benchmark),
        system: "",
        trials: 1,
        concurrency: 4,
        userFor: replayedUser,
        signal: new AbortController().signal,
      },
      [],
      () => Promise.resolve(),
    );
    return trials.filter(({ success }) => success).length;
  };
  const outcomeOf = (message: string) => {
    const { intents } = queries.find(({ instruction }) => instruction === message)!;
    const { task, outcome } = intents[0]!;
    const tree = trees.find((each) => each.task === task)!;
    return { tree, right: tree.outcomes.find(({ id }) => id === outcome)! };
  };
  expect(await exam((message) => `${outcomeOf(message).right.text}.`)).toBe(40);
  expect(
    await exam((message) => {
      const { tree, right } = outcomeOf(message);
      return tree.outcomes.find(({ id }) => id !== right.id)!.text;
    }),
  ).toBe(0);
  expect(await exam(() => "as you like it")).toBe(0);
});

test("an id that is a word of JavaScript is no record", () => {
  const { databases, tools, manifest } = generate(1, readKnobs({}), "");
  const environment = new Environment(databases, tools, manifest);
  const read = tools[0]!.function;
  const [id] = read.parameters.required;
  for (const word of ["constructor", "__proto__", "toString"]) {
    expect(environment.call(read.name, { [id!]: word }).ok).toBe(false);
  }
});
