/**
 * Draws rows for judging, by chance and always the same for a seed:
 *   npx tsx test/bench/rows.ts [--n 30] [--seed 100] POLICY.md
 * Every row of training has the same chance; pieces of the document are left out.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { parsePolicy } from "../../src/policy/parse.ts";
import { Random } from "../../src/synthesis/random.ts";
import { questionIn } from "../../src/synthesis/row-text.ts";
import { synthesize } from "../../src/synthesis/synthesize.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    n: { type: "string", default: "30" },
    seed: { type: "string", default: "100" },
  },
});
const [path] = positionals;
if (path === undefined) throw new Error("Which policy?");
const policy = parsePolicy(readFileSync(path, "utf8"), { path });
const { cpt, sft } = synthesize(policy, { seed: 1, command: "bench" });
const rows = [...cpt, ...sft].filter(({ kind }) => kind !== "document");
const drawn = new Random(`rows/${values.seed}`).shuffle(rows).slice(0, Number(values.n));
const texts = new Map(policy.statements.map(({ id, text }) => [id, text]));
drawn.forEach((row, index) => {
  const said =
    "text" in row
      ? row.answerStart === undefined
        ? [row.text]
        : [`Q: ${questionIn(row)}`, `A: ${row.text.slice(row.answerStart)}`]
      : [...row.prompt.slice(1), ...row.completion].map(
          ({ role, content }) => `${role === "user" ? "U" : "A"}: ${content.replace("\n", " / ")}`,
        );
  const source = row.statements.map((id) => texts.get(id)).join(" ");
  console.log(`${index + 1}. [${row.kind}] ${row.id}\n   Policy: ${source}`);
  for (const turn of said) console.log(`   ${turn}`);
});
