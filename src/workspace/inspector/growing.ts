/** Arrays of numbers that grow, and a table of hashes: 4 million rows fit where objects would not. */

type Numbers = Float64Array | Uint32Array | Uint8Array;

/** A column of numbers that grows by doubling. */
export class Column<Kind extends Numbers> {
  readonly #make: new (length: number) => Kind;
  #values: Kind;
  #length = 0;

  constructor(make: new (length: number) => Kind) {
    this.#make = make;
    this.#values = new make(1024);
  }

  get length(): number {
    return this.#length;
  }

  get(at: number): number {
    return this.#values[at]!;
  }

  set(at: number, value: number): void {
    this.#values[at] = value;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const values = new this.#make(2 * this.#length);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#length++] = value;
  }
}

/** Gives each distinct string a small number, in the order of their coming. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly all: string[] = [];

  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.all.length);
    return this.all.push(name) - 1;
  }

  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }
}

/**
 * Which row first had a string, by a hash of 53 bits: among four million rows the chance that any
 * two strings share one is about one in a thousand.
 */
export class FirstRows {
  #keys = new Float64Array(1024).fill(-1);
  #rows = new Uint32Array(1024);
  #size = 0;

  /** @returns the row that came first with this string: the given one when it is new. */
  add(key: number, row: number): number {
    if (2 * this.#size >= this.#keys.length) this.#grow();
    const at = this.#place(key);
    if (this.#keys[at] === key) return this.#rows[at]!;
    this.#keys[at] = key;
    this.#rows[at] = row;
    this.#size++;
    return row;
  }

  find(key: number): number | undefined {
    const at = this.#place(key);
    return this.#keys[at] === key ? this.#rows[at] : undefined;
  }

  /** Where the key is, or belongs: the table's size is a power of two. */
  #place(key: number): number {
    const mask = this.#keys.length - 1;
    let at = (key % 0x1_0000_0000) & mask;
    while (this.#keys[at] !== -1 && this.#keys[at] !== key) at = (at + 1) & mask;
    return at;
  }

  #grow(): void {
    const [keys, rows] = [this.#keys, this.#rows];
    this.#keys = new Float64Array(2 * keys.length).fill(-1);
    this.#rows = new Uint32Array(2 * keys.length);
    keys.forEach((key, index) => {
      if (key === -1) return;
      const at = this.#place(key);
      this.#keys[at] = key;
      this.#rows[at] = rows[index]!;
    });
  }
}

/** A hash of 53 bits: two multiplicative hashes of 32 bits that mix into each other. */
export function hashOf(text: string): number {
  let one = 0x9e3779b9;
  let two = 0x85ebca6b;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    one = Math.imul(one ^ unit, 0x01000193);
    two = Math.imul(two ^ unit, 0x5bd1e995) + (two >>> 15);
  }
  one = Math.imul(one ^ (two >>> 13), 0xc2b2ae35);
  two = Math.imul(two ^ (one >>> 16), 0x27d4eb2f);
  one ^= two >>> 15;
  return (two >>> 0) + 0x1_0000_0000 * ((one >>> 0) & 0x1f_ffff);
}
