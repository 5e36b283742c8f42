/** What the bench times: a whole process that fills a case (`write CASE EVENTS`), adds to it (`more CASE`) or correlates it (`run CASE [full]`). */
import { existsSync, readFileSync } from 'node:fs'
import { correlate } from '../../../core/correlation/run.ts'
import { RecordSink } from '../../../core/evidence/record-sink.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { createCase, openForWriting } from '../../../core/store/case-file.ts'
import { insertEvidence } from '../../../core/store/evidence.ts'
import { StringWriter } from '../../../core/store/strings.ts'
import type { WriteStore } from '../../../core/store/store.ts'
import { directory, hostOf, mail, work } from './company.ts'

/** Where Linux tells a process about itself. */
const STATUS = '/proc/self/status'
const NOW_US = Date.UTC(2026, 3, 1) * 1000
const BATCH = 20_000

const [, , what = '', casePath = '', size = ''] = process.argv
const events = Number(size)
if (what === 'write') createCase(casePath, 'UTC', 'bench', NOW_US)
const opened = openForWriting(casePath)
// Nobody reads a bench's case after a power cut.
opened.db.pragma('synchronous = OFF')

function store(db: WriteStore, name: string, items: Iterable<RecordItem>): void {
  const id = insertEvidence(db, {
    name,
    sha256: name.padEnd(64, '0'),
    bytes: 0,
    mtimeUs: NOW_US,
    zone: 'UTC',
    importedAt: NOW_US,
    path: name,
    formatOverride: null,
    choices: { dateOrder: null, mapping: null },
    cursor: { part: 0, records: 0, importer: null },
  })
  const strings = new StringWriter(db)
  const sink = new RecordSink(db, strings, id, { read: 0, stored: 0, duplicate: 0, rejected: 0, record: 0 })
  let batch: RecordItem[] = []
  const write = db.transaction(() => {
    for (const item of batch) sink.addRecord('', { kind: 'record', locator: '', raw: '', items: [item] })
    sink.flush()
  })
  for (const item of items) {
    batch.push(item)
    if (batch.length < BATCH) continue
    write()
    batch = []
  }
  write()
}

/** Most memory this process held. */
function peakBytes(): number {
  const said = existsSync(STATUS) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(STATUS, 'utf8'))?.[1] : undefined
  return (said === undefined ? process.resourceUsage().maxRSS : Number(said)) * 1024
}

if (what === 'write') {
  store(opened.db, 'directory', directory(events))
  store(opened.db, 'mail', mail(events))
  store(opened.db, 'work', work(events))
} else if (what === 'more') {
  const at = Date.UTC(2026, 2, 13) * 1000
  store(
    opened.db,
    `more ${size}`,
    Array.from({ length: 200 }, (_, index) => ({
      type: 'event' as const,
      kind: 'process-start' as const,
      at: at + index * 1e6,
      fields: {
        host: hostOf(3),
        account: 'CORP\\u000003',
        processPath: 'C:\\Windows\\System32\\cmd.exe',
        pid: 40_000 + index * 4,
        commandLine: `cmd.exe /c echo ${index}`,
      },
    })),
  )
} else {
  const before = process.cpuUsage()
  const result = correlate(opened.db, {
    now: () => NOW_US,
    signal: new AbortController().signal,
    onRule: () => undefined,
    full: size === 'full',
  })
  const { user, system } = process.cpuUsage(before)
  const { rules, ...figures } = result
  const failed = rules.filter((rule) => rule.error !== null).map((rule) => rule.id)
  process.stdout.write(
    JSON.stringify({ ...figures, failed, cpuSeconds: (user + system) / 1e6, peakBytes: peakBytes() }),
  )
}
opened.close()
