/**
 * The seconds of processor time that some work takes: what else the machine does is not counted, so
 * that a bound far above the work's own tells of work that grows with the square of its input.
 */
export function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
