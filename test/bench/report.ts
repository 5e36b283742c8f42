import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pinnedNode } from '../../tools/checkout.mjs'

/**
 * A report whose timeline prints every event of a case (100,000 unless told), as HTML and, with `--pdf`, as PDF: time and peak memory of the
 * process that makes it. Needs the built command line (`npm run build`). `REDTHREAD_ROWS=20000 npx node test/bench/report.ts --pdf`
 */
const rows = Number(process.env['REDTHREAD_ROWS'] ?? '100000')
const LIMIT_MB = 1024
const cli = join(import.meta.dirname, '..', '..', 'out', 'main', 'cli.js')
const folder = mkdtempSync(join(tmpdir(), 'redthread-bench-'))

/** Runs the command line under a watch on its memory; Linux says the peak in /proc. */
function run(args: readonly string[]): { seconds: number; peakMb: number } {
  const probe = join(folder, 'peak.mjs')
  writeFileSync(
    probe,
    `process.on('exit', () => { process.stderr.write('PEAK ' + process.resourceUsage().maxRSS + '\\n') })\n`,
  )
  const from = performance.now()
  const { status, stderr, stdout } = spawnSync(pinnedNode(), ['--import', probe, cli, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(`${args[0] ?? ''} failed: ${stderr}${stdout}`)
  const peak = Number(/PEAK (\d+)/.exec(stderr)?.[1] ?? '0')
  return { seconds: (performance.now() - from) / 1000, peakMb: peak / 1024 }
}

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

try {
  if (!existsSync(cli)) throw new Error('Build first: npm run build')
  const log = join(folder, 'log.jsonl')
  writeFileSync(log, Array.from({ length: rows }, (_, index) => line(index)).join('\n'))
  const path = join(folder, 'bench.redthread')
  run(['new', path])
  run(['import', path, log])
  const settings = ['--set', 'timeline.rows=all', '--set', `timeline.max=${rows}`]
  for (const ending of process.argv.includes('--pdf') ? ['html', 'pdf'] : ['html']) {
    const out = join(folder, `report.${ending}`)
    const { seconds, peakMb } = run(['report', path, '--out', out, ...settings])
    const files = readdirSync(folder).filter((name) => name.startsWith('report.') && name.endsWith(ending))
    const bytes = files.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    const named =
      ending === 'html' ? (readFileSync(out, 'latin1').match(/class="cite"/g)?.length ?? 0) : files.length
    process.stdout.write(
      `${ending}: ${rows} rows in ${seconds.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB, ${(bytes / 1e6).toFixed(1)} MB in ${files.length} files (${named})\n`,
    )
    if (peakMb > LIMIT_MB) process.exitCode = 1
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
