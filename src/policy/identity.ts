import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The SHA-256 of a text's UTF-8 bytes, in hexadecimal. */
export function hash(text: string): string {
  // A lone surrogate has no UTF-8; the encoder replaces it.
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/**
 * Names statements by their section and words, so that an id survives edits elsewhere in the file.
 * The second statement with the same words in the same section gets another name than the first.
 */
export class Identities {
  readonly #taken = new Set<string>();
  readonly #seen = new Map<string, number>();
  readonly #hashes: Map<string, string>;

  /** @param hashes of keys hashed before: hashing costs more than the rest. */
  constructor(hashes = new Map<string, string>()) {
    this.#hashes = hashes;
  }

  /** What a statement is named by; `next` takes it. */
  static key(section: readonly string[], text: string): string {
    return [...section, text].map((part) => part.toLowerCase().trim()).join("\n");
  }

  next(key: string): string {
    for (;;) {
      const count = this.#seen.get(key) ?? 0;
      this.#seen.set(key, count + 1);
      const id = `s-${this.#hash(count === 0 ? key : `${key}\n#${count}`)}`;
      if (this.#taken.has(id)) continue;
      this.#taken.add(id);
      return id;
    }
  }

  #hash(key: string): string {
    let known = this.#hashes.get(key);
    if (known === undefined) {
      known = hash(key).slice(0, 10);
      this.#hashes.set(key, known);
    }
    return known;
  }
}
