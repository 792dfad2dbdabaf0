/**
 * Closed word classes, and the verbs of policies. The rules need to know whether words make a
 * clause; a tagger would weigh more than the extension.
 */

const words = (list: string): string[] => list.trim().split(/\s+/);

export const auxiliaries = new Set(
  words(`is are was were am isn't aren't wasn't weren't isn’t aren’t wasn’t weren’t has have had
    hasn't haven't hasn’t haven’t do does did don't doesn't didn't don’t doesn’t didn’t can cannot
    can't can’t could couldn't may might must mustn't shall should shouldn't shouldn’t will won't
    won’t would wouldn't wouldn’t ought needs need needn't he's she's it's they're you're we're
    it’s they’re you’re we’re you've we've they've you’ve we’ve they’ve you'll we'll they'll it'll
    you’ll we’ll they’ll it’ll there's there’s`),
);

export const pronouns = new Set(
  words(`i you he she it we they there this that these those one someone anyone everyone nobody
    nothing everything something who which both neither others you've we've they've you're we're
    they're it's you'll we'll they'll it'll there's you’ve we’ve they’ve you’re we’re they’re it’s
    you’ll we’ll they’ll it’ll there’s`),
);

export const determiners = new Set(
  words(`the a an this that these those each every any all some no both either neither another other
    your our their its his her my such most many several few more at`),
);

export const prepositions = new Set(
  words(`of in on at by for from to with without within into onto over under above below after before
    between during through via per about against across along among around as until till since
    upon toward towards than like near off out outside inside past beyond regarding concerning`),
);

/** Words that may stand before an imperative or a subject and change nothing in kind. */
export const adverbs = new Set(
  words(`please then also always never only just simply first second third next finally lastly instead
    so thus hence therefore however additionally furthermore moreover generally usually normally
    typically specifically immediately politely kindly still again now here otherwise and but or
    carefully clearly explicitly directly briefly promptly afterwards meanwhile similarly likewise
    further nonetheless nevertheless accordingly not automatically once either`),
);

/** Verbs that policies give as orders, in their base form. */
const verbs = words(`
  accept access accommodate achieve acknowledge act adapt add address adhere adjust advise agree aim
  alert allow amend announce answer anticipate apologise apologize appeal apply appoint approach
  approve arrange ask assess assign assist assume attach attempt attend authenticate authorise
  authorize avoid award back base be bear become begin believe bill block book bring broaden build buy
  calculate call cancel capture care carry change charge check choose claim clarify classify clear
  click close collect combine come comfort communicate compare compensate complete comply compute
  conduct confirm connect consider consult contact contain continue contribute convert copy correct
  cost count cover create credit cut deactivate debit decide decline deduct defer define delay delete
  deliver deny depend describe designate determine diagnose direct disable disclose disconnect
  discuss display distribute do document double download draft drop earn edit email employ enable
  encourage end enforce engage enroll ensure enter escalate establish estimate evaluate examine exceed
  exchange exclude execute expect expire explain export express extend fail fetch file fill find
  finish fix flag focus follow forfeit format forward gather generate get give go grant greet guide
  handle have help hide hold honor identify ignore implement include inform initiate inquire insert
  inspect install instruct insure interpret invite involve issue join judge keep know label last lead
  leave let lie lift limit link list listen locate lock log look lower maintain make manage mark match
  measure mention merge modify monitor move name navigate need negotiate notify obey observe obtain
  offer omit open order organize override own pack pass pause pay perform permit persist pick place
  plan post prepare prescribe present press prevent print prioritise prioritize proceed process
  produce prohibit promise prompt propose protect prove provide publish purchase push put query
  question quote raise reach react read reboot receive recommend record recover redact redirect reduce
  refer refill refrain refuel refund refuse regard register reinstate reject relate release rely remain
  remember remind remove rename renew repair repeat replace reply report represent request require
  reroute rerun reschedule research reseat reserve reset resolve respect respond restart restore
  restrict resume retain retrieve return reveal review revise revoke run save say schedule scan screen
  search secure see seek select sell send separate serve set settle share ship show sign simulate skip
  sort speak specify split stand start state stay stop store submit subtract suggest sum summarise
  summarize supply support suspend switch take talk tell terminate test thank think toggle track train
  transcribe transfer treat try turn type unlock update upgrade upload use validate value verify view
  visit vote wait waive want warn weigh withdraw withhold work write accrue appear arrive belong
  differ exist happen occur qualify reside travel threaten complain prefer wish lack hang infringe
  interfere allege subscribe suspect doubt fear
  wear sound draw ring drive eat drink sit sleep smoke spill sweep wash wipe wrap rinse dry heat cool
  fit fasten tighten loosen plug unplug boot tap swipe scroll drag paste hand escort sanitize
  sanitise evacuate stow stack load unload wheel weld drill sand paint mop
  scrub flush drain pour mix stir tag stamp seal tape pin clip staple fold tear shred
  shoot dig climb jump swim walk ride fly sail land dock park steer brake reverse
  overtake yield wave nod smile shake wink whisper shout yell argue debate joke gossip mock tease
  harass bully intimidate discriminate retaliate bribe steal cheat deceive mislead
  impersonate forge fake pretend disguise conceal postpone rebook reissue
  reconnect shorten repack redeem recognise recognize
  reprint reprogram reconfigure reinstall uninstall downgrade patch deploy roll migrate
  archive encrypt decrypt hash salt rotate throttle
  whitelist blacklist mute unmute ban unban unpin dial redial translate
  paraphrase cite attribute license sublicense delegate triage
  dispense administer inject swab bandage admit discharge immunise
  immunize vaccinate quarantine isolate sterilise sterilize disinfect bin recycle compost donate lend
  borrow rent lease sublet hire fire lay recruit interview onboard mentor coach appraise
  rate rank score grade promote demote dismiss resign retire clock
  swap trade barter haggle arbitrate mediate litigate sue object protest
  elect nominate second abstain chair minute adjourn convene assemble disperse
  haul tow throw catch kick punch hit strike break smash
  bend twist spin slide pull squeeze grip grab seize free
  breathe cough sneeze spit vomit bleed faint rest relax stretch exercise warm
  dress undress shower bathe shave trim brush comb groom feed water milk breed slaughter
  plant sow harvest reap mow prune rake spray fertilise fertilize irrigate chop slice dice grate peel
  boil fry bake roast grill steam simmer chill freeze thaw defrost taste season garnish plate
  reconcile amortise invoice reimburse prepay overpay underpay round tip budget forecast
  audit certify attest notarise notarize witness swear affirm testify depose subpoena
  introduce accompany supervise oversee guard patrol watch spot detect trace
  mind beware dispose abide cooperate collaborate liaise coordinate circulate
  familiarise familiarize acquaint rehearse practise practice memorise recall
  pool bundle dedicate devote allocate earmark ringfence
  anonymise anonymize pseudonymise pseudonymize mask blur crop relabel retag reorder resend
  retry reopen reassign recheck reconsider rethink rework rewrite rephrase reformat
`);

/** Base forms that are at least as often nouns: they are verbs only where a verb must stand. */
export const nounsToo = new Set(
  words(`access address answer appeal approach award back base bill block book call care change charge
    claim comfort contact copy cost count cover credit cut debit delay document double draft drop email
    end estimate exchange express file fill fix flag focus format forward grant guide handle help hold
    issue label last lead leave lift limit link list lock log look mark match measure name need offer
    open order own pack pass pause pay place plan post present press process promise prompt purchase
    push quote question query raise record refund release repair repeat reply report request reset
    research return review run scan schedule screen search set share ship show sign split stand start
    state stay stop store support supply sum switch talk test thank track train transfer travel treat
    turn type update upgrade upload use value view visit vote wait want warn work wish lack refill
    tip round budget forecast audit witness guard patrol watch spot trace mind pool bundle mask crop
    walk ride land dock park brake reverse wave smile fake tag stamp seal tape pin clip fold tear patch
    roll archive hash salt ban hang license assign fire rate rank score grade trade second chair minute
    kick strike break bend twist slide pull grip free exercise dress
    shower water milk plant spray slice plate season practice service ring drive drink sleep smoke
    spill heat cool fit tap paste hand wheel drill sand paint mix
    restart download display export fear doubt suspect clear complete correct direct secure separate lower bear lie welcome`),
);

export const baseVerbs = new Set(verbs);

/** Third person singular and simple past, as far as rules make them; the common irregular ones too. */
export const inflectedVerbs = new Set([
  ...verbs.flatMap((verb) => [thirdPerson(verb), past(verb)]),
  ...words(`has does goes was were had did went gave got made said took came saw knew paid sent kept
    held left lost met ran set put told wrote chose began became brought bought found forgot chosen
    broke lent felt meant read sold spent stood thought understood won`),
]);

export function thirdPerson(verb: string): string {
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ies`;
  return /(?:s|x|z|ch|sh|o)$/.test(verb) ? `${verb}es` : `${verb}s`;
}

function past(verb: string): string {
  if (verb.endsWith("e")) return `${verb}d`;
  if (/[^aeiou]y$/.test(verb)) return `${verb.slice(0, -1)}ied`;
  return `${verb}ed`;
}
