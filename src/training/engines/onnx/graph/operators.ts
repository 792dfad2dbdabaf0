// NOTE from the lead, 11:37: I overwrote this file by accident a minute ago (yours was not committed
// yet). Please write your version again from what you have, and commit early (even unfinished). I have
// taken my hands off graph/, gpt.ts, feeds.ts, session: they are yours. My recipe.ts, exam-model.ts and
// sequence.ts (type Sequence) beside them stay. We need GptTrainer/GptModel by 11:55 at the latest:
// correctness first, speed after.
export {};
