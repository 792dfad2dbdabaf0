import fc from "fast-check";
import { expect, it } from "vitest";
import {
  canvasHeight,
  rowHeight,
  scrollTo,
  topOf,
  windowOf,
} from "../../webview/dataset/window.ts";

const viewports = fc
  .record({
    height: fc.integer({ min: 100, max: 2000 }),
    total: fc.integer({ min: 1, max: 20_000_000 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ height, total, share }) => ({
    height,
    total,
    scrollTop: Math.floor(share * Math.max(0, canvasHeight(total) - height)),
  }));

it("asks for every row that is on the screen", () => {
  fc.assert(
    fc.property(viewports, (viewport) => {
      const { offset, limit } = windowOf(viewport);
      expect(limit).toBeLessThanOrEqual(500);
      for (let row = Math.max(0, offset - 3); row < offset + limit + 3; row++) {
        const top = topOf(row, viewport) - viewport.scrollTop;
        const visible = top + rowHeight > 0 && top < viewport.height && row < viewport.total;
        if (visible) expect(row >= offset && row < offset + limit).toBe(true);
      }
    }),
  );
});

it("brings any row into sight, also where the scroll bar is scaled down", () => {
  fc.assert(
    fc.property(viewports, fc.double({ min: 0, max: 1, noNaN: true }), (viewport, share) => {
      const row = Math.floor(share * (viewport.total - 1));
      const scrolled = { ...viewport, scrollTop: scrollTo(row, viewport) };
      const top = topOf(row, scrolled) - scrolled.scrollTop;
      expect(top).toBeGreaterThanOrEqual(-1);
      expect(top + rowHeight).toBeLessThanOrEqual(viewport.height + 1);
    }),
  );
});
