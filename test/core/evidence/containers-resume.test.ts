import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importFile, resumeFile } from '../../../core/evidence/import-file.ts'
import type { ImportOptions } from '../../../core/evidence/import-options.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { findEvidence, listEvidence } from '../../../core/store/evidence.ts'
import { RawReader } from '../../../core/store/raw.ts'
import type { WriteStore } from '../../../core/store/store.ts'
import { lockedZip, tarOf, zipOf } from '../../support/archives.ts'
import { TEST_NOW, TestCase } from '../../support/case-builder.ts'
import { windowsLines } from '../../support/workbench.ts'

const NOISE = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 7919 + 13) % 251))
const LNK = Buffer.concat([Buffer.from([0x4c, 0, 0, 0, 1, 0x14, 2, 0]), NOISE])
/** More than one batch of records, so that cuts fall inside a member too. */
const BIG = windowsLines(9_000)

const MEMBERS = {
  'a.lnk': LNK,
  'big.json': BIG,
  'b.lnk': LNK,
  'noise.bin': NOISE,
  'small.json': windowsLines(30, 'ws02'),
  't.csv': 'when;who;what\r\n1;ada;x\r\n2;bo;y\r\n',
  'last.json': windowsLines(5, 'ws03'),
  'c.lnk': LNK,
}

/** All that an import leaves, but for the time it took. */
function digest(db: WriteStore, id: number): string {
  const hash = createHash('sha256')
  const [row] = listEvidence(db, id)
  hash.update(JSON.stringify({ ...row, seconds: 0 }))
  const reader = new RawReader(db)
  for (let record = 1; record <= (row?.read ?? 0); record += 1)
    hash.update(JSON.stringify(reader.find(id, record) ?? null))
  for (const sql of [
    `SELECT e.at, e.kind, e.record, c.v AS command, g.v AS guid FROM event e LEFT JOIN str c ON c.id = e.command_line LEFT JOIN str g ON g.id = e.process_guid ORDER BY e.record, e.id`,
    'SELECT locator, code, excerpt, records, record FROM issue ORDER BY id',
  ])
    for (const found of db.prepare(sql).iterate()) hash.update(JSON.stringify(found))
  return hash.digest('hex')
}

describe('an import cut off in a container', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-resume-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  const options = (onProgress: () => void, passwords: string[] = []): ImportOptions => ({
    format: null,
    zone: 'UTC',
    dateOrder: null,
    mapping: null,
    passwords,
    now: () => TEST_NOW,
    signal: new AbortController().signal,
    onProgress,
  })

  /** Imports with a machine that dies after every `commits` transactions, and starts again until it is done. */
  async function dyingImport(
    db: WriteStore,
    path: string,
    commits: number,
  ): Promise<{ id: number; deaths: number }> {
    for (let deaths = 0; ; deaths += 1) {
      let left = commits
      const die = () => {
        left -= 1
        if (left === 0) throw new WorkbenchError('store.disk_full')
      }
      try {
        const row = findEvidence(db, 1)
        const id = row ? await resumeFile(db, row, options(die)) : await importFile(db, path, options(die))
        return { id, deaths }
      } catch (thrown) {
        if (!(thrown instanceof WorkbenchError) || thrown.code !== 'store.disk_full') throw thrown
        if (deaths > 30) throw new Error('makes no headway', { cause: thrown })
      }
    }
  }

  it.each([
    ['zip', () => zipOf(MEMBERS)],
    ['tar', () => tarOf(MEMBERS)],
    ['tar.gz', async () => gzipSync(await tarOf(MEMBERS))],
    ['tar.zst', async () => zstdCompressSync(await tarOf(MEMBERS))],
    ['gz', () => Promise.resolve(gzipSync(BIG))],
    ['locked zip', () => lockedZip(MEMBERS, 'infected', 3)],
    ['zip in tar.gz', async () => gzipSync(await tarOf({ 'in.zip': await zipOf(MEMBERS), 'z.lnk': LNK }))],
    [
      'cut tar.gz',
      async () => {
        const whole = gzipSync(await tarOf(MEMBERS), { level: 0 })
        return whole.subarray(0, Math.floor(whole.length * 0.995))
      },
    ],
  ])('goes on in a %s as if nothing had happened', { timeout: 60_000 }, async (kind, make) => {
    const path = join(folder, 'evidence')
    writeFileSync(path, await make())
    using whole = new TestCase()
    const expected = digest(
      whole.db,
      await importFile(
        whole.db,
        path,
        options(() => undefined),
      ),
    )
    using cut = new TestCase()
    const { id, deaths } = await dyingImport(cut.db, path, 2)
    expect(deaths).toBeGreaterThanOrEqual(kind === 'gz' ? 1 : 2)
    expect(digest(cut.db, id)).toBe(expected)
    expect(listEvidence(cut.db, id)[0]?.read).toBeGreaterThanOrEqual(9_000)
  })

  it('waits for the password it began with: nothing behind the lock is lost, and the file is no duplicate', async () => {
    const path = join(folder, 'locked.zip')
    const password = 'given on the day'
    writeFileSync(
      path,
      await lockedZip({ 'big.json': BIG, 'small.json': windowsLines(30, 'ws02') }, password, 3),
    )
    using bench = new TestCase()
    const { db } = bench
    let commits = 0
    const die = () => {
      commits += 1
      if (commits === 2) throw new WorkbenchError('store.disk_full')
    }
    await expect(importFile(db, path, options(die, [password]))).rejects.toMatchObject({
      code: 'store.disk_full',
    })
    const before = listEvidence(db, 1)[0]
    expect(before).toMatchObject({ status: 'importing' })
    const row = findEvidence(db, 1)
    if (!row) throw new Error('no row')
    const none = () => undefined
    for (const passwords of [[], ['another']])
      await expect(resumeFile(db, row, options(none, passwords))).rejects.toMatchObject({
        code: 'evidence.encrypted',
      })
    await expect(importFile(db, path, options(none))).rejects.toMatchObject({ code: 'evidence.encrypted' })
    expect(listEvidence(db, 1)[0]).toMatchObject({ status: 'importing', read: before?.read, issues: [] })
    await importFile(db, path, options(none, [password]))
    expect(listEvidence(db)).toMatchObject([{ status: 'done', read: 9_030, stored: 9_030, issues: [] }])
  })

  it('goes on with the answers it began with when the same file is imported again', async () => {
    const path = join(folder, 'table.csv')
    const rows = Array.from({ length: 9_000 }, (_, index) => `3/4/2025 5:06:07,ws${index}`)
    writeFileSync(path, ['When,Machine', ...rows].join('\n'))
    using bench = new TestCase()
    const { db } = bench
    const stop = new AbortController()
    const mapping = {
      schema: 1,
      name: 'machines',
      rows: 'csv',
      kind: 'generic',
      delimiter: null,
      encoding: null,
      time: { field: 'When', format: 'iso', zone: null },
      fields: { 'endpoint.name': 'Machine' },
      constants: {},
    } as const
    const first: ImportOptions = {
      ...options(() => stop.abort()),
      format: 'mapping',
      mapping,
      zone: 'Asia/Tokyo',
      dateOrder: 'day-first',
      signal: stop.signal,
    }
    await expect(importFile(db, path, first)).rejects.toThrow()
    expect(listEvidence(db)[0]).toMatchObject({ status: 'cancelled' })
    await importFile(
      db,
      path,
      options(() => undefined),
    )
    const noon = Date.UTC(2025, 3, 2, 20, 6, 7) * 1000
    expect(listEvidence(db)).toMatchObject([{ status: 'done', read: 9_000, zone: 'Asia/Tokyo', issues: [] }])
    expect(db.prepare('SELECT min(at) AS first, max(at) AS last FROM event').get()).toEqual({
      first: noon,
      last: noon,
    })
  })
})
