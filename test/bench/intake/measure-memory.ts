import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Bench, importOnce } from './bench.ts'
import { writeJsonInput } from './json-input.ts'
import { jsonEvents } from './measure-json.ts'
import { writeCsvInput } from './csv-input.ts'
import { atMost, megabytes, type Result } from './results.ts'

const SMALL_BYTES = 100_000_000
const LARGE_BYTES = 1_000_000_000
const LIMIT_BYTES = 400e6

/** Peak memory of an import ten times as large, JSON lines and a table with a new command line in every other row. */
export async function measureMemory(bench: Bench): Promise<Result[]> {
  const events = await jsonEvents(bench)
  const peak = async (write: (path: string) => Promise<number>): Promise<number> => {
    const file = join(bench.folder, 'memory-input')
    await write(file)
    const { peakBytes } = importOnce(bench, file)
    rmSync(file)
    return peakBytes
  }
  const kinds = [
    {
      kind: 'JSON lines, varied',
      write: (bytes: number) => (path: string) => writeJsonInput(path, bytes, events, true),
    },
    { kind: 'CSV, varied', write: (bytes: number) => (path: string) => writeCsvInput(path, bytes, true) },
  ]
  const results: Result[] = []
  for (const { kind, write } of kinds) {
    const small = await peak(write(SMALL_BYTES * bench.scale))
    const large = await peak(write(LARGE_BYTES * bench.scale))
    const growth = atMost(large / small, 1.5)
    results.push({
      measure: `peak memory, ${kind}`,
      ours: `1 GB: ${megabytes(large)}`,
      peer: `100 MB: ${megabytes(small)}`,
      ratio: growth.ratio,
      goal: `${growth.goal}, < ${megabytes(LIMIT_BYTES)}`,
      isMet: growth.isMet && large < LIMIT_BYTES,
    })
  }
  return results
}
