/**
 * Values written as literals in Python source: text, numbers, True, False, None, lists, tuples,
 * dictionaries, and calls with keyword arguments, which are read as objects. Nothing is executed:
 * what is not a literal is not read.
 */
export type Literal = string | number | boolean | null | Literal[] | { [key: string]: Literal };

/** A `Task(...)` or an `Action(...)` carries its name beside its keywords. */
export const calledName = "()";

const token =
  /\s+|#[^\n]*|(?<prefix>[rRuUfFbB]{0,2})(?<quoted>"""[^]*?"""|'''[^]*?'''|"(?:\\[^]|[^"\\\n])*"|'(?:\\[^]|[^'\\\n])*')|(?<number>[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)|(?<name>[A-Za-z_]\w*)|(?<mark>[()[\]{}:,=])/gy;

type Token = { kind: "text" | "number" | "name" | "mark"; value: string };

/** Nothing that people write nests deeper; what does would exhaust the stack. */
const deepest = 60;

class NotALiteral extends Error {}

/** Reads the literal that begins at an offset; undefined when there is none. */
export function literalAt(source: string, offset: number): Literal | undefined {
  try {
    return new Reader(source, offset).value(0);
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

class Reader {
  readonly #source: string;
  #at: number;
  #next: Token | undefined;

  constructor(source: string, at: number) {
    this.#source = source;
    this.#at = at;
    this.#next = this.#scan();
  }

  value(depth: number): Literal {
    if (depth > deepest) throw new NotALiteral();
    const { kind, value } = this.#take();
    if (kind === "text") {
      let text = value;
      // Texts side by side are one text.
      while (this.#next?.kind === "text") text += this.#take().value;
      return text;
    }
    if (kind === "number") return Number(value.replaceAll("_", ""));
    if (kind === "name") return this.#named(value, depth);
    if (value === "[") return this.#items("]", depth);
    if (value === "{") return this.#entries(depth);
    if (value !== "(") throw new NotALiteral();
    const comma = { seen: false };
    const items = this.#items(")", depth, comma);
    return items.length === 1 && !comma.seen ? items[0]! : items;
  }

  #named(name: string, depth: number): Literal {
    if (name === "True" || name === "False") return name === "True";
    if (name === "None") return null;
    if (!this.#skip("(")) throw new NotALiteral();
    const call: Record<string, Literal> = Object.create(null) as Record<string, Literal>;
    call[calledName] = name;
    while (!this.#skip(")")) {
      const key = this.#take();
      if (key.kind !== "name" || !this.#skip("=")) throw new NotALiteral();
      call[key.value] = this.value(depth + 1);
      if (!this.#skip(",") && this.#next?.value !== ")") throw new NotALiteral();
    }
    return call;
  }

  #items(end: string, depth: number, comma: { seen: boolean } = { seen: false }): Literal[] {
    const items: Literal[] = [];
    while (!this.#skip(end)) {
      items.push(this.value(depth + 1));
      if (this.#skip(",")) comma.seen = true;
      else if (this.#next?.value !== end) throw new NotALiteral();
    }
    return items;
  }

  #entries(depth: number): Literal {
    const entries: Record<string, Literal> = Object.create(null) as Record<string, Literal>;
    while (!this.#skip("}")) {
      const key = this.value(depth + 1);
      if ((typeof key !== "string" && typeof key !== "number") || !this.#skip(":")) {
        throw new NotALiteral();
      }
      entries[String(key)] = this.value(depth + 1);
      if (!this.#skip(",") && this.#next?.value !== "}") throw new NotALiteral();
    }
    return entries;
  }

  #take(): Token {
    const taken = this.#next;
    if (taken === undefined) throw new NotALiteral();
    this.#next = this.#scan();
    return taken;
  }

  #skip(mark: string): boolean {
    if (this.#next?.kind !== "mark" || this.#next.value !== mark) return false;
    this.#take();
    return true;
  }

  #scan(): Token | undefined {
    while (this.#at < this.#source.length) {
      token.lastIndex = this.#at;
      const match = token.exec(this.#source);
      if (match === null) return undefined;
      this.#at = token.lastIndex;
      const { prefix = "", quoted, number, name, mark } = match.groups ?? {};
      if (quoted !== undefined) {
        // What an f-string says is not known before it is run.
        if (/f/i.test(prefix)) return undefined;
        return { kind: "text", value: unquote(quoted, /r/i.test(prefix)) };
      }
      if (number !== undefined) return { kind: "number", value: number };
      if (name !== undefined) return { kind: "name", value: name };
      if (mark !== undefined) return { kind: "mark", value: mark };
    }
    return undefined;
  }
}

function unquote(quoted: string, raw: boolean): string {
  const marks = /^(?:"""|''')/.test(quoted) ? 3 : 1;
  const text = quoted.slice(marks, -marks);
  if (raw) return text;
  const letters: Record<string, string> = { n: "\n", t: "\t", r: "\r", "\n": "" };
  return text.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([^]))/g,
    (_, byte: string | undefined, unit: string | undefined, letter: string | undefined) =>
      letter === undefined
        ? String.fromCharCode(Number.parseInt(byte ?? unit ?? "", 16))
        : (letters[letter] ?? letter),
  );
}
