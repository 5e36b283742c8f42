/**
 * `npm run bench -- graph [--rounds N] [--scale N]`: the earliest-arrival search of attack paths over 100,000 entities and five million
 * relations, against a recursive SQL query over 50,000 relations (same entities per relation) and against a plain sweep over typed arrays
 * written here; and the neighbourhood of three hops out of a case file with the same five million, before and after the network is packed,
 * and as the whole answers of `chain.around` and `chain.expand`. A and B in turn, medians; the results are compared value by value. Times
 * are processor time of this thread.
 */
import Database from 'better-sqlite3'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { findChain } from '../../core/graph/chain.ts'
import { CLOCK_TOLERANCE_US } from '../../core/graph/clock-tolerance.ts'
import { packedNeighbours, storedNeighbours } from '../../core/graph/neighbours.ts'
import { loadPackedNetwork } from '../../core/graph/load-network.ts'
import { packNetwork, type PackedNetwork } from '../../core/graph/packed-network.ts'
import { earliestArrival } from '../../core/graph/sweep.ts'
import { asReader } from '../../core/store/store.ts'
import { buildWorking } from './correlate/build-working.ts'
import { fillCase } from './graph/case-data.ts'
import { makeNetwork } from './graph/network-data.ts'
import { plainSweep } from './graph/plain-sweep.ts'
import { SqlSearch } from './graph/sql-search.ts'
import { atLeast, atMost, megabytes, printTable, type Result } from './intake/results.ts'
import { cpuTime } from './reputation/cpu-clock.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '7' }, scale: { type: 'string', default: '1' } },
})
const scale = Number(values.scale)
const rounds = Math.max(5, Number(values.rounds))
/** The case of the neighbourhood. */
const NEEDED_BYTES = 2e9
const { bavail, bsize } = statfsSync(tmpdir())
if (bavail * bsize < NEEDED_BYTES * scale)
  throw new Error(`${tmpdir()} has less than ${(NEEDED_BYTES * scale) / 1e9} GB free`)

const large = { entities: Math.round(100_000 * scale), relations: Math.round(5_000_000 * scale) }
const small = { entities: Math.round(1_000 * scale), relations: Math.round(50_000 * scale) }
/** A tenth of a case's relations hold without a time: what ran where, what lies where. */
const STANDING_SHARE = 0.1

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
function timed<T>(work: () => T): { value: T; ms: number } {
  const before = cpuTime()
  const value = work()
  return { value, ms: cpuTime() - before }
}
function sameOrThrow(isSame: boolean, what: string): void {
  if (!isSame) throw new Error(`${what} do not agree`)
}
const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`
const startTime = (network: PackedNetwork): number => network.contactTime[0] ?? 0

console.log(`${large.entities} entities, ${large.relations} relations; ${rounds} rounds`)
const dated = makeNetwork(large, 0)
const packing = timed(() => packNetwork(dated.entities, dated.loose))
const plain = packing.value
const contacts = { time: plain.contactTime, from: plain.contactFrom, to: plain.contactTo }
const mixedDrafts = makeNetwork(large, STANDING_SHARE)
const mixed = packNetwork(mixedDrafts.entities, mixedDrafts.loose)
// Standing relations would multiply the rows of the query; it is spared them.
const little = makeNetwork(small, 0)
const littlePacked = packNetwork(little.entities, little.loose)
const sql = new SqlSearch(little)

/** Searches per measurement: one is shorter than the clock's tick. */
const REPEATS = 8
const ours: number[] = []
const peer: number[] = []
const tolerant: number[] = []
const whole: number[] = []
const queries: number[] = []
let reached = 0
for (let round = 0; round < rounds; round++) {
  // Other entities each round, the same for both sides.
  const nodes = Array.from(
    { length: REPEATS },
    (_, repeat) => ((round * REPEATS + repeat) * 7919) % small.entities,
  )
  const since = startTime(plain)
  const mine = timed(() =>
    nodes.map((node) => earliestArrival(plain, [{ node, at: since }], { tolerance: 0 }).at),
  )
  const theirs = timed(() => nodes.map((node) => plainSweep(contacts, plain.entities.length, node, since)))
  sameOrThrow(
    mine.value.every((times, search) => times.every((time, at) => time === theirs.value[search]?.[at])),
    'the search and the plain sweep',
  )
  reached = mine.value[0]?.reduce((count, time) => count + (time === Infinity ? 0 : 1), 0) ?? 0
  ours.push(mine.ms / REPEATS)
  peer.push(theirs.ms / REPEATS)

  // The rules of the query: dated relations, two clocks may differ a little.
  const ruled = timed(() => nodes.map((node) => earliestArrival(plain, [{ node, at: since }]).at))
  tolerant.push(ruled.ms / REPEATS)
  const full = timed(() => nodes.map((node) => earliestArrival(mixed, [{ node, at: startTime(mixed) }]).at))
  sameOrThrow(
    full.value.every((times, search) => times[nodes[search] ?? 0] === startTime(mixed)),
    'start and arrival',
  )
  whole.push(full.ms / REPEATS)
  const [node = 0] = nodes
  const query = timed(() => sql.earliest(node + 1, startTime(littlePacked), CLOCK_TOLERANCE_US))
  queries.push(query.ms)
  const found = earliestArrival(littlePacked, [{ node, at: startTime(littlePacked) }])
  sameOrThrow(
    found.at.every((time, at) => (query.value.get(littlePacked.entities[at] ?? 0) ?? Infinity) === time),
    'the search and the SQL query',
  )
  console.log(
    `round ${round + 1}: search ${milliseconds(mine.ms / REPEATS)}, plain sweep ${milliseconds(theirs.ms / REPEATS)}; ` +
      `with tolerance ${milliseconds(ruled.ms / REPEATS)}, with standing relations too ${milliseconds(full.ms / REPEATS)}, SQL over ${small.relations} ${milliseconds(query.ms)}`,
  )
}
sql.close()

const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))
try {
  const path = join(folder, 'bench.redthread')
  symlinkSync(join(import.meta.dirname, '..', '..', 'node_modules'), join(folder, 'node_modules'), 'junction')
  await buildWorking(join(folder, 'built'), join(import.meta.dirname, 'graph', 'answers.ts'))
  const working = (...args: string[]): string =>
    execFileSync(process.execPath, [join(folder, 'built', 'working.js'), ...args], { encoding: 'utf8' })
  working('create', path)
  const writing = timed(() => fillCase(path, mixedDrafts))
  console.log(`case file with ${large.relations} relations written in ${(writing.ms / 1000).toFixed(1)} s`)
  const starts = Array.from({ length: rounds }, (_, round) => 1 + ((round * 104_729) % large.entities))
  const request = { depth: 3, limit: 150 }
  const everything = { possible: false, kinds: null }
  const open = (): Database.Database => {
    const db = new Database(path, { readonly: true })
    db.pragma('cache_size = -65536')
    return db
  }
  // A fresh connection: of the file nothing but the packed network is in memory.
  const db = open()
  const network = timed(() => loadPackedNetwork(asReader(open())))
  const chains: number[] = []
  const unpacked: number[] = []
  const cold = open()
  for (const start of starts) {
    const chain = timed(() =>
      findChain(asReader(db), { ...request, start }, packedNeighbours(network.value, everything)),
    )
    const stored = timed(() =>
      findChain(asReader(cold), { ...request, start }, storedNeighbours(asReader(cold), everything)),
    )
    if (chain.value.ids.size < 3) throw new Error(`entity ${start} has no neighbours`)
    sameOrThrow(isDeepStrictEqual(chain.value, stored.value), 'the packed network and the file')
    chains.push(chain.ms)
    unpacked.push(stored.ms)
    console.log(
      `neighbourhood of ${start}: ${chain.value.ids.size} of ${chain.value.total.nodes} entities, ${milliseconds(chain.ms)}; out of the file ${milliseconds(stored.ms)}`,
    )
  }
  cold.close()
  db.close()
  type Answers = Readonly<Record<'around' | 'expand', readonly number[]>>
  const answers = JSON.parse(working('ask', path, ...starts.map(String))) as Answers
  const results: Result[] = [
    {
      measure: `search over ${large.relations} relations, recursive SQL over ${small.relations}`,
      ours: milliseconds(median(tolerant)),
      peer: `SQL ${milliseconds(median(queries))}`,
      ...atLeast(median(queries) / median(tolerant), 50),
    },
    {
      measure: 'search against a plain sweep, same relations and same rules',
      ours: milliseconds(median(ours)),
      peer: `sweep ${milliseconds(median(peer))}`,
      ...atMost(median(ours) / median(peer), 2),
    },
    {
      measure: 'neighbourhood of 3 hops, median',
      ours: milliseconds(median(chains)),
      peer: '100 ms',
      ...atMost(median(chains) / 100, 1),
    },
    {
      measure: 'neighbourhood of 3 hops, slowest',
      ours: milliseconds(Math.max(...chains)),
      peer: '100 ms',
      ...atMost(Math.max(...chains) / 100, 1),
    },
  ]
  const within = (measure: string, times: readonly number[]): void => {
    for (const [which, ms] of [
      ['median', median(times)],
      ['slowest', Math.max(...times)],
    ] as const)
      results.push({
        measure: `${measure}, ${which}`,
        ours: milliseconds(ms),
        peer: '100 ms',
        ...atMost(ms / 100, 1),
      })
  }
  within('the same before the network is packed', unpacked)
  within('the whole answer to chain.around, not packed', answers.around)
  within('the whole answer to chain.expand, not packed', answers.expand)
  printTable(results)
  console.log(
    `\nbefore anything asked for the network (packed out of the file in ${(network.ms / 1000).toFixed(1)} s, once per correlation run) the neighbourhood comes out of the file: median ${milliseconds(median(unpacked))}, slowest ${milliseconds(Math.max(...unpacked))}`,
  )
  const bytes = Object.values(plain).reduce(
    (sum: number, array: ArrayBufferView) => sum + array.byteLength,
    0,
  )
  console.log(
    `\n${reached} entities reached; with a tenth of standing relations ${milliseconds(median(whole))}; packed network ${megabytes(bytes)}, packed in ${(packing.ms / 1000).toFixed(1)} s; search, sweep and SQL name the same times`,
  )
  if (results.some((result) => !result.isMet)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
