import type { Random } from "../synthesis/random.ts";
import type { Database, Domain, Field } from "./domain.ts";
import {
  commonManners,
  countFacts,
  enumFacts,
  flagFacts,
  intros,
  numberFacts,
  orderSentences,
} from "./frames.ts";
import type { Knobs, Renderer } from "./knobs.ts";
import { fill, Page, type Words } from "./page.ts";
import { bulleted } from "./renderers/bulleted.ts";
import { numbered } from "./renderers/numbered.ts";
import { prose } from "./renderers/prose.ts";
import { table } from "./renderers/table.ts";
import type { PolicyTree } from "./tree.ts";
import { type Chapter, RuleWriter } from "./writer.ts";
import { measured } from "./variables.ts";
import { a, capital, series } from "./words.ts";

const rendererOf: Readonly<Record<Renderer, (page: Page, w: RuleWriter, c: Chapter) => void>> = {
  numbered,
  bulleted,
  prose,
  table,
};

export interface DocumentPlan {
  title: string;
  organisation: string;
  domain: Domain;
  databases: readonly Database[];
  chapters: readonly Chapter[];
  knobs: Knobs;
  renderer: Renderer;
}

/** Writes policy.md; the trees come back with the places of their conditions and outcomes in it. */
export function writeDocument(
  plan: DocumentPlan,
  random: Random,
): { text: string; trees: PolicyTree[] } {
  const { title, domain, databases, chapters, renderer } = plan;
  const page = new Page();
  const writer = new RuleWriter(domain, random);
  page.write("---\ningrain: policy\n---\n\n").heading(1, title);
  page.paragraph([introduction(plan, writer), [writer.deal(orderSentences)]]);

  page.heading(2, "How to work");
  const common = random.shuffle(commonManners).slice(0, 5);
  const slots = { p: [domain.person], n: [databases[0]!.noun] };
  const manners = random.shuffle([
    ...common.map((frame) => fill(frame, slots)),
    ...domain.manners.map((sentence): Words => [sentence]),
  ]);
  list(page, renderer, manners);

  page.heading(2, "Good to know");
  const known = [...domain.facts, `The teams of the desk are the ${series(domain.teams)}.`];
  list(
    page,
    renderer,
    random.shuffle(known).map((sentence): Words => [sentence]),
  );

  page.heading(2, "What is on record");
  for (const database of databases) recorded(page, plan, database, writer);

  for (const chapter of chapters) {
    page.heading(2, `${chapter.number}. ${capital(chapter.plan.act)}`);
    rendererOf[renderer](page, writer, chapter);
  }
  const text = `${page.text.trimEnd()}\n`;
  return { text, trees: chapters.map(({ tree }) => placed(tree, page)) };
}

function introduction({ organisation, domain }: DocumentPlan, writer: RuleWriter): Words {
  const { person, agent } = domain;
  return fill(writer.deal(intros), { o: [organisation], g: [agent], p: [person] });
}

/** Bullets in documents of bullets and numbers, a paragraph in the others. */
function list(page: Page, renderer: Renderer, sentences: readonly Words[]): void {
  if (renderer === "prose" || renderer === "table") {
    page.paragraph(sentences);
    return;
  }
  for (const words of sentences) page.write("- ", ...words, "\n");
  page.write("\n");
}

function recorded(
  page: Page,
  { knobs, renderer }: DocumentPlan,
  { name, noun, fields }: Database,
  writer: RuleWriter,
): void {
  const shown = fields.slice(0, knobs.fields);
  page.heading(3, capital(name));
  if (renderer === "table") {
    page.write(`| Field of ${a(noun)} | What it holds |\n| --- | --- |\n`);
    for (const field of shown) page.write(`| ${field.name} | ${holdings(field)} |\n`);
    page.write("\n");
    return;
  }
  list(
    page,
    renderer,
    shown.map((field) => fact(field, noun, writer)),
  );
}

function holdings(field: Field): string {
  switch (field.kind) {
    case "enum":
      return series(field.values, "or");
    case "number":
      return `${field.low} to ${measured(field, field.high)}`;
    case "flag":
      return `${field.yes} or ${field.no}`;
  }
}

function fact(field: Field, noun: string, writer: RuleWriter): Words {
  const shared = { f: [field.name], n: [noun], a: [a(noun)] };
  switch (field.kind) {
    case "enum": {
      const k = ["no", "one", "two", "three", "four", "five", "six"][field.values.length] ?? "many";
      const v = [series(field.values, "or")];
      return fill(writer.deal(enumFacts), { ...shared, k: [k], v, w: [series(field.values)] });
    }
    case "number":
      return fill(writer.deal(field.name.startsWith("number of ") ? countFacts : numberFacts), {
        ...shared,
        u: [field.unit],
        l: [String(field.low)],
        h: [String(field.high)],
      });
    case "flag":
      return fill(writer.deal(flagFacts), { ...shared, yes: [field.yes] });
  }
}

function placed(tree: PolicyTree, page: Page): PolicyTree {
  const ids = [...tree.conditions, ...tree.outcomes].map(({ id }) => id);
  return { ...tree, places: Object.fromEntries(ids.map((id) => [id, page.places(id)])) };
}
