/**
 * `npm run bench -- intake [FOLDER] [--peers FOLDER] [--rounds N] [--only evtx,json,csv,memory] [--scale N]`: the table
 * "Speed and memory" of intake. Whole processes, start included, ours and the peer in turn, medians.
 *
 * FOLDER holds real evidence (EVTX files; JSON lines of Windows events, also in ZIP files), which is repeated with new
 * numbers and times; without it our own writers make the input. `--peers` is a `node_modules` folder with
 * `@ts-evtx/core`. The input goes to a temporary folder and is removed; `--scale 0.1` makes it a tenth as large.
 */
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bundle } from './intake/bundle.ts'
import type { Bench } from './intake/bench.ts'
import { measureCsv } from './intake/measure-csv.ts'
import { measureEvtx } from './intake/measure-evtx.ts'
import { measureJson } from './intake/measure-json.ts'
import { measureMemory } from './intake/measure-memory.ts'
import { printTable, type Result, type Skipped } from './intake/results.ts'

const parts: Readonly<Record<string, (bench: Bench) => Promise<(Result | Skipped)[]>>> = {
  evtx: measureEvtx,
  json: measureJson,
  csv: measureCsv,
  memory: measureMemory,
}
/** Gigabyte files, their cases and the peers' output; more than half of it at once. */
const NEEDED_BYTES = 6e9

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    peers: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string', default: Object.keys(parts).join(',') },
    scale: { type: 'string', default: '1' },
  },
})
const scale = Number(values.scale)
const { bavail, bsize } = statfsSync(tmpdir())
if (bavail * bsize < NEEDED_BYTES * scale)
  throw new Error(`${tmpdir()} has less than ${(NEEDED_BYTES * scale) / 1e9} GB free`)

const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))
try {
  const bench: Bench = {
    folder,
    built: await bundle(folder),
    samples: positionals[0],
    peers: values.peers,
    rounds: Number(values.rounds),
    scale,
  }
  const results: (Result | Skipped)[] = []
  for (const name of values.only.split(',')) results.push(...((await parts[name]?.(bench)) ?? []))
  printTable(results)
  console.log(
    [
      '',
      `input: ${bench.samples === undefined ? 'written by our own writers' : 'samples, repeated with new numbers and times'}; medians of ${bench.rounds}`,
      'Repeated input flatters dictionaries and compression; the rows "varied" have a new command line in every record.',
      "Ours uses two threads and the runtime's pool: on a machine that is busy, or has one core, the ratios are lower.",
    ].join('\n'),
  )
  if (results.some((result) => !('skipped' in result) && !result.isMet)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
