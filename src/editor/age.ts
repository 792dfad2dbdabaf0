type Unit = readonly [one: string, many: string, seconds: number];

const long: readonly Unit[] = [
  ["year", "years", 31_536_000],
  ["month", "months", 2_592_000],
  ["week", "weeks", 604_800],
  ["day", "days", 86_400],
  ["hour", "hours", 3600],
  ["minute", "minutes", 60],
];

const short: readonly Unit[] = [
  ["day", "days", 86_400],
  ["h", "h", 3600],
  ["min", "min", 60],
];

/** "3 hours ago". @param at ISO. @param now milliseconds since the epoch. */
export const ago = (at: string, now: number): string => ageIn(long, at, now);

/** `3 h ago`, for a list. @param at ISO. @param now milliseconds since the epoch. */
export const shortAgo = (at: string, now: number): string => ageIn(short, at, now);

/** A clock that runs behind makes nothing happen in the future. */
function ageIn(units: readonly Unit[], at: string, now: number): string {
  const passed = (now - Date.parse(at)) / 1000;
  const unit = units.find(([, , seconds]) => passed >= seconds);
  if (!unit) return "just now";
  const [one, many, seconds] = unit;
  const count = Math.floor(passed / seconds);
  return `${count} ${count === 1 ? one : many} ago`;
}
