/** What the bench times: a whole process that makes a case and imports one file into it, indexes included. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { importFile } from '../../../core/evidence/import-file.ts'
import { beginLoad } from '../../../core/store/bulk-load.ts'
import { createCase, openForWriting } from '../../../core/store/case-file.ts'

/** Where Linux tells a process about itself. */
const STATUS = '/proc/self/status'

const [, , casePath = '', ...files] = process.argv
createCase(casePath, 'UTC', 'bench', Date.now() * 1000)
const opened = openForWriting(casePath)
const load = beginLoad(
  opened.db,
  files.reduce((sum, file) => sum + statSync(file).size, 0),
)
for (const file of files) {
  await importFile(opened.db, file, {
    format: null,
    zone: 'UTC',
    dateOrder: null,
    mapping: null,
    passwords: [],
    now: () => Date.now() * 1000,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  })
}
load.finish()
const figures = opened.db.prepare('SELECT sum(read) AS read, sum(stored) AS stored FROM evidence').get()
opened.close()
process.stdout.write(JSON.stringify({ ...(figures as object), peakBytes: peakBytes() }))

/** Most memory this process held; what `resourceUsage` says includes the process it was forked from. */
function peakBytes(): number {
  const said = existsSync(STATUS) ? /VmHWM:\s+(\d+) kB/.exec(readFileSync(STATUS, 'utf8'))?.[1] : undefined
  return (said === undefined ? process.resourceUsage().maxRSS : Number(said)) * 1024
}
