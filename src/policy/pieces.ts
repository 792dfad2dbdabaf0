/** The pieces of a unigram vocabulary with their log probabilities; a piece's id is its index. */
export type Vocabulary = readonly (readonly [piece: string, score: number])[];

/** Ids below this are marks that no text has: unknown, beginning, end. */
const reserved = 6;
const unknown = 0;
/** Log probability of a character that no piece has, below that of every piece. */
const unknownScore = -30;

/**
 * Cuts text into the most probable pieces of a vocabulary (Kudo 2018, arXiv 1804.10959, the unigram
 * model of SentencePiece), by the Viterbi algorithm; white space is the mark ▁ at a word's start.
 */
export class Pieces {
  readonly #pieces = new Map<string, { id: number; score: number }>();
  readonly #longest: number;

  constructor(vocabulary: Vocabulary) {
    let longest = 1;
    for (const [id, [piece, score]] of vocabulary.entries()) {
      if (id < reserved) continue;
      this.#pieces.set(piece, { id, score });
      longest = Math.max(longest, piece.length);
    }
    this.#longest = longest;
  }

  /** @returns at most `limit` ids; an unknown stretch is one id. */
  encode(text: string, limit: number): number[] {
    // What is beyond the limit changes nothing within it, but for the last few pieces.
    const marked = `▁${text.normalize("NFKC").trim().replace(/\s+/g, "▁")}`.slice(0, limit * 16);
    const { length } = marked;
    const best = new Float64Array(length + 1).fill(-Infinity);
    const from = new Int32Array(length + 1);
    const ids = new Int32Array(length + 1);
    best[0] = 0;
    const reach = (end: number, start: number, id: number, score: number): void => {
      if (score <= best[end]!) return;
      best[end] = score;
      from[end] = start;
      ids[end] = id;
    };
    for (let start = 0; start < length; start++) {
      const last = Math.min(start + this.#longest, length);
      for (let end = start + 1; end <= last; end++) {
        const piece = this.#pieces.get(marked.slice(start, end));
        if (piece !== undefined) reach(end, start, piece.id, best[start]! + piece.score);
      }
      reach(start + 1, start, unknown, best[start]! + unknownScore);
    }
    const found: number[] = [];
    for (let end = length; end > 0; end = from[end]!) {
      if (ids[end] !== unknown || found.at(-1) !== unknown) found.push(ids[end]!);
    }
    return found.reverse().slice(0, limit);
  }
}
