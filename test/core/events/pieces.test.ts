import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventFilter } from '../../../core/contract/nouns/event.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import type { CountQuestion } from '../../../core/events/count-plan.ts'
import { countPiece } from '../../../core/events/counting.ts'
import { lookUp, toWhere } from '../../../core/events/filter-sql.ts'
import { pageInTime } from '../../../core/events/page.ts'
import { pageSorted } from '../../../core/events/sorted.ts'
import { findHits } from '../../../core/events/text-hits.ts'
import { containing } from '../../../core/events/text-pattern.ts'
import type { EventItem, EventKind } from '../../../core/model/event.ts'
import { countEvents } from '../../../core/store/event-counts.ts'
import type { ReadStore } from '../../../core/store/store.ts'
import { parseIso } from '../../../core/store/time.ts'
import { TestCase } from '../../support/case-builder.ts'
import { seededRandom } from '../../support/random.ts'

const KINDS: readonly EventKind[] = ['process-start', 'logon', 'dns-query', 'file-create']
const START = Date.UTC(2026, 2, 1) * 1000
const HOUR = 3_600_000_000

/** Events of three days on five hosts, some without a time, some of the year 1601. */
function* someEvents(count: number): Generator<EventItem> {
  const random = seededRandom(7)
  for (let index = 0; index < count; index += 1) {
    const dice = random()
    yield {
      type: 'event',
      kind: KINDS[Math.floor(random() * KINDS.length)] ?? 'logon',
      at:
        dice < 0.02
          ? null
          : dice < 0.03
            ? Date.UTC(1601, 0, 1) * 1000
            : START + Math.floor(random() * 72) * HOUR + Math.floor(random() * HOUR),
      fields: {
        host: `ws-${Math.floor(random() * 5)}.corp.example`,
        account: `CORP\\user${Math.floor(random() * 9)}`,
        processPath: `C:\\Windows\\tool${Math.floor(random() * 4)}.exe`,
        commandLine: `tool.exe /job ${Math.floor(random() * 400)} ${index % 50 === 0 ? 'rare-word' : ''}`,
        sourceIp: `10.0.${Math.floor(random() * 3)}.${Math.floor(random() * 250)}`,
      },
    }
  }
}

const asReaderOf = (test: TestCase): ReadStore => test.db

describe('counts and pages in short pieces', () => {
  const test = new TestCase()
  const db = asReaderOf(test)
  beforeAll(() => {
    test.store([...someEvents(3000)], 'first.json')
    test.store([...someEvents(900)].slice(100), 'second.json')
    test.correlate([])
  })
  afterAll(() => test.close())

  const iso = (hours: number): string => new Date(START / 1000 + hours * 3_600_000).toISOString()
  const idOf = (kind: string): string =>
    String(test.db.prepare(`SELECT id FROM entity WHERE kind = ? ORDER BY id LIMIT 1`).pluck().get(kind))
  const filters = (): [string, Partial<EventFilter>][] => [
    ['everything', {}],
    ['a window in the middle of hours', { from: iso(10.3), to: iso(40.7) }],
    ['a window within one hour', { from: iso(10.3), to: iso(10.6) }],
    ['an open window', { from: iso(50.2) }],
    ['kinds', { kinds: ['logon', 'dns-query'] }],
    ['kinds in a window', { kinds: ['logon'], from: iso(1.5), to: iso(30.1) }],
    ['one source', { evidenceIds: ['2'] }],
    ['one source in a window', { evidenceIds: ['2'], from: iso(3.3), to: iso(9.9) }],
    ['an endpoint', { endpointIds: [idOf('endpoint')] }],
    ['a text', { text: 'rare-word' }],
    ['a text left out', { text: '-rare-word kind:logon' }],
    ['a short host name', { text: 'host:ws-3' }],
    ['a program and a user', { text: 'process:tool1.exe user:user4' }],
    ['a network', { text: 'ip:10.0.1.0/24' }],
    ['nothing', { text: 'not-there-at-all' }],
  ]
  const bound = (text: string | null | undefined) => (text == null ? null : (parseIso(text) ?? null))

  /** All pieces of a count added up. */
  async function counted(filter: Partial<EventFilter>, more: Partial<CountQuestion> = {}) {
    const where = toWhere(db, filter, await lookUp(db, filter, false))
    const sum = {
      total: 0,
      undated: 0,
      buckets: new Map<string, number>(),
      kinds: new Map<string, number>(),
      groups: new Map<string, number>(),
      pieces: 0,
    }
    const add = (map: Map<string, number>, key: string, count: number) =>
      map.set(key, (map.get(key) ?? 0) + count)
    let cursor: string | null = null
    do {
      const piece: ResultOf<'event.count'> = countPiece(
        db,
        where,
        {
          filter,
          from: bound(filter.from),
          to: bound(filter.to),
          by: ['source', 'endpoint', 'user', 'process'],
          lanes: null,
          buckets: 60,
          cursor,
          ...more,
        },
        0,
      )
      sum.total += piece.total
      sum.undated += piece.undated
      for (const { at, count } of piece.buckets) add(sum.buckets, at, count)
      for (const { kind, count } of piece.kinds) add(sum.kinds, kind, count)
      for (const { by, values } of piece.groups)
        for (const { id, count } of values) add(sum.groups, `${by} ${id}`, count)
      cursor = piece.next
      sum.pieces += 1
    } while (cursor !== null && sum.pieces < 5000)
    return sum
  }

  it('count the same as SQL over all events, whatever the filter and however short the pieces', async () => {
    for (const [name, filter] of filters()) {
      const where = toWhere(db, filter)
      const of = (column: string) => {
        const sql1 = `SELECT ${column} AS value, count(*) AS count FROM event WHERE ${where.sql} AND ${column} IS NOT NULL GROUP BY 1`
        const rows = db.prepare(sql1).all(where.params) as { value: number; count: number }[]
        return Object.fromEntries(rows.map(({ value, count }) => [String(value), count]))
      }
      const sum = await counted(filter)
      const sql2 = `SELECT count(*) FROM event WHERE ${where.sql}`
      const total = db.prepare(sql2).pluck().get(where.params)
      expect(sum.total, name).toBe(total)
      expect(
        [...sum.kinds.values()].reduce((a, b) => a + b, 0),
        name,
      ).toBe(total)
      for (const [by, column] of [
        ['source', 'evidence_id'],
        ['endpoint', 'endpoint_id'],
        ['user', 'user_id'],
        ['process', 'process_path'],
      ] as const) {
        const mine = Object.fromEntries(
          [...sum.groups]
            .filter(([key, count]) => key.startsWith(`${by} `) && count > 0)
            .map(([key, count]) => [key.slice(by.length + 1), count]),
        )
        expect(mine, `${name}, by ${by}`).toEqual(of(column))
      }
      const sql3 = `SELECT count(*) FROM event WHERE at >= ${Date.UTC(1990, 0, 1) * 1000} AND ${where.sql}`
      const plausible = db.prepare(sql3).pluck().get(where.params)
      expect(
        [...sum.buckets.values()].reduce((a, b) => a + b, 0),
        `${name}, bars`,
      ).toBe(plausible)
    }
  })

  it('are not pressed together by a clock that runs ahead by centuries; the count has its events all the same', async () => {
    const before = await counted({})
    const ahead = new TestCase()
    try {
      ahead.store([...someEvents(3000)], 'first.json')
      ahead.store([...someEvents(900)].slice(100), 'second.json')
      const late: EventItem = { type: 'event', kind: 'logon', at: Date.UTC(2999, 0, 1) * 1000, fields: {} }
      ahead.store([late, late], 'third.json')
      const count = (filter: Partial<EventFilter>) =>
        countPiece(
          ahead.db,
          toWhere(ahead.db, filter),
          { filter, from: bound(filter.from), to: null, by: [], lanes: null, buckets: 60, cursor: null },
          10_000,
        )
      const all = count({})
      expect(all.total).toBe(before.total + 2)
      expect(new Map(all.buckets.map(({ at, count: of }) => [at, of]))).toEqual(before.buckets)
      // Who looks there finds them.
      expect(count({ from: '2900-01-01T00:00:00Z' }).buckets.map((one) => one.count)).toEqual([2])
    } finally {
      ahead.close()
    }
  })

  it('say the same bars with buckets shorter than an hour', async () => {
    const filter = { from: iso(10.3), to: iso(12.6) }
    const sum = await counted(filter)
    const rows = db
      .prepare('SELECT at FROM event WHERE at >= ? AND at <= ?')
      .pluck()
      .all(bound(filter.from), bound(filter.to)) as number[]
    const wanted = new Map<string, number>()
    // 2.3 hours in at most 60 buckets: five minutes each.
    for (const at of rows) {
      const start = new Date(Math.floor(at / 3e8) * 3e5).toISOString().slice(0, 19)
      wanted.set(start, (wanted.get(start) ?? 0) + 1)
    }
    expect(new Map([...sum.buckets].map(([at, count]) => [at.slice(0, 19), count]))).toEqual(wanted)
  })

  it('page through what SQL finds, once each and in order, however short the pieces', async () => {
    for (const [name, filter] of filters())
      for (const order of ['oldest', 'newest'] as const) {
        const where = toWhere(db, filter, await lookUp(db, filter, true))
        const ids: number[] = []
        let cursor: string | null = null
        let pieces = 0
        do {
          const page = pageInTime(
            db,
            where,
            { limit: 70, cursor, order, from: bound(filter.from), to: bound(filter.to) },
            0,
          )
          ids.push(...page.rows.map(({ id }) => id))
          cursor = page.next
          pieces += 1
        } while (cursor !== null && pieces < 5000)
        const plain = toWhere(db, filter)
        const sql4 = `SELECT id FROM event WHERE ${plain.sql} ORDER BY at IS NULL, at ${order === 'newest' ? 'DESC' : 'ASC'}, CASE WHEN at IS NULL THEN id ELSE id * ${order === 'newest' ? -1 : 1} END`
        const wanted = db.prepare(sql4).pluck().all(plain.params)
        expect(ids, `${name}, ${order}`).toEqual(wanted)
      }
  })

  it('sort by a value and the time within it, page by page', async () => {
    for (const by of ['kind', 'endpoint', 'user', 'source', 'process'] as const) {
      const where = toWhere(db, {})
      const seen: { value: string; at: number | null; id: number }[] = []
      let cursor: string | null = null
      do {
        const page = await pageSorted(
          db,
          where,
          {},
          {
            limit: 130,
            cursor,
            order: 'oldest',
            from: null,
            to: null,
            sort: [{ by, descending: false }],
            fold: null,
          },
          0,
        )
        for (const row of page.rows)
          seen.push({
            value: String(
              {
                kind: row.kind,
                endpoint: row.endpoint_id,
                user: row.user_id,
                source: row.evidence_id,
                process: row['process_path'],
              }[by],
            ),
            at: row.at,
            id: row.id,
          })
        cursor = page.next
      } while (cursor !== null)
      expect(new Set(seen.map(({ id }) => id)).size, by).toBe(countEvents(db))
      // Every value is one stretch, and time only goes on within it.
      const stretches = seen
        .filter(({ value }, index) => value !== seen[index - 1]?.value)
        .map(({ value }) => value)
      expect(new Set(stretches).size, by).toBe(stretches.length)
      for (const [index, row] of seen.entries()) {
        const before = seen[index - 1]
        if (before?.value === row.value && before.at !== null && row.at !== null)
          expect(row.at).toBeGreaterThanOrEqual(before.at)
      }
    }
  })

  it('sort a smaller set by any columns, what has no value last, and refuse a set that is too large', async () => {
    const filter = { text: 'rare-word' }
    const where = toWhere(db, filter)
    const question = { limit: 20, order: 'oldest', from: null, to: null, fold: null } as const
    const sort = [
      { by: 'process.command_line', descending: true },
      { by: 'user', descending: false },
    ]
    const texts: string[] = []
    let cursor: string | null = null
    do {
      const page = await pageSorted(db, where, filter, { ...question, cursor, sort }, Infinity)
      for (const row of page.rows)
        texts.push(db.prepare('SELECT v FROM str WHERE id = ?').pluck().get(row['command_line']) as string)
      cursor = page.next
    } while (cursor !== null)
    const inWords = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
    expect(texts.length).toBeGreaterThan(60)
    expect(texts).toEqual([...texts].sort((a, b) => inWords.compare(b, a)))
  })

  it('show one event of a value that is folded, and all of the others', async () => {
    const where = toWhere(db, {})
    const fold = { values: ['1'], isExcept: false }
    const page = await pageSorted(
      db,
      where,
      {},
      {
        limit: 10_000,
        order: 'oldest',
        from: null,
        to: null,
        sort: [{ by: 'source', descending: false }],
        fold,
      },
      Infinity,
    )
    expect(page.rows.filter((row) => row.evidence_id === 1)).toHaveLength(1)
    expect(page.rows.filter((row) => row.evidence_id === 2).length).toBeGreaterThan(500)
    expect(page.next).toBeNull()
  })

  it('find a text again in the table that was made for it', async () => {
    const first = await findHits(db, containing('tool.exe /job'), { mayLike: false, columns: undefined })
    expect(first.type).toBe('table')
    expect(await findHits(db, containing('tool.exe /job'), { mayLike: false, columns: undefined })).toBe(
      first,
    )
  })

  it('keep the counts when evidence goes', () => {
    using other = new TestCase()
    const id = other.store([...someEvents(200)], 'gone.json')
    other.store([...someEvents(50)], 'stays.json')
    other.db.prepare('DELETE FROM event WHERE evidence_id = ?').run(id)
    other.db.prepare('DELETE FROM event_count WHERE evidence_id = ?').run(id)
    expect(countEvents(asReaderOf(other))).toBe(other.db.prepare('SELECT count(*) FROM event').pluck().get())
  })
})
