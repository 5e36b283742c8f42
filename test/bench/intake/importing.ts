/** What the bench times: a whole process that makes a case and imports one file into it, indexes included. */
import { importFile } from '../../../core/evidence/import-file.ts'
import { createCase, openForWriting } from '../../../core/store/case-file.ts'

const [, , casePath = '', ...files] = process.argv
createCase(casePath, 'UTC', 'bench', Date.now() * 1000)
const opened = openForWriting(casePath)
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
const figures = opened.db.prepare('SELECT sum(read) AS read, sum(stored) AS stored FROM evidence').get()
opened.close()
process.stdout.write(
  JSON.stringify({ ...(figures as object), peakBytes: process.resourceUsage().maxRSS * 1024 }),
)
