/** How figures are written: one place, so that all panels agree. */

const integers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const integer = (value: number): string => integers.format(value);

/** A score or a loss: two decimals. */
export const decimal = (value: number): string => value.toFixed(2);

export const percent = (share: number, digits = 0): string => `${(share * 100).toFixed(digits)} %`;

/** A learning rate: `1.6e-3`. */
export const rate = (value: number): string =>
  value === 0 ? "0" : value.toExponential(1).replace("e+0", "");

/** Rough on purpose: an estimate with seconds over a minute would lie. */
export function duration(seconds: number): string {
  if (seconds < 5) return "a few seconds";
  if (seconds < 60) return `${Math.round(seconds / 5) * 5} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * `about 40 s`, `3–5 min`: both ends as rough as the later one is told.
 * @param low seconds, as `high`.
 */
export function durationRange(low: number, high: number): string {
  if (duration(low) === duration(high)) {
    return high < 5 ? duration(high) : `about ${duration(high)}`;
  }
  if (high < 3600) {
    const [unit, word] = high < 60 ? [5, "s"] : [60, "min"];
    const [from, to] = [low, high].map((seconds) => Math.round(seconds / unit));
    const scale = word === "s" ? 5 : 1;
    if (from === to) return `about ${to! * scale} ${word}`;
    return from === 0 ? `up to ${to! * scale} ${word}` : `${from! * scale}–${to! * scale} ${word}`;
  }
  return `${duration(low)} – ${duration(high)}`;
}

/** `312 MiB`, `13.4 GiB`. */
export function gibibytes(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  if (mebibytes < 1024) return `${Math.round(mebibytes)} MiB`;
  const value = mebibytes / 1024;
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} GiB`;
}

const two = (value: number): string => String(value).padStart(2, "0");

/** `2026-11-22 14:03`, in local time. */
export function dateTime(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
