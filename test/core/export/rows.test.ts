import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { later, sameTime } from '../../../core/export/rows/events.ts'
import { PAGE } from '../../../core/export/rows/pages.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

/** More than two pages at one moment, and a page before and after it. */
const AT_ONCE = 2 * PAGE + 7

describe('pages of events', () => {
  let bench: Workbench
  beforeAll(async () => {
    bench = await Workbench.open()
    const lines = windowsLines(AT_ONCE + 2 * PAGE).split('\n')
    const atOnce = lines.map((line, index) =>
      index < PAGE || index >= PAGE + AT_ONCE
        ? line
        : line
            .replace(/T08:\d\d:\d\d\.000Z/, 'T08:03:20.000Z')
            .replace(/ 08:\d\d:\d\d\.000/, ' 08:03:20.000'),
    )
    await bench.import(bench.file('log.jsonl', atOnce.join('\n')))
  })
  afterAll(() => bench.close())

  it('hold every event once and in the order of time, however many happened at one moment', async () => {
    const path = join(bench.folder, 'out')
    await bench.client.run('export.run', { grant: path, target: 'events-jsonl' })
    const ids = readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: string }).id)
    const { rows } = await bench.client.call('event.search', { limit: 10_000, order: 'oldest' })
    expect(rows).toHaveLength(AT_ONCE + 2 * PAGE)
    expect(ids).toEqual(rows.map(({ id }) => id))
    const span = { from: '2026-03-02T08:03:20Z', to: '2026-03-02T08:03:21Z' }
    const part = await bench.client.run('export.run', { grant: path, target: 'events-jsonl', ...span })
    expect(part.rows).toBeGreaterThanOrEqual(AT_ONCE)
  })

  it('are looked up where the page before ended: no page passes over those before it', async () => {
    await bench.client.call('case.close', {})
    const db = new Database(bench.casePath, { readonly: true })
    const plan = (sql: string, values: object) =>
      (db.prepare('EXPLAIN QUERY PLAN ' + sql).all(values) as { detail: string }[]).map(
        ({ detail }) => detail,
      )
    expect(plan(sameTime, { at: 1, id: 1 })).toEqual(['SEARCH event USING INDEX event_at (at=? AND rowid>?)'])
    // More than the last time, not from the start of a span: one bound below.
    expect(later.match(/at >/g)).toHaveLength(1)
    expect(plan(later, { at: 1, to: 2, rows: 1 })).toEqual([
      'SEARCH event USING INDEX event_at (at>? AND at<?)',
    ])
    db.close()
  })
})
