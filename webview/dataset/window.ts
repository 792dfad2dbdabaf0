/** Which rows of a long table are drawn, and where. */

export const rowHeight = 28;
/** Browsers end elements at about 33 million pixels; beyond this the scroll bar is scaled down. */
const tallest = 12_000_000;
/** Rows that are asked for at once, a multiple of which the window begins at. */
const step = 20;

export interface Viewport {
  /** Pixels. */
  height: number;
  scrollTop: number;
  /** All rows of the table. */
  total: number;
}

/** The height of all rows, as far as an element can be that tall. */
export const canvasHeight = (total: number): number => Math.min(total * rowHeight, tallest);

/** Pixels above the viewport, as if no height were too tall. */
function above({ height, scrollTop, total }: Viewport): number {
  const whole = total * rowHeight;
  const canvas = canvasHeight(total);
  if (whole === canvas) return scrollTop;
  return (scrollTop / Math.max(1, canvas - height)) * (whole - height);
}

/** Where a row is drawn, from the top of the canvas. */
export const topOf = (row: number, viewport: Viewport): number =>
  row * rowHeight - above(viewport) + viewport.scrollTop;

/** The rows to ask for: those on the screen, and some before and after them. */
export function windowOf(viewport: Viewport): { offset: number; limit: number } {
  const first = Math.floor(above(viewport) / rowHeight);
  const shown = Math.ceil(viewport.height / rowHeight) + 1;
  const offset = Math.max(0, Math.floor((first - step) / step) * step);
  return { offset, limit: Math.min(500, shown + 4 * step) };
}

/** The `scrollTop` at which a row is in sight; the same one when it is already. */
export function scrollTo(row: number, viewport: Viewport): number {
  const { height, scrollTop, total } = viewport;
  const top = row * rowHeight;
  const from = above(viewport);
  const wanted =
    top < from ? top : top + rowHeight > from + height ? top + rowHeight - height : from;
  if (wanted === from) return scrollTop;
  const whole = total * rowHeight;
  const canvas = canvasHeight(total);
  if (whole === canvas) return wanted;
  return (wanted / Math.max(1, whole - height)) * (canvas - height);
}
