/**
 * `npm run bench -- report [--rows N] [--html]`: a report whose timeline prints every event of a case (100,000 unless told), as HTML and as
 * PDF, and as PDF of a tenth of them: time, and peak memory of the command with the browser that prints. Needs the built command line.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pinnedNode } from '../../tools/checkout.mjs'
import { atMost, megabytes, printTable, type Result } from './intake/results.ts'
import { measureTree } from './report/tree-memory.ts'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, html: { type: 'boolean', default: false } },
})
const rows = Number(values.rows)
const LIMIT = 1024 ** 3
const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js')
if (!existsSync(cli)) throw new Error('Build first: npm run build')
if (!existsSync('/proc/self/smaps_rollup'))
  throw new Error('Memory of processes is read from /proc: run it on Linux')
const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))

const redthread = (...args: readonly string[]) => measureTree(pinnedNode(), [cli, ...args])

function line(index: number): string {
  const at = new Date(Date.UTC(2026, 2, 2) + index * 1000).toISOString()
  return JSON.stringify({
    '@timestamp': at,
    Hostname: `ws${String(index % 400).padStart(3, '0')}.corp.example`,
    Channel: 'Microsoft-Windows-Sysmon/Operational',
    SourceName: 'Microsoft-Windows-Sysmon',
    EventID: 1,
    RecordNumber: index + 1,
    UtcTime: at.replace('T', ' ').replace('Z', ''),
    ProcessGuid: `{11111111-2222-3333-4444-${String(index).padStart(12, '0')}}`,
    ProcessId: String(1000 + (index % 60_000)),
    Image: 'C:\\Windows\\System32\\svchost.exe',
    CommandLine: `C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s Schedule ${index}`,
    ParentImage: 'C:\\Windows\\System32\\services.exe',
    User: `CORP\\user${index % 900}`,
  })
}

/** A case of so many events, and the report of it. */
async function reportOf(count: number, ending: 'html' | 'pdf') {
  const own = join(folder, String(count))
  const path = join(own, 'bench.redthread')
  if (!existsSync(path)) {
    mkdirSync(own)
    const log = join(own, 'log.jsonl')
    writeFileSync(log, Array.from({ length: count }, (_, index) => line(index)).join('\n'))
    await redthread('new', path)
    await redthread('import', path, log)
  }
  const out = join(own, `report.${ending}`)
  const settings = ['--set', 'timeline.rows=all', '--set', `timeline.max=${count}`]
  const measured = await redthread('report', path, '--out', out, ...settings)
  const bytes = statSync(out).size
  console.log(
    `${ending}: ${count} rows in ${measured.seconds.toFixed(1)} s, ${megabytes(bytes)}; at the peak ${megabytes(measured.peak)}, ${megabytes(measured.own)} of it ours`,
  )
  return measured
}

const within = (measure: string, bytes: number): Result => ({
  measure,
  ours: megabytes(bytes),
  peer: megabytes(LIMIT),
  ...atMost(bytes / LIMIT, 1),
})

try {
  const results: Result[] = []
  const html = await reportOf(rows, 'html')
  results.push(within('memory of the HTML', html.peak))
  if (!values.html) {
    const tenth = await reportOf(Math.ceil(rows / 10), 'pdf')
    const pdf = await reportOf(rows, 'pdf')
    results.push(within('memory of the PDF, with the browser', pdf.peak), {
      measure: 'the same against a tenth of the rows',
      ours: megabytes(pdf.peak),
      peer: megabytes(tenth.peak),
      ...atMost(pdf.peak / tenth.peak, 1.5),
    })
  }
  printTable(results)
  if (results.some(({ isMet }) => !isMet)) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
