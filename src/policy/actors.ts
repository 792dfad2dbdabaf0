import { adverbs, auxiliaries, determiners, prepositions, pronouns } from "./lexicon.ts";
import type { Word } from "./grammar.ts";

/** People and bodies that act, whose names do not show it by their ending. */
const actorNouns = new Set(
  `agent staff team company crew people person public client guest patient student parent friend
  colleague partner relative spouse nurse clerk host chef cook pilot guard judge union council
  board bank court police authority agency department office desk committee commission panel
  faculty management finance payroll security support legal procurement operations engineering
  hr anyone everyone everybody nobody someone whoever applicant claimant assistant consultant
  attendant accountant participant tenant resident recipient president dependant
  representative executive operative personnel household volunteer trainee coach lead head
  chair dean rector secretary supervisor veteran child adult minor citizen liaison admin
  courier line organisation organization business firm carrier provider counsel reviewer bot
  model`
    .trim()
    .split(/\s+/),
);

/** Endings of those who act: manager, director, pharmacist, technician, employee. */
const actorEnding = /(?:[a-z]{2}(?:er|or)|ist|ian|[a-z]{2}ee|man|woman)s?$/;
/** Words that only end alike. */
const notActors = new Set(
  `adapter after agree amber another answer anterior assist banner beer behavior better boiler
  booster border browser buffer calculator cancer capacitor career center chamber chapter
  character charger checklist cheer clover cluster coffee color computer connector consist
  container cooler copier copper corner counter cover cylinder danger december decimator deer
  degree detector dinner disaster disclaimer door drawer earlier either elevator encounter
  error escalator ever exist exterior extinguisher factor favor fewer fiber filter finger
  floor flower folder free freezer further generator german ginger greater guarantee hammer
  header heater higher honor horror however human identifier indicator inferior inter interior
  knee labor ladder larger later layer ledger letter list locker longer lower major manner
  master matter meter minor mirror mist modifier monitor motor neither never newer newsletter
  november number october offer older order other over oyster paper parameter pepper pointer
  poor posterior powder power printer prior projector quarter radiator rather reactor
  refrigerator register remainder reminder resist resistor roman rotor router rubber scanner
  semester sensor september server shorter shoulder shower silver simulator smaller speaker
  sprinkler starter steer sticker summer superior supper terror three tier timber timer
  together tower tracker tractor trailer transfer transistor tree trigger twist twitter under
  vapor vector voucher waitlist waiver water weather whether whisper whitelist winter`
    .trim()
    .split(/\s+/),
);

/** Whether a noun names someone who can act. */
export function isActorNoun(noun: string): boolean {
  const lower = noun.toLowerCase().replace(/['’]s$/, "");
  if (notActors.has(lower) || notActors.has(lower.replace(/s$/, ""))) return false;
  if (actorNouns.has(lower) || actorNouns.has(lower.replace(/s$/, "").replace(/ie$/, "y")))
    return true;
  return lower.length > 4 && actorEnding.test(lower);
}

/**
 * Where the words of a clause go on after a subject that can act: "the duty manager | calls …".
 * @returns the index of the first word after the subject; undefined when the clause begins otherwise.
 */
export function afterActor(words: readonly Word[]): number | undefined {
  let end: number | undefined;
  for (let i = 0; i < Math.min(words.length, 8); i++) {
    const { text } = words[i]!;
    if (i > 0 && (auxiliaries.has(text) || pronouns.has(text) || prepositions.has(text))) break;
    if (i > 0 && /^(?:who|that|which|whose|and|or)$/.test(text)) break;
    if (determiners.has(text) || adverbs.has(text)) {
      if (end !== undefined) break;
      continue;
    }
    if (isActorNoun(text)) end = i + 1;
    else if (end !== undefined) break;
    else if (i > 4) return undefined;
  }
  return end;
}
