import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EventFilter } from '../../../core/contract/nouns/event.ts'
import { methods } from '../../../core/contract/methods.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import handlers from '../../../core/events/event.handlers.ts'
import { planBlocks } from '../../../core/events/block-plan.ts'
import { countPiece } from '../../../core/events/counting.ts'
import type { StoredEvent } from '../../../core/events/event-rows.ts'
import { earlier, later, lookUp, toWhere } from '../../../core/events/filter-sql.ts'
import { pageInBlocks } from '../../../core/events/page-in-blocks.ts'
import { type EventPage, pageInTime, type PageQuestion } from '../../../core/events/page.ts'
import { pageSorted } from '../../../core/events/sorted.ts'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import type { EventFields, EventItem } from '../../../core/model/event.ts'
import { EVENT_COLUMNS, kindNumber } from '../../../core/store/event-columns.ts'
import { TextSegmentWriter } from '../../../core/store/text-segment-writer.ts'
import {
  BLOCK_EVENTS,
  findColumnTexts,
  readSegments,
  SEGMENT_EVENTS,
} from '../../../core/store/text-segments.ts'
import { parseIso } from '../../../core/store/time.ts'
import { TEST_NOW, TestCase } from '../../support/case-builder.ts'
import { seededRandom } from '../../support/random.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const HOUR = 3_600_000_000
const HASH = 'ab'.repeat(32)
const GUID = '0a1b2c3d-0000-4000-8000-00000000beef'

/** Three days of events, a few of them rare; one in fifty has no time. `isShuffled`: not in the order of time. */
function* someEvents(count: number, seed: number, isShuffled: boolean): Generator<EventItem> {
  const random = seededRandom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  for (let index = 0; index < count; index += 1) {
    const hour = isShuffled ? below(72) : (index / count) * 72
    const fields: EventFields = {
      host: `ws-${below(5)}.corp.example`,
      account: `CORP\\user${below(300)}`,
      processPath: `C:\\Windows\\tool${below(40)}.exe`,
      commandLine: `tool.exe /job ${below(4000)}${index % 500 === 7 ? ' rare-word' : ''}`,
      sourceIp: `10.0.${below(30)}.${below(250)}`,
      ...(below(900) === 0 && { target: `C:\\Users\\user${below(300)}\\report.docx` }),
      ...(index % 701 === 3 && { sha256: HASH }),
      ...(index % 613 === 5 && { processGuid: `{${GUID}}` }),
      ...(index % 911 === 2 && { detail: `wrote ${HASH}, then left` }),
      sourcePort: below(3000),
    }
    yield {
      type: 'event',
      kind: below(2) === 0 ? 'process-start' : 'network-connection',
      at: below(50) === 0 ? null : START + Math.floor(hour * HOUR) + (isShuffled ? below(HOUR) : 0),
      fields,
    }
  }
}

/** An event with its texts by column, as nobody would search: all of them, one by one. */
interface Plain {
  readonly id: number
  readonly at: number | null
  readonly row: StoredEvent
  readonly texts: ReadonlyMap<string, string>
}
function plainEvents(test: TestCase): Plain[] {
  const texts = new Map(
    (test.db.prepare('SELECT id, v FROM str').all() as { id: number; v: string }[]).map(({ id, v }) => [
      id,
      v.toLowerCase(),
    ]),
  )
  return (test.db.prepare('SELECT * FROM event').all() as StoredEvent[]).map((row) => ({
    id: row.id,
    at: row.at,
    row,
    texts: new Map(
      EVENT_COLUMNS.flatMap(({ column, isText }): [string, string][] => {
        const value = row[column]
        return isText && value != null ? [[column, texts.get(value) ?? '']] : []
      }),
    ),
  }))
}
type Test = (event: Plain) => boolean
const has =
  (text: string): Test =>
  ({ texts }) =>
    [...texts.values()].some((one) => one.includes(text))
const named =
  (columns: readonly string[], fits: (text: string) => boolean): Test =>
  ({ texts }) =>
    columns.some((column) => fits(texts.get(column) ?? ''))
const user = (name: string) =>
  named(['account', 'target_account'], (text) => text === name || text.endsWith(`\\${name}`))
const inNetwork = (begin: string) =>
  named(['source_ip', 'destination_ip', 'host_ip'], (text) => text.startsWith(begin))
const and =
  (...tests: Test[]): Test =>
  (event) =>
    tests.every((test) => test(event))
const or =
  (...tests: Test[]): Test =>
  (event) =>
    tests.some((test) => test(event))
const not =
  (test: Test): Test =>
  (event) =>
    !test(event)

const day = (from: number, to: number): Test => {
  return ({ at }) => at !== null && at >= START + from * 24 * HOUR && at < START + to * 24 * HOUR
}
const QUERIES: readonly (readonly [text: string, slow: Test])[] = [
  ['rare-word', has('rare-word')],
  ['"job 17 rare"', has('job 17 rare')],
  ['"/job 391"', has('/job 391')],
  ['user:user17', user('user17')],
  [
    'user:user17 process:tool3.exe',
    and(
      user('user17'),
      named(['process_path', 'parent_path'], (text) => text.endsWith('\\tool3.exe')),
    ),
  ],
  ['user:user17 OR rare-word', or(user('user17'), has('rare-word'))],
  ['rare-word -user:user17 -tool7', and(has('rare-word'), not(user('user17')), not(has('tool7')))],
  [
    'rare-word kind:process-start',
    and(has('rare-word'), ({ row }) => row.kind === kindNumber('process-start')),
  ],
  ['cmd:*rare*', named(['command_line', 'parent_command_line'], (text) => text.includes('rare'))],
  ['ip:10.0.7.0/24', inNetwork('10.0.7.')],
  ['ip:10.0.7.12', named(['source_ip', 'destination_ip', 'host_ip'], (text) => text === '10.0.7.12')],
  ['ip:10.0.7.1*', inNetwork('10.0.7.1')],
  ['ip:10.0.7.0/24 rare-word', and(inNetwork('10.0.7.'), has('rare-word'))],
  [`hash:${HASH}`, named(['sha256', 'sha1', 'md5'], (text) => text === HASH)],
  [HASH.toUpperCase(), has(HASH)],
  [GUID, has(GUID)],
  ['beef', has('beef')],
  [
    'path:*report.docx',
    named(['target', 'process_path', 'parent_path'], (text) => text.endsWith('report.docx')),
  ],
  ['report.docx time:2026-03-02', and(has('report.docx'), day(1, 2))],
  ['not-there-at-all', () => false],
  ['rare-word OR not-there-at-all', has('rare-word')],
]

describe('a search by where its texts stand', () => {
  const test = new TestCase()
  const { db } = test
  let events: Plain[] = []
  beforeAll(() => {
    test.store([...someEvents(6_000, 3, false)], 'first.json')
    test.store([...someEvents(5_000, 4, true)], 'second.json')
    // The second half begins another segment, with a hole before it.
    db.prepare('UPDATE event SET id = id + @by WHERE evidence_id = 2').run({ by: SEGMENT_EVENTS })
    build()
    // Not noted yet.
    test.store([...someEvents(1_500, 5, false)], 'third.json')
    events = plainEvents(test)
  })
  afterAll(() => test.close())
  function build(): void {
    const writer = new TextSegmentWriter(db)
    let isMore = true
    while (isMore) isMore = writer.next(0)
  }

  const bound = (text: string | null | undefined) => (text == null ? null : (parseIso(text) ?? null))
  /** Ids of all pages; with a patience of 0 every page is as short as it can be. */
  async function found(filter: Partial<EventFilter>, order: 'oldest' | 'newest', patience: number) {
    const ids: number[] = []
    let [cursor, pages, isPlanned]: [string | null, number, boolean] = [null, 0, false]
    do {
      const hits = await lookUp(db, filter, cursor === null)
      const where = toWhere(db, filter, hits)
      const plan = planBlocks(db, filter, hits, where)
      isPlanned ||= plan !== undefined
      const question: PageQuestion = {
        limit: 40,
        cursor,
        order,
        from: later(bound(filter.from), where.from),
        to: earlier(bound(filter.to), where.to),
      }
      const page: EventPage = plan
        ? pageInBlocks(db, plan, question, patience)
        : pageInTime(db, where, question, patience)
      ids.push(...page.rows.map(({ id }) => id))
      cursor = page.next
      pages += 1
    } while (cursor !== null && pages < 5_000)
    return { ids, isPlanned }
  }
  const slowly = (slow: Test, order: 'oldest' | 'newest', all = events) => {
    const fits = all.filter(slow)
    const sign = order === 'newest' ? -1 : 1
    const dated = fits.filter(({ at }) => at !== null)
    const undated = fits.filter(({ at }) => at === null)
    return [
      ...dated.sort((a, b) => sign * ((a.at ?? 0) - (b.at ?? 0) || a.id - b.id)),
      ...undated.sort((a, b) => a.id - b.id),
    ].map(({ id }) => id)
  }
  it.each(QUERIES)('finds the same as looking at every event: %s', async (text, slow) => {
    const window = { from: '2026-03-01T20:00:00Z', to: '2026-03-03T03:00:00Z' }
    const inWindow: Test = ({ at }) =>
      at !== null && at >= (bound(window.from) ?? 0) && at <= (bound(window.to) ?? 0)
    for (const patience of [0, Infinity])
      for (const order of ['newest', 'oldest'] as const) {
        const { ids, isPlanned } = await found({ text }, order, patience)
        expect(ids).toEqual(slowly(slow, order))
        expect(isPlanned || ids.length === 0).toBe(true)
        expect((await found({ text, ...window }, order, patience)).ids).toEqual(
          slowly(and(slow, inWindow), order),
        )
      }
  })

  it('looks at few of the events for what is rare, and at all of them only where nothing is noted', async () => {
    const filter = { text: HASH }
    const hits = await lookUp(db, filter, true)
    const plan = planBlocks(db, filter, hits, toWhere(db, filter, hits))
    const noted = plan?.blocks.filter(({ texts }) => texts !== null) ?? []
    const full = events.filter((event) => has(HASH)(event) && event.id <= (noted.at(-1)?.upTo ?? 0))
    expect(noted.map(({ after }) => after)).toEqual([
      ...new Set(full.map(({ id }) => Math.floor((id - 1) / BLOCK_EVENTS) * BLOCK_EVENTS)),
    ])
    expect(noted.length).toBeGreaterThan(3)
  })

  it.each(QUERIES)('counts the same, piece by piece: %s', async (text, slow) => {
    const hits = await lookUp(db, { text }, false)
    const where = toWhere(db, { text }, hits)
    let [total, undated, pieces, cursor]: [number, number, number, string | null] = [0, 0, 0, null]
    const users = new Map<string, number>()
    do {
      const piece: ReturnType<typeof countPiece> = countPiece(
        db,
        where,
        { filter: { text }, from: null, to: null, by: ['process'], lanes: null, buckets: 60, cursor },
        0,
        // A plan may be lost between two pieces: its segments are made anew when evidence is removed.
        pieces === 2 ? undefined : planBlocks(db, { text }, hits, where),
      )
      total += piece.total
      undated += piece.undated
      for (const { name, count } of piece.groups[0]?.values ?? [])
        users.set(name, (users.get(name) ?? 0) + count)
      cursor = piece.next
      pieces += 1
    } while (cursor !== null && pieces < 5_000)
    const fits = events.filter(slow)
    expect({ total, undated }).toEqual({
      total: fits.length,
      undated: fits.filter(({ at }) => at === null).length,
    })
    expect([...users.values()].reduce((sum, count) => sum + count, 0)).toBe(fits.length)
  })

  it('sorts what it finds by another column', async () => {
    const filter = { text: 'rare-word user:*user1*' }
    const hits = await lookUp(db, filter, true)
    const where = toWhere(db, filter, hits)
    const sort = [{ by: 'source.port', descending: true }]
    const page = await pageSorted(
      db,
      where,
      filter,
      { limit: 500, order: 'oldest', from: null, to: null, sort, fold: null },
      Infinity,
      planBlocks(db, filter, hits, where),
    )
    const wanted = events.filter(
      and(
        has('rare-word'),
        named(['account', 'target_account'], (text) => text.startsWith('corp\\user1')),
      ),
    )
    expect(page.rows.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      wanted.map(({ id }) => id).sort((a, b) => a - b),
    )
    expect(page.rows.length).toBeGreaterThan(5)
    const ports = page.rows.map((row) => row.source_port ?? 0)
    expect(ports).toEqual([...ports].sort((a, b) => b - a))
  })

  it.each(['beef', 'beef rare-word', 'b OR beef', 'ab user:user17', 'beef ip:10.0.0.0/8'])(
    'shows first rows before every identifier was looked at, and the same ones: %s',
    async (text) => {
      const search = handlers['event.search']
      const slow = {
        beef: has('beef'),
        'beef rare-word': and(has('beef'), has('rare-word')),
        'b OR beef': or(has('b'), has('beef')),
        'ab user:user17': and(has('ab'), user('user17')),
        'beef ip:10.0.0.0/8': and(has('beef'), inNetwork('10.')),
      }[text]
      for (const order of ['newest', 'oldest'] as const) {
        const ids: number[] = []
        let cursor: string | null = null
        do {
          const input = methods['event.search'].input.parse({ text, order, brief: true, limit: 30, cursor })
          const answer: ResultOf<'event.search'> = await search!({ db } as never, input)
          ids.push(...answer.rows.map(({ id }) => Number(id)))
          cursor = answer.next
        } while (cursor !== null)
        expect(ids).toEqual(slowly(slow ?? (() => false), order))
      }
    },
  )

  it('lists the different texts of a column, those not noted yet too', () => {
    const inColumn = (column: string) =>
      [...new Set(events.flatMap(({ row }) => row[column] ?? []))].sort((a, b) => a - b)
    expect(findColumnTexts(db, ['account'])?.ids).toEqual(inColumn('account'))
    expect(findColumnTexts(db, ['source_ip', 'target'])?.ids).toEqual(
      [...new Set([...inColumn('source_ip'), ...inColumn('target')])].sort((a, b) => a - b),
    )
  })

  it('finds a known text in a column and a block it came to later', async () => {
    expect((await found({ text: 'user:rare-name' }, 'oldest', Infinity)).ids).toEqual([])
    const item = (fields: EventFields): EventItem => ({ type: 'event', kind: 'logon', at: START, fields })
    test.store([item({ detail: 'rare-name' })], 'fourth.json')
    build()
    expect((await found({ text: 'user:rare-name' }, 'oldest', Infinity)).ids).toEqual([])
    test.store([item({ account: 'rare-name' })], 'fifth.json')
    const last = db.prepare('SELECT max(id) FROM event').pluck().get() as number
    expect((await found({ text: 'user:rare-name' }, 'oldest', Infinity)).ids).toEqual([last])
    build()
    expect((await found({ text: 'user:rare-name' }, 'oldest', Infinity)).ids).toEqual([last])
    expect((await found({ text: 'rare-name' }, 'newest', Infinity)).ids).toEqual([last, last - 1])
  })

  it('forgets what was noted of ids that will be given again', async () => {
    const evidence = (name: string) =>
      db.prepare('SELECT id FROM evidence WHERE name = ?').pluck().get(name) as number
    const before = readSegments(db)?.lastId
    removeEvidence(db, evidence('fifth.json'), TEST_NOW)
    removeEvidence(db, evidence('fourth.json'), TEST_NOW)
    removeEvidence(db, evidence('third.json'), TEST_NOW)
    expect(readSegments(db)?.lastId).toBeLessThan(before ?? 0)
    test.store([...someEvents(1_500, 6, true)], 'sixth.json')
    for (const isBuilt of [false, true]) {
      if (isBuilt) build()
      const all = plainEvents(test)
      for (const text of ['rare-word', HASH, 'user:user17']) {
        const slow = QUERIES.find(([one]) => one === text)?.[1] ?? user('user17')
        expect((await found({ text }, 'newest', 0)).ids).toEqual(
          slowly(text === HASH ? has(HASH) : slow, 'newest', all),
        )
      }
    }
  })

  it('goes through the events where the parts of a segment do not fit: the case may come from somebody else', async () => {
    db.prepare('UPDATE text_segment SET masks = ids, stamp = stamp + 1').run()
    expect(readSegments(db)).toBeUndefined()
    const { ids, isPlanned } = await found({ text: 'rare-word' }, 'newest', Infinity)
    expect(isPlanned).toBe(false)
    expect(ids).toEqual(slowly(has('rare-word'), 'newest', plainEvents(test)))
  })
})
