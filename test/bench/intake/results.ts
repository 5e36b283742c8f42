import type { Times } from './processes.ts'

/** One line of the bench's table. */
export interface Result {
  readonly measure: string
  readonly ours: string
  readonly peer: string
  /** How many times as fast (or as large) as the peer. */
  readonly ratio: number
  /** The same of CPU time: the peers use one core, we use as many as there are. */
  readonly cpuRatio?: number
  readonly goal: string
  readonly isMet: boolean
}
export interface Skipped {
  readonly measure: string
  readonly skipped: string
}

export const atLeast = (ratio: number, goal: number) => ({ ratio, goal: `>= ${goal}x`, isMet: ratio >= goal })
export const atMost = (ratio: number, goal: number) => ({ ratio, goal: `<= ${goal}x`, isMet: ratio <= goal })
/** How many times as fast as the peer, per record where both do not read the same number. */
export const faster = (ours: Times, peer: Times, goal: number, ourRecords = 1, peerRecords = 1) => {
  const share = ourRecords / Math.max(1, peerRecords)
  return { ...atLeast((peer.ms / ours.ms) * share, goal), cpuRatio: (peer.cpuMs / ours.cpuMs) * share }
}
/** Wall clock and CPU. */
export const spent = ({ ms, cpuMs }: Times) =>
  `${(ms / 1000).toFixed(2)} s${Number.isNaN(cpuMs) ? '' : ` (CPU ${(cpuMs / 1000).toFixed(2)})`}`
export const seconds = (ms: number) => `${(ms / 1000).toFixed(2)} s`
export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`

/** Prints the results as a Markdown table. */
export function printTable(results: readonly (Result | Skipped)[]): void {
  const rows = results.map((result) =>
    'skipped' in result
      ? [result.measure, 'SKIPPED', result.skipped, '', '', '', '']
      : [
          result.measure,
          result.ours,
          result.peer,
          `${result.ratio.toFixed(2)}x`,
          result.cpuRatio === undefined || Number.isNaN(result.cpuRatio)
            ? ''
            : `${result.cpuRatio.toFixed(2)}x`,
          result.goal,
          result.isMet ? 'met' : 'MISSED',
        ],
  )
  const head = ['measure', 'ours', 'peer', 'ratio', 'of CPU', 'goal', '']
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'))
}
