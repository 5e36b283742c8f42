/**
 * `npm run bench -- reputation [--rounds N] [--scale N]`: a million URLs (five million links of messages) against a million patterns, by
 * the product's way and by one SQL join, in turn, on the same file and in the same process; then the delta scan of changed entries.
 * Both sides begin with the tables of the case and end with the deciding entry of every URL and the number of links that concerns. The
 * Twice: from the rows alone (SQL makes its exploded keys and their index, we read every row), and each from what it keeps prepared beside
 * the rows (SQL its keys and index, we the tables of packs and hosts). All ways must name the same entry for every URL. Times are processor time, see cpu-clock.ts. The case goes to a temporary
 * folder and is removed.
 */
import Database from 'better-sqlite3'
import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CoveredUrls, type StoredPattern } from '../../core/reputation/shelf/covered.ts'
import { readPackedPatterns } from '../../core/reputation/shelf/packed-patterns.ts'
import { asReader } from '../../core/store/store.ts'
import { atLeast, atMost, megabytes, printTable, seconds, type Result } from './intake/results.ts'
import { byRows, byTables, packCase } from './reputation/by-shelf.ts'
import { writeCase } from './reputation/case-data.ts'
import { cpuTime } from './reputation/cpu-clock.ts'
import { bySql, type Found } from './reputation/sql-join.ts'

/** The case, and the keys that the SQL side makes beside it. */
const NEEDED_BYTES = 2.5e9
/** Some entries of the pack have ended by then. */
const JUDGE_TIME = 1000

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, scale: { type: 'string', default: '1' } },
})
const scale = Number(values.scale)
const { bavail, bsize } = statfsSync(tmpdir())
if (bavail * bsize < NEEDED_BYTES * scale)
  throw new Error(`${tmpdir()} has less than ${(NEEDED_BYTES * scale) / 1e9} GB free`)

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0

function isSame(a: Found, b: Found): boolean {
  if (a.links !== b.links || a.decided.size !== b.decided.size) return false
  return [...a.decided].every(([url, entry]) => b.decided.get(url) === entry)
}

const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))
try {
  const path = join(folder, 'bench.redthread')
  const size = { urls: 1_000_000 * scale, links: 5_000_000 * scale, patterns: 1_000_000 * scale }
  console.log(`writing ${size.urls} URLs, ${size.links} links, ${size.patterns} patterns`)
  writeCase(path, size)
  const db = new Database(path)
  db.pragma('cache_size = -65536')
  db.pragma('temp_store = MEMORY')

  const packing: number[] = []
  const fromRows: number[] = []
  const fromTables: number[] = []
  const whole: number[] = []
  const joins: number[] = []
  let found: Found | undefined
  let peak = 0
  const before = process.resourceUsage().maxRSS
  for (let round = 0; round < Number(values.rounds); round++) {
    packing.push(packCase(db))
    const rows = byRows(db, JUDGE_TIME)
    const tables = byTables(db, JUDGE_TIME)
    if (round === 0) peak = process.resourceUsage().maxRSS
    const sql = bySql(db, JUDGE_TIME)
    if (!isSame(rows.found, sql.found) || !isSame(tables.found, sql.found))
      throw new Error('the ways do not agree')
    found = tables.found
    fromRows.push(rows.scan + rows.links)
    fromTables.push(tables.scan + tables.links)
    whole.push(sql.keys + sql.join)
    joins.push(sql.join)
    console.log(
      `round ${round + 1}: rows ${seconds(rows.scan)} + ${seconds(rows.links)} links; tables ${seconds(tables.scan)} + ` +
        `${seconds(tables.links)} links; SQL ${seconds(sql.keys)} keys + ${seconds(sql.join)} join, links`,
    )
  }
  const tables = readPackedPatterns(asReader(db), 1)

  const patterns = db
    .prepare('SELECT scope, host, normal FROM pack_entry ORDER BY id LIMIT ?')
    .all(Math.round(100_000 * scale)) as StoredPattern[]
  const covered = new CoveredUrls(asReader(db))
  const delta = (count: number): number => {
    const start = cpuTime()
    let urls = 0
    for (const pattern of patterns.slice(0, count)) urls += covered.of(pattern).length
    const spent = cpuTime() - start
    if (urls === 0) throw new Error('no URL is covered')
    return spent
  }
  const steps = [0.01, 0.1, 1].map((part) => Math.round(patterns.length * part))
  delta(patterns.length)
  const times = steps.map((count) => median([1, 2, 3, 4, 5].map(() => delta(count))))

  const results: Result[] = [
    {
      measure: 'all URLs, nothing prepared: load, build, scan, links',
      ours: seconds(median(fromRows)),
      peer: `SQL keys, join ${seconds(median(whole))}`,
      ...atLeast(median(whole) / median(fromRows), 10),
    },
    {
      measure: 'the same, each from what it keeps prepared: load, scan, links',
      ours: seconds(median(fromTables)),
      peer: `SQL join ${seconds(median(joins))}`,
      ...atLeast(median(joins) / median(fromTables), 10),
    },
    ...times.slice(1).map((time, index) => ({
      measure: `delta scan, ${steps[index + 1]} changed entries`,
      ours: `${time.toFixed(1)} ms`,
      peer: `${steps[index]}: ${(times[index] ?? 0).toFixed(1)} ms`,
      ...atMost(time / (times[index] ?? 1), 12),
    })),
  ]
  printTable(results)
  console.log(
    [
      '',
      `${found?.decided.size ?? 0} URLs decided, ${found?.links ?? 0} links; both ways name the same entry for every URL`,
      `memory: ${megabytes(tables?.bytes ?? 0)} for the tables of ${size.patterns} patterns, made in ${seconds(median(packing))} together with those of the URLs; process at its peak ${megabytes(peak * 1024)} after the first scan (${megabytes(before * 1024)} before it, most of it from writing the case), 64 MB of pages of SQLite included`,
    ].join('\n'),
  )
  db.close()
  if (results.some((result) => !result.isMet)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
