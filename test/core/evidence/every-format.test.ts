import { existsSync, readdirSync } from 'node:fs'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importers } from '../../../core/importers/registry.ts'
import { Mapping } from '../../../core/model/mapping.ts'
import { fixture } from '../../support/parse.ts'
import { Workbench } from '../../support/workbench.ts'

const folder = (id: string): URL => new URL(`../../fixtures/${id}/`, import.meta.url)
const fixturesOf = (id: string): string[] =>
  existsSync(folder(id))
    ? readdirSync(folder(id))
        .filter((name) => !name.endsWith('.mapping.json'))
        .sort()
    : []

/** Everything a file brings into a case; after its removal none of it may be left. */
const LEFT = [
  'SELECT 1 FROM event LIMIT 1',
  'SELECT 1 FROM message LIMIT 1',
  'SELECT 1 FROM directory_object LIMIT 1',
  'SELECT 1 FROM directory_edge LIMIT 1',
  'SELECT 1 FROM issue LIMIT 1',
  'SELECT 1 FROM raw_block LIMIT 1',
  'SELECT 1 FROM raw_heading LIMIT 1',
  'SELECT 1 FROM record_key LIMIT 1',
  'SELECT 1 FROM duplicate_record LIMIT 1',
]

/** Which tables still hold rows, read beside the engine. */
function rowsLeft(path: string): string[] {
  const db = new Database(path, { readonly: true })
  try {
    return LEFT.filter((sql) => db.prepare(sql).get() !== undefined)
  } finally {
    db.close()
  }
}

describe.each(importers.map(({ id }) => id))('a case with %s evidence', (id) => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())
  const importAs = (path: string, mapping: Mapping | null) =>
    bench.client.run('evidence.import', { grants: [path], format: id, mapping, dateOrder: 'day-first' })

  it('conserves records and bytes of every fixture, shows every record, and gives all of it back', async () => {
    for (const name of fixturesOf(id)) {
      const path = bench.file(name, fixture(`${id}/${name}`))
      const beside = `${id}/${name}.mapping.json`
      const mapping = existsSync(new URL(`${name}.mapping.json`, folder(id)))
        ? Mapping.parse(JSON.parse(fixture(beside).toString('utf8')))
        : null
      const { evidence, refused } = await importAs(path, mapping)
      expect(refused, name).toEqual([])
      const row = evidence[0]
      if (row === undefined) throw new Error(name)
      expect(row.read, name).toBe(row.stored + row.duplicate + row.rejected)
      expect(row.bytesRead, name).toBe(row.bytes)
      const stored = row.stored + row.duplicate
      for (const record of [1, stored])
        if (stored > 0) {
          const raw = await bench.client.call('record.get', { evidenceId: row.id, record })
          expect(raw.raw.length, `${name} record ${record}`).toBeGreaterThan(0)
        }
      const again = await importAs(path, mapping)
      expect(again.refused, name).toMatchObject([{ code: 'evidence.duplicate' }])
      await bench.client.run('evidence.remove', { evidenceId: row.id })
      expect(rowsLeft(bench.casePath), name).toEqual([])
    }
  })
})
