/**
 * Processor time of this process in milliseconds. Both sides work in one thread; on a machine shared with others the clock on the wall
 * measures the others. Threads of the runtime (compiler, garbage collector) count, which is to our disadvantage.
 */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
