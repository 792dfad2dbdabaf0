import { describe, expect, it } from "vitest";
import { inSlices } from "../../../src/editor/slices.ts";

/** Work in pieces of so many milliseconds. */
function* pieces(count: number, ms: number, done: number[] = []): Generator<void, void> {
  for (let i = 0; i < count; i++) {
    for (const end = performance.now() + ms; performance.now() < end;);
    done.push(i);
    yield;
  }
}

describe("inSlices", () => {
  it("does little work before it returns", () => {
    const done: number[] = [];
    void inSlices(pieces(5, 0, done));
    expect(done).toHaveLength(5);
  });

  it("gives others a turn while it does much", async () => {
    let turns = 0;
    const others = setInterval(() => turns++, 1);
    expect(await inSlices(pieces(30, 5))).toBe(true);
    clearInterval(others);
    expect(turns).toBeGreaterThan(2);
  });

  it("stops when it is no longer wanted", async () => {
    const done: number[] = [];
    expect(await inSlices(pieces(100, 5, done), () => false)).toBe(false);
    expect(done.length).toBeLessThan(10);
  });
});
