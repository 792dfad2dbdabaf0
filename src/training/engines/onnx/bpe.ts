/**
 * Byte-pair encoding learned from a corpus (Sennrich et al. 2016, arXiv 1508.07909) over UTF-8
 * bytes (GPT-2's byte-level variant), written as a Hugging Face `tokenizer.json`.
 */

/** In the order of their ids, from 0. */
export const specialTokens = ["<|end|>", "<|user|>", "<|assistant|>", "<|system|>"] as const;

/**
 * Words keep their leading space; every digit stands alone, so that a number's tokens are its
 * digits and numbers compare place by place. The classes are spelled as Unicode properties because
 * `\s` means different characters in JavaScript and in the Rust library.
 */
export const wordPattern = String.raw` ?\p{L}+|\p{N}| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+`;

export const smallestVocabulary = specialTokens.length + 256;

/** GPT-2's printable stand-in for each byte: printable Latin-1 as it is, the rest from U+0100. */
const byteSymbols: readonly string[] = (() => {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable =
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCharCode(printable ? byte : next++);
  });
})();

interface Word {
  symbols: number[];
  count: number;
}

export interface Vocabulary {
  /** The string of each symbol, by id; special tokens and bytes first. */
  symbols: string[];
  /** Pairs of symbol ids, in the order they were merged. */
  merges: [number, number][];
}

/**
 * Learns merges until the vocabulary holds `size` symbols or no pair occurs twice. Of pairs that are
 * equally frequent the one with the smaller ids wins, so the result depends on the corpus alone.
 */
export function learnVocabulary(texts: readonly string[], size: number): Vocabulary {
  const words = countWords(texts);
  const symbols: string[] = [...specialTokens, ...byteSymbols];
  const merges: [number, number][] = [];
  const pairs = new PairCounts(words);
  while (symbols.length < size) {
    const best = pairs.mostFrequent();
    if (!best) break;
    symbols.push(symbols[best[0]]! + symbols[best[1]]!);
    merges.push(best);
    pairs.merge(best, symbols.length - 1);
  }
  return { symbols, merges };
}

function countWords(texts: readonly string[]): Word[] {
  const counts = new Map<string, number>();
  const pattern = new RegExp(wordPattern, "gu");
  for (const text of texts) {
    for (const piece of withoutSpecialTokens(text)) {
      for (const [word] of piece.matchAll(pattern)) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  const utf8 = new TextEncoder();
  return Array.from(counts, ([word, count]) => ({
    symbols: Array.from(utf8.encode(word), (byte) => specialTokens.length + byte),
    count,
  }));
}

function withoutSpecialTokens(text: string): string[] {
  return specialTokens.reduce(
    (pieces, token) => pieces.flatMap((piece) => piece.split(token)),
    [text],
  );
}

/** How often each pair of neighbours occurs, kept up to date while pairs are merged. */
class PairCounts {
  readonly #words: Word[];
  readonly #counts = new Map<number, number>();
  /** The words in which a pair was ever seen. */
  readonly #places = new Map<number, Set<number>>();

  constructor(words: Word[]) {
    this.#words = words;
    words.forEach((_, index) => this.#count(index, 1));
  }

  /** The most frequent pair, or undefined when none occurs twice. */
  mostFrequent(): [number, number] | undefined {
    let best = 0;
    let most = 1;
    for (const [key, count] of this.#counts) {
      if (count > most || (count === most && count > 1 && key < best)) {
        best = key;
        most = count;
      }
    }
    return most > 1 ? [Math.floor(best / keyBase), best % keyBase] : undefined;
  }

  merge([left, right]: [number, number], merged: number): void {
    for (const index of this.#places.get(pairKey(left, right)) ?? []) {
      this.#count(index, -1);
      const word = this.#words[index]!;
      word.symbols = mergeSymbols(word.symbols, left, right, merged);
      this.#count(index, 1);
    }
  }

  #count(index: number, sign: 1 | -1): void {
    const { symbols, count } = this.#words[index]!;
    for (let i = 1; i < symbols.length; i++) {
      const key = pairKey(symbols[i - 1]!, symbols[i]!);
      const total = (this.#counts.get(key) ?? 0) + sign * count;
      if (total === 0) this.#counts.delete(key);
      else this.#counts.set(key, total);
      const places = this.#places.get(key);
      if (places) places.add(index);
      else this.#places.set(key, new Set([index]));
    }
  }
}

/** Above every symbol id; two ids make one exact number. */
const keyBase = 2 ** 24;
const pairKey = (left: number, right: number) => left * keyBase + right;

function mergeSymbols(symbols: number[], left: number, right: number, merged: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      result.push(merged);
      i++;
    } else result.push(symbols[i]!);
  }
  return result;
}

/** The `tokenizer.json` of Hugging Face's libraries for a learned vocabulary. */
export function tokenizerJson({ symbols, merges }: Vocabulary): string {
  const special = (content: string, id: number) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  });
  const byteLevel = { type: "ByteLevel", add_prefix_space: false, trim_offsets: true };
  return JSON.stringify({
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map(special),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: wordPattern }, behavior: "Isolated", invert: false },
        { ...byteLevel, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { ...byteLevel, use_regex: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab: Object.fromEntries(symbols.map((symbol, id) => [symbol, id])),
      merges: merges.map((pair) => pair.map((id) => symbols[id]!)),
    },
  });
}
