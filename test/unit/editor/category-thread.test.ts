import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CategoryThread } from "../../../src/editor/category-thread.ts";

const folder = join(import.meta.dirname, "../../../media/categories");
const question = (text: string) => ({ text, features: [] });

describe("CategoryThread", () => {
  it("tells whoever waits that its thread could not begin", async () => {
    const thread = new CategoryThread(join(folder, "no-worker.js"), folder);
    await expect(thread.odds([question("Pay.")])).rejects.toThrow("no-worker.js");
    await expect(thread.odds([])).resolves.toEqual([]);
    thread.dispose();
  });
});
