/**
 * Lints documents and prints how much each rule finds, and how much of it readers would keep:
 *   npx tsx test/bench/lint.ts [--show] [--all] [--blank FILE] [--judgements FILE]… POLICY.md…
 *
 * --show        prints each finding with its sentence, and no reader's judgement of it
 * --all         counts the rules that are off by default, too
 * --blank FILE  writes a file of judgements to be filled in: "keep" is true, false or null
 * --judgements  what a reader would keep; without it, every file in test/bench/lint
 *
 * A reader keeps a finding when a careful author of that document would act on it, or be glad to have
 * been told. Files of judgements hold offsets and hashes, never the documents' text.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { z } from "zod";
import { decodePolicy } from "../../src/policy/decode.ts";
import { lintPolicy, type Finding } from "../../src/policy/lint/lint.ts";
import { ruleIds, rules, type RuleId } from "../../src/policy/lint/rules.ts";
import { parsePolicy } from "../../src/policy/parse.ts";

const Judgements = z.object({
  version: z.literal(1),
  judgements: z.array(
    z.object({
      /** SHA-256 of the document. */
      document: z.string().regex(/^[0-9a-f]{64}$/),
      rule: z.enum(ruleIds),
      start: z.int(),
      end: z.int(),
      keep: z.boolean().nullable(),
    }),
  ),
});
type Judgements = z.infer<typeof Judgements>;

/** One finding in one document, and its key in files of judgements. */
interface Found extends Finding {
  document: string;
  key: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    show: { type: "boolean", default: false },
    all: { type: "boolean", default: false },
    blank: { type: "string" },
    judgements: { type: "string", multiple: true },
  },
});

const keyOf = (at: { document: string; rule: string; start: number; end: number }): string =>
  `${at.document} ${at.rule} ${at.start} ${at.end}`;

function lintFile(path: string): Found[] {
  const text = decodePolicy(readFileSync(path), path);
  const parsed = parsePolicy(text, { path });
  const document = parsed.policy.sha256;
  const louder = ruleIds.flatMap((rule) =>
    rules[rule].severity === "off" ? [[rule, "information"] as const] : [],
  );
  const severities = values.all ? Object.fromEntries(louder) : {};
  const found = lintPolicy(text, parsed, { severities }).map((finding) => ({
    ...finding,
    document,
    key: keyOf({ ...finding, document }),
  }));
  console.log(
    `${basename(path)}: ${parsed.statements.length} statements, ${found.length} findings`,
  );
  if (values.show) {
    for (const { rule, start, end, message } of found) {
      const around = parsed.statements.find((one) => one.start <= start && end <= one.end);
      const line = text.slice(0, start).split("\n").length;
      console.log(`  line ${line}, ${start}–${end}, ${rule}: ${message}`);
      console.log(`    [${text.slice(start, end)}]`);
      if (around !== undefined) console.log(`    in: ${around.text}`);
    }
  }
  return found;
}

function readers(): { name: string; kept: ReadonlyMap<string, boolean> }[] {
  const folder = fileURLToPath(new URL("lint", import.meta.url));
  const files =
    values.judgements ??
    readdirSync(folder)
      .filter((file) => file.endsWith(".json"))
      .map((file) => join(folder, file));
  return files.map((file) => {
    const { judgements } = Judgements.parse(JSON.parse(readFileSync(file, "utf8")));
    const kept = judgements.flatMap((one) =>
      one.keep === null ? [] : [[keyOf(one), one.keep] as const],
    );
    return { name: basename(file, ".json").replace(/^judgements-/, ""), kept: new Map(kept) };
  });
}

/** "7/8 88 %": how many of the judged findings are kept. */
function share(verdicts: readonly (boolean | undefined)[]): string {
  const judged = verdicts.filter((verdict) => verdict !== undefined);
  if (judged.length === 0) return "–";
  const kept = judged.filter(Boolean).length;
  return `${kept}/${judged.length} ${Math.round((100 * kept) / judged.length)} %`;
}

function row(name: string, found: readonly Found[], judges: ReturnType<typeof readers>) {
  const verdicts = judges.map(({ kept }) => found.map(({ key }) => kept.get(key)));
  const together = found.map((_, i) => {
    const all = verdicts.map((one) => one[i]);
    return all.includes(undefined) ? undefined : all.every(Boolean);
  });
  return {
    rule: name,
    findings: found.length,
    ...Object.fromEntries(judges.map((judge, i) => [judge.name, share(verdicts[i]!)])),
    ...(judges.length > 1 ? { "kept by all": share(together) } : {}),
  };
}

const found = positionals.flatMap(lintFile);
if (values.blank !== undefined) {
  const blank: Judgements = {
    version: 1,
    judgements: found.map(({ document, rule, start, end }) => ({
      document,
      rule,
      start,
      end,
      keep: null,
    })),
  };
  writeFileSync(values.blank, `${JSON.stringify(blank, null, 2)}\n`);
}
if (!values.show) {
  const judges = readers();
  const shown = (rule: RuleId) => values.all || rules[rule].severity !== "off";
  console.table([
    ...ruleIds.filter(shown).map((rule) =>
      row(
        rule,
        found.filter((one) => one.rule === rule),
        judges,
      ),
    ),
    row("all", found, judges),
  ]);
  const documents = new Set(found.map(({ document }) => document));
  const ran = new Set<string>(ruleIds.filter(shown));
  const keys = new Set(found.map(({ key }) => key));
  for (const { name, kept } of judges) {
    const gone = [...kept.keys()].filter((key) => {
      const [document, rule] = key.split(" ");
      return documents.has(document!) && ran.has(rule!) && !keys.has(key);
    });
    const open = found.filter(({ key }) => !kept.has(key)).length;
    console.log(
      `${name}: ${open} findings without a judgement, ${gone.length} judgements of what is not found`,
    );
  }
}
