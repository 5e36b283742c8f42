import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importFile, resumeFile } from '../../../core/evidence/import-file.ts'
import type { ImportOptions } from '../../../core/evidence/import-options.ts'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { findEvidence, listEvidence } from '../../../core/store/evidence.ts'
import { tarOf, zipOf } from '../../support/archives.ts'
import { TEST_NOW, TestCase } from '../../support/case-builder.ts'

/** Rows without an identity of their own. */
const rows = (count: number, host = 'ws01') =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      time: `2026-03-02T08:00:${String(index % 60).padStart(2, '0')}Z`,
      hostname: host,
      n: index % 7,
    }),
  ).join('\n')
const LOG = rows(8_000)
/** As long as the log, and another one. */
const OTHER = rows(8_000, 'ws02')

describe('bytes that the case has already', () => {
  let folder: string
  let test: TestCase
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'redthread-repeats-'))
    test = new TestCase()
  })
  afterEach(() => {
    test.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const options = (onProgress = () => undefined as void): ImportOptions => ({
    format: null,
    zone: 'UTC',
    dateOrder: null,
    mapping: null,
    passwords: [],
    now: () => TEST_NOW,
    signal: new AbortController().signal,
    onProgress,
  })
  const write = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name)
    writeFileSync(path, content)
    return path
  }
  const take = (name: string, content: string | Uint8Array) =>
    importFile(test.db, write(name, content), options())
  const counts = () =>
    listEvidence(test.db).map(({ name, read, stored, duplicate }) => [name, read, stored, duplicate])
  const events = () => test.db.prepare('SELECT count(*) FROM event').pluck().get()
  const said = () =>
    test.db.prepare(`SELECT locator, excerpt FROM issue WHERE code = 'archive.repeated_bytes'`).raw().all()

  it.each([
    ['zip', async () => zipOf({ 'logs/a.jsonl': LOG })],
    ['gz', () => Promise.resolve(gzipSync(LOG))],
    ['tar.gz', async () => gzipSync(await tarOf({ 'a.jsonl': LOG }))],
  ])('are stored once, beside a %s and inside it, whichever comes first', async (kind, make) => {
    await take('a.jsonl', LOG)
    const archive = await make()
    const id = await take(`a.jsonl.${kind}`, archive)
    expect(counts()).toEqual([
      ['a.jsonl', 8_000, 8_000, 0],
      [`a.jsonl.${kind}`, 8_000, 0, 8_000],
    ])
    expect(said()).toEqual([[expect.stringContaining('a.jsonl'), 'a.jsonl']])
    removeEvidence(test.db, 1, TEST_NOW)
    expect(counts()).toEqual([[`a.jsonl.${kind}`, 8_000, 8_000, 0]])
    expect(events()).toBe(8_000)
    await take('again.jsonl', LOG)
    expect(counts()).toEqual([
      [`a.jsonl.${kind}`, 8_000, 8_000, 0],
      ['again.jsonl', 8_000, 0, 8_000],
    ])
    removeEvidence(test.db, id, TEST_NOW)
    expect(counts()).toEqual([['again.jsonl', 8_000, 8_000, 0]])
    expect(events()).toBe(8_000)
  })

  it('are stored once when an archive holds them twice, and all of what only is as long', async () => {
    await take('a.zip', await zipOf({ 'a.jsonl': LOG, 'copy of a.jsonl': LOG, 'b.jsonl': OTHER }))
    expect(counts()).toEqual([['a.zip', 24_000, 16_000, 8_000]])
    expect(said()).toEqual([['copy of a.jsonl', 'a.zip']])
  })

  it('are two things in the collections of two machines', async () => {
    const info = (host: string) => JSON.stringify({ hostname: host, fqdn: host, os: 'windows' })
    const results = Array.from({ length: 40 }, (_, index) =>
      JSON.stringify({
        _Source: 'Windows.System.Pslist',
        Pid: index,
        Name: 'a.exe',
        CommandLine: `a ${index}`,
      }),
    ).join('\n')
    await take(
      'hunt.zip',
      await zipOf({
        'one/client_info.json': info('ws01'),
        'one/results/Windows.System.Pslist.json': results,
        'two/client_info.json': info('ws02'),
        'two/results/Windows.System.Pslist.json': results,
      }),
    )
    expect(said()).toEqual([])
    expect(events()).toBe(82)
  })

  it('are known again by an import that was cut off in the middle of them', async () => {
    await take('a.jsonl', LOG)
    const digest = () => {
      const hash = createHash('sha256')
      for (const sql of [
        'SELECT evidence_id, record, hex(key) FROM duplicate_record ORDER BY evidence_id, record',
        'SELECT hex(key), evidence_id, record FROM record_key ORDER BY key',
        'SELECT evidence_id, record, at FROM event ORDER BY id',
        'SELECT evidence_id, locator, code, excerpt FROM issue ORDER BY id',
      ])
        for (const row of test.db.prepare(sql).raw().iterate()) hash.update(JSON.stringify(row))
      return hash.digest('hex')
    }
    const path = write('a.zip', await zipOf({ 'b.jsonl': OTHER, 'a.jsonl': LOG }))
    await importFile(test.db, path, options())
    const expected = { digest: digest(), counts: counts() }
    removeEvidence(test.db, 2, TEST_NOW)
    let deaths = 0
    for (;;) {
      let left = 2
      const die = () => {
        if (--left === 0) throw new WorkbenchError('store.disk_full')
      }
      try {
        const row = findEvidence(test.db, 2)
        if (row) await resumeFile(test.db, row, options(die))
        else await importFile(test.db, path, options(die))
        break
      } catch (thrown) {
        if (!(thrown instanceof WorkbenchError) || thrown.code !== 'store.disk_full') throw thrown
        if (++deaths > 20) throw new Error('makes no headway', { cause: thrown })
      }
    }
    expect(deaths).toBeGreaterThan(2)
    expect({ digest: digest(), counts: counts() }).toEqual(expected)
  })

  it('go to those who are left, one after the other, whoever else brought them', async () => {
    const [a, b] = [rows(50, 'a'), rows(60, 'b')]
    await take('A.zip', await zipOf({ 'a.jsonl': a, 'b.jsonl': b }))
    await take('B.zip', await zipOf({ 'a.jsonl': a }))
    await take('C.jsonl', b)
    await take('D.jsonl', `${a}\n`)
    removeEvidence(test.db, 1, TEST_NOW)
    expect(counts()).toEqual([
      ['B.zip', 50, 50, 0],
      ['C.jsonl', 60, 60, 0],
      ['D.jsonl', 50, 50, 0],
    ])
    expect(events()).toBe(160)
  })

  it('say whose zone their times were read in, and those who are left say that theirs was assumed', async () => {
    const csv = [
      'Time,ComputerName,Message',
      ...Array.from({ length: 5 }, (_, n) => `2026-03-02 08:00:0${n},ws01,m${n}`),
    ]
    const table = csv.join('\n')
    const mapping = {
      schema: 1,
      name: 'm',
      rows: 'csv',
      kind: 'generic',
      delimiter: null,
      encoding: null,
      time: { field: 'Time', format: 'iso', zone: null },
      fields: { 'endpoint.name': 'ComputerName' },
      constants: {},
    } as const
    const mapped = { ...options(), format: 'mapping', mapping }
    await importFile(test.db, write('t.csv', table), { ...mapped, zone: 'Asia/Tokyo' })
    await importFile(test.db, write('t.zip', await zipOf({ 't.csv': table })), mapped)
    expect(said()).toEqual([['t.csv', 't.csv (Asia/Tokyo)']])
    removeEvidence(test.db, 1, TEST_NOW)
    expect(test.db.prepare('SELECT stored, zone_assumed FROM evidence').get()).toEqual({
      stored: 5,
      zone_assumed: 1,
    })
  })

  it('are named twenty times and counted beyond', async () => {
    const same = Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`${n}.jsonl`, rows(3)]))
    await take('many.zip', await zipOf(same))
    expect(counts()).toEqual([['many.zip', 93, 3, 90]])
    expect(said()).toHaveLength(20)
    expect(test.db.prepare(`SELECT excerpt FROM issue WHERE code = 'archive.more'`).pluck().all()).toEqual([
      'archive.repeated_bytes × 10',
    ])
  })

  describe('in an import that was cancelled', () => {
    async function cancelled(path: string): Promise<void> {
      const stop = new AbortController()
      const half = { ...options(() => stop.abort()), signal: stop.signal }
      await expect(importFile(test.db, path, half)).rejects.toThrow()
    }

    it('are stored once when a copy comes before it goes on', async () => {
      const path = write('a.jsonl', rows(20_000))
      await cancelled(path)
      const half = test.db.prepare('SELECT stored FROM evidence').pluck().get() as number
      expect(half).toBeGreaterThan(0)
      await take('b.zip', await zipOf({ 'a.jsonl': rows(20_000) }))
      expect(counts()[1]).toEqual(['b.zip', 20_000, 20_000 - half, half])
      await importFile(test.db, path, options())
      expect(counts()[0]).toEqual(['a.jsonl', 20_000, half, 20_000 - half])
      expect(events()).toBe(20_000)
    })

    it('are said to stand twice where nobody could know them', async () => {
      const path = write('a.zip', await zipOf({ 'a.jsonl': rows(20_000) }))
      await cancelled(path)
      await take('b.jsonl', rows(20_000))
      await importFile(test.db, path, options())
      const twice = `SELECT e.name, i.locator, i.excerpt FROM issue i JOIN evidence e ON e.id = i.evidence_id WHERE code = 'archive.stored_twice'`
      expect(test.db.prepare(twice).raw().all()).toEqual([['a.zip', 'a.jsonl', 'b.jsonl']])
    })
  })
})
