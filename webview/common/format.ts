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

const two = (value: number): string => String(value).padStart(2, "0");

/** `2026-11-22 14:03`, in local time. */
export function dateTime(iso: string): string {
  const date = new Date(iso);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
