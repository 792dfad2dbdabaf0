import { describe, expect, it } from "vitest";
import { ago, shortAgo } from "../../../src/editor/age.ts";

const now = Date.parse("2026-01-01T00:00:00.000Z");

describe("shortAgo", () => {
  it("is as rough as one would say it, and never in the future", () => {
    const ages = [-5, 0, 59, 61, 3599, 3600, 86_399, 86_400, 200_000];
    expect(ages.map((age) => shortAgo(new Date(now - age * 1000).toISOString(), now))).toEqual([
      "just now",
      "just now",
      "just now",
      "1 min ago",
      "59 min ago",
      "1 h ago",
      "23 h ago",
      "1 day ago",
      "2 days ago",
    ]);
  });
});

it("tells how long ago something was, in the largest unit that fits", () => {
  const at = "2026-01-01T00:00:00.000Z";
  const after = (seconds: number) => ago(at, Date.parse(at) + 1000 * seconds);
  expect(after(-5)).toBe("just now");
  expect(after(59)).toBe("just now");
  expect(after(60)).toBe("1 minute ago");
  expect(after(2 * 3600 + 5)).toBe("2 hours ago");
  expect(after(15 * 86_400)).toBe("2 weeks ago");
});
