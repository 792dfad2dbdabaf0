import { InputError } from "../policy/errors.ts";

/** What all who speak to an OpenAI-compatible endpoint share: its address, and how it is heard. */

/** An answer of this size is no answer; in bytes. */
const largestAnswer = 4 * 1024 * 1024;

/**
 * The base URL, checked.
 * @throws InputError when it is no http address, or holds what must not be written down.
 */
export function endpoint(baseUrl: string): URL {
  const shown = baseUrl.length > 80 ? `${baseUrl.slice(0, 79)}…` : baseUrl;
  if (!URL.canParse(baseUrl)) {
    throw new InputError(
      `the base URL is no address (${shown})`,
      "Example: http://localhost:8000/v1",
    );
  }
  const url = new URL(baseUrl);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new InputError(
      "the base URL has a name, a password, a query or a fragment in it",
      "Give the key apart from it.",
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new InputError(`the base URL is neither http nor https (${shown})`);
  }
  return url;
}

/** Whether a key sent to the address could be read on the way. */
export function isUnencrypted({ protocol, hostname }: URL): boolean {
  return protocol === "http:" && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Where the endpoint completes chats. */
export function completionsOf({ origin, pathname }: URL): string {
  return `${origin}${pathname.replace(/\/+$/, "")}/chat/completions`;
}

/** The text of an answer; undefined where it does not end. */
export async function bodyOf(response: Response): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > largestAnswer) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Seconds or a date (RFC 9110, 10.2.3), in milliseconds from now. */
export function retryAfter(headers: Headers): number | undefined {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

/** What a text is as JSON; undefined where it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
