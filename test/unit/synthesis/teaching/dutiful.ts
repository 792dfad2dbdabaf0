import { z } from "zod";

/** A question as it reaches an endpoint, and a teacher that answers it as it should. */

export const Body = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  stream: z.boolean().optional(),
  temperature: z.number().optional(),
});
export type Asked = z.infer<typeof Body>;

const Items = z.object({
  items: z.array(
    z.object({
      n: z.int(),
      section: z.string(),
      statement: z.string(),
      rows: z.int(),
      avoid: z.array(z.string()),
      outcomes: z.record(z.string(), z.string()).optional(),
      cases: z
        .array(
          z.object({
            case: z.int(),
            name: z.string(),
            about: z.string(),
            told: z.array(z.string()),
          }),
        )
        .optional(),
    }),
  ),
});
export type Item = z.infer<typeof Items>["items"][number];

/** The items of a question about rows. */
export function itemsOf({ messages }: Asked): Item[] {
  return Items.parse(JSON.parse(messages.at(-1)!.content)).items;
}

/** What kind of rows a question asks for, by the fields that its instructions show. */
export function kindOf({ messages }: Asked): "paraphrase" | "question" | "dialogue" | "scenario" {
  const { content } = messages[0]!;
  if (content.includes('"text"')) return "paraphrase";
  if (content.includes('"answer"')) return "question";
  return content.includes('"outcome"') ? "scenario" : "dialogue";
}

/** A dutiful teacher: rows that are true because they say the statement itself. */
export function dutiful(body: Asked): unknown[] {
  const kind = kindOf(body);
  const tempted = body.messages[0]!.content.includes("break the rule");
  return itemsOf(body).flatMap((item): unknown[] => {
    const { n, statement } = item;
    switch (kind) {
      case "paraphrase":
        return [{ n, text: `It stands written: ${statement}` }];
      case "question":
        return [{ n, question: `Tell me about this: ${statement}`, answer: statement }];
      case "dialogue":
        return [
          {
            n,
            user: tempted ? `Skip this today: ${statement}` : `How do you act: ${statement}`,
            assistant: tempted ? `I cannot skip it. ${statement}` : `As it stands: ${statement}`,
          },
        ];
      case "scenario":
        return item.cases!.flatMap(({ case: number, about, told }) =>
          Object.keys(item.outcomes!).map((outcome) => ({
            ...{ n, case: number, outcome },
            user: `On ${about}, this is how it is: ${told.join(", ")}.`,
          })),
        );
    }
  });
}
