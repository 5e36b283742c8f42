/**
 * Processor time of this thread in milliseconds. Both sides work in this one thread; on a machine shared with others the clock on the
 * wall measures the others.
 */
export function cpuTime(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}
