/**
 * `npm run bench -- correlate [--events N]`: a full correlation of a million events and a hundred thousand messages against one of a
 * tenth, and of one more small file against all. Whole processes; times are processor time, for the machine is shared; memory is the most
 * a process held. The cases go to a temporary folder and are removed.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildWorking } from './correlate/build-working.ts'
import { atMost, megabytes, printTable, seconds, type Result } from './intake/results.ts'

/** Time of ten times the events: linear, with a little for sorting and deeper trees (the goal of the issue). */
const TENFOLD_GOAL = 12
/** Memory of ten times the events, and what it may be at all: a run holds who is who and figures, not the case. */
const MEMORY_GOAL = 1.5
const MOST_MEGABYTES = 600
/** Room for young objects as the job thread has it (core/jobs/thread-port.ts): 24 MB in all. */
const YOUNG = '--max-semi-space-size=8'
/** One more file of 200 events on one endpoint, against running everything again. */
const MORE_GOAL = 0.5
/** Bytes of a case per event, its relations and what rules found included, and room for the transaction beside it. */
const BYTES_PER_EVENT = 5_000
const root = join(import.meta.dirname, '..', '..')

const { values } = parseArgs({ options: { events: { type: 'string', default: '1000000' } } })
const events = Number(values.events)
const { bavail, bsize } = statfsSync(tmpdir())
if (bavail * bsize < events * BYTES_PER_EVENT)
  throw new Error(`${tmpdir()} has less than ${(events * BYTES_PER_EVENT) / 1e9} GB free`)

interface Figures {
  readonly entities: number
  readonly relations: number
  readonly detections: number
  readonly reused: number
  readonly run: number
  readonly failed: readonly string[]
  readonly cpuSeconds: number
  readonly peakBytes: number
}

const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))
try {
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction')
  await buildWorking(join(folder, 'built'))
  const work = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [YOUNG, join(folder, 'built', 'working.js'), ...args],
      {
        encoding: 'utf8',
      },
    )
    if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
    return stdout
  }
  const correlate = (path: string, how = ''): Figures => {
    const figures = JSON.parse(work('run', path, how)) as Figures
    if (figures.failed.length > 0) throw new Error(`rules failed: ${figures.failed.join(', ')}`)
    return figures
  }
  const write = (count: number): string => {
    const path = join(folder, `${count}.redthread`)
    work('write', path, String(count))
    return path
  }
  const say = (what: string, figures: Figures): void => {
    const { entities, relations, detections, reused, run, cpuSeconds, peakBytes } = figures
    console.log(
      `${what}: ${cpuSeconds.toFixed(1)} s of processor, ${megabytes(peakBytes)} at most; ${entities} entities, ${relations} relations, ${detections} detections; units run ${run}, kept ${reused}`,
    )
  }

  const small = write(events / 10)
  const tenth = correlate(small)
  say(`${events / 10} events, ${events / 100} messages`, tenth)
  const large = write(events)
  const whole = correlate(large)
  say(`${events} events, ${events / 10} messages`, whole)
  work('more', large, '1')
  const more = correlate(large)
  say('one more file of 200 events', more)
  const again = correlate(large, 'full')
  say('everything again', again)
  for (const what of ['entities', 'relations', 'detections'] as const)
    if (more[what] !== again[what])
      throw new Error(`${what}: ${more[what]} step by step, ${again[what]} at once`)

  const results: Result[] = [
    {
      measure: 'ten times the events, processor time',
      ours: seconds(whole.cpuSeconds * 1000),
      peer: seconds(tenth.cpuSeconds * 1000),
      ...atMost(whole.cpuSeconds / tenth.cpuSeconds, TENFOLD_GOAL),
    },
    {
      measure: 'ten times the events, memory',
      ours: megabytes(whole.peakBytes),
      peer: megabytes(tenth.peakBytes),
      ...atMost(whole.peakBytes / tenth.peakBytes, MEMORY_GOAL),
    },
    {
      measure: `memory, of ${MOST_MEGABYTES} MB`,
      ours: megabytes(whole.peakBytes),
      peer: `${MOST_MEGABYTES} MB`,
      ...atMost(whole.peakBytes / (MOST_MEGABYTES * 1e6), 1),
    },
    {
      measure: 'one more small file against everything again',
      ours: seconds(more.cpuSeconds * 1000),
      peer: seconds(again.cpuSeconds * 1000),
      ...atMost(more.cpuSeconds / again.cpuSeconds, MORE_GOAL),
    },
  ]
  printTable(results)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
