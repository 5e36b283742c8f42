import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const MAIL = [
  'From: Billing <billing@example.net>',
  'To: amber@corp.example',
  'Subject: Invoice 4711',
  'Date: Mon, 02 Mar 2026 08:00:00 +0000',
  'Message-ID: <m1@example.net>',
  '',
  'Pay here: https://pay.example.net/invoice',
].join('\r\n')

/** What is written down of every change, of running, and in idle times to search faster: not brought by evidence. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'audit',
  'job_log',
  'case_info',
  'text_segment',
  'column_text',
])

/** Made of the evidence by each correlation anew; rows name the run. */
const DERIVED = /^(?:correlation_|entity$|alias$)/

const allOf = (table: string) => `SELECT * FROM "${table}"`

/** Every row of every table but those, as text. */
function tablesOf(path: string): Map<string, string[]> {
  const db = new Database(path, { readonly: true })
  try {
    const names = db
      .prepare(
        `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
      )
      .pluck()
      .all() as string[]
    return new Map(
      names
        // The trigram index is built in pieces; what it finds is asserted by searching.
        .filter((name) => !LEFT_OUT.has(name) && !name.startsWith('str_fts'))
        .map((name) => [
          name,
          (db.prepare(allOf(name)).all() as object[]).map((row) => JSON.stringify(row)).sort(),
        ]),
    )
  } finally {
    db.close()
  }
}

describe('removing evidence', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())
  const found = async (text: string) => (await bench.client.call('event.search', { text })).total

  it('leaves every table as it was before the import, down to the texts of its events', async () => {
    await bench.import(bench.file('a.json', windowsLines(30)))
    await bench.client.run('correlation.run', {})
    const before = tablesOf(bench.casePath)
    const mail = bench.file('m.eml', MAIL)
    const more = bench.file('b.json', windowsLines(60, 'ws77.corp.example').replaceAll('echo', 'secretword'))
    const { evidence } = await bench.import(more, mail)
    await bench.client.run('correlation.run', {})
    expect(await found('secretword')).toBe(60)
    for (const { id } of evidence) await bench.client.run('evidence.remove', { evidenceId: id })
    expect(await found('secretword')).toBe(0)
    expect(await found('echo')).toBe(30)
    await bench.client.run('correlation.run', {})
    const after = tablesOf(bench.casePath)
    // One empty text keeps the highest number: no number is given twice.
    const texts = after.get('str')?.filter((row) => !row.includes('"v":""')) ?? []
    expect(texts).toEqual(before.get('str'))
    expect(after.get('str')).toHaveLength(texts.length + 1)
    expect(after.get('str_hash')).toHaveLength(texts.length + 1)
    expect(after.get('str_hash')).toEqual(expect.arrayContaining(before.get('str_hash') ?? []))
    for (const [name, rows] of before)
      if (DERIVED.test(name)) expect(after.get(name), name).toHaveLength(rows.length)
      else if (name !== 'str' && name !== 'str_hash') expect(after.get(name), name).toEqual(rows)
  })

  it('lets the same file come in once more, found by all its words', async () => {
    const path = bench.file('b.json', windowsLines(20).replaceAll('echo', 'secretword'))
    for (let round = 0; round < 3; round += 1) {
      const { evidence } = await bench.import(path)
      expect(evidence[0]).toMatchObject({ read: 20, stored: 20 })
      expect(await found('secretword')).toBe(20)
      expect(await found('cmd.exe')).toBe(20)
      await bench.client.run('evidence.remove', { evidenceId: evidence[0]?.id ?? '' })
      expect(await found('secretword')).toBe(0)
    }
  })
})
