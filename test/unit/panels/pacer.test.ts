import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pacer } from "../../../src/panels/pacer.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

describe("Pacer", () => {
  it("calls at once, then makes one call of many requests in a row", async () => {
    const task = vi.fn(() => Promise.resolve());
    const pacer = new Pacer(task, 500);
    pacer.request();
    await vi.advanceTimersByTimeAsync(0);
    expect(task).toHaveBeenCalledTimes(1);
    for (let request = 0; request < 9; request++) {
      pacer.request();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(task).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(task).toHaveBeenCalledTimes(2);
  });

  it("shows the last state in the end, whenever the states come and however long a call takes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(1200), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 900 }),
        async (gaps, callMs) => {
          let state = 0;
          let shown = 0;
          let calls = 0;
          let working = 0;
          const ends: number[] = [];
          const pacer = new Pacer(async () => {
            expect(++working).toBe(1);
            if (calls++ > 0) expect(Date.now() - ends.at(-1)!).toBeGreaterThanOrEqual(500);
            const seen = state;
            await wait(callMs);
            shown = seen;
            working--;
            ends.push(Date.now());
          }, 500);
          for (const gap of gaps) {
            await vi.advanceTimersByTimeAsync(gap);
            state++;
            pacer.request();
          }
          await vi.advanceTimersByTimeAsync(3 * (500 + callMs));
          expect(shown).toBe(gaps.length);
          expect(calls).toBeLessThanOrEqual(gaps.length);
        },
      ),
    );
  });
});
