import { describe, expect, it } from 'vitest'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { switchPack } from '../../../core/reputation/pack-switch.ts'
import { rateByRows, rateCase } from '../../../core/reputation/rate-case.ts'
import { loadCaseShelf, loadShelfByRows } from '../../../core/reputation/shelf-load.ts'
import { listShelfPacks } from '../../../core/reputation/packs-stored.ts'
import { addByte, HASH_START } from '../../../core/reputation/shelf/hash.ts'
import { packPatterns, readPackedPatterns } from '../../../core/reputation/shelf/packed-patterns.ts'
import { packUrls, readPackedUrls } from '../../../core/reputation/shelf/packed-urls.ts'
import { readPackedCase } from '../../../core/reputation/shelf/scan-packed.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const LEVELS = ['dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe'] as const
const SCOPES = ['exact', 'path', 'host', 'domain'] as const

/** Same numbers in every run. */
function randomOf(seed: number): <T>(list: readonly T[]) => T {
  let state = seed
  return (list) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
    const one = list[(state >>> 8) % list.length]
    if (one === undefined) throw new RangeError('empty list')
    return one
  }
}

const HOSTS = [
  'a.test',
  'b.a.test',
  'c.b.a.test',
  'ab.test',
  'x.co.uk',
  'co.uk',
  '203.0.113.9',
  '[2001:db8::1]',
  'b-a.test',
]
const ENDS = ['/', '/p', '/p/q', '/p?x=1', '/pq', '/p/q/r']
const PORTS = ['', ':8080']

let made = 0
async function addRandom(test: TestCase, seed: number, day: number, name: string): Promise<string> {
  const pick = randomOf(seed)
  const entries = Array.from({ length: 14 }, () => {
    const scope = pick(SCOPES)
    const host = pick(HOSTS)
    const isName = scope === 'host' || scope === 'domain'
    const pattern = isName
      ? `${host}${pick(PORTS)}`
      : `${pick(['http', 'https', 'ftp'])}://${host}${pick(PORTS)}${pick(ENDS)}`
    return {
      pattern,
      scope,
      level: pick(LEVELS),
      ...(pick([0, 0, 0, 1]) === 1 ? { expiresAt: new Date(at(pick([3, 12])) / 1000).toISOString() } : {}),
    }
  })
  const text = JSON.stringify({ schema: 1, name, version: `v${day}`, entries })
  made += 1
  const row = await addPack(test.context, test.file(`pack-${made}.json`, text), {
    name: null,
    version: null,
    createdAt: at(day),
    level: null,
    levels: {},
  })
  return row.id
}
function addMail(test: TestCase, seed: number): void {
  const pick = randomOf(seed)
  const links = Array.from(
    { length: 12 },
    () => `${pick(['http', 'https', 'ftp'])}://${pick(HOSTS)}${pick(PORTS)}${pick(ENDS)}`,
  )
  test.mail(aMessage({ messageId: `m${seed}@mail.test`, at: at(1), links: [...new Set(links)] }))
}
const pack = (test: TestCase): void =>
  test.db.transaction(() => {
    packPatterns(test.db)
    packUrls(test.db)
  })()
const isPacked = (test: TestCase): boolean => readPackedCase(test.db, listShelfPacks(test.db)) !== undefined
const sorted = <T>(map: ReadonlyMap<number, T>) => [...map].sort(([a], [b]) => a - b)

describe('names of patterns and URLs kept as arrays', () => {
  it.each(Array.from({ length: 25 }, (_, index) => index + 1))(
    'decide every URL as the rows do (seed %i)',
    async (seed) => {
      const test = new TestCase(at(20))
      addMail(test, seed)
      await addRandom(test, seed * 7, 2, 'one')
      const off = await addRandom(test, seed * 11, 4, 'two')
      await addRandom(test, seed * 13, 6, 'one')
      if (seed % 3 === 0) switchPack(test.context, Number(off), false)
      pack(test)
      addMail(test, seed + 1000)
      expect(isPacked(test)).toBe(false)
      pack(test)
      expect(isPacked(test)).toBe(true)
      for (const now of [at(5), at(13)]) {
        const rows = sorted(rateByRows(test.db, now))
        expect(sorted(rateCase(test.db, now))).toEqual(rows)
        expect(rows.length).toBeGreaterThan(0)
      }
    },
  )

  it('give the shelf of the case the same entries as the rows do', async () => {
    const test = new TestCase(at(20))
    addMail(test, 5)
    await addRandom(test, 3, 2, 'one')
    pack(test)
    const ids = (touched: readonly { id: number }[]) => touched.map(({ id }) => id).sort((a, b) => a - b)
    expect(ids(loadCaseShelf(test.db).touched)).toEqual(ids(loadShelfByRows(test.db).touched))
  })

  it('are made when a pack is added, once', async () => {
    const test = new TestCase(at(20))
    const id = Number(await addRandom(test, 1, 2, 'one'))
    expect(readPackedPatterns(test.db, id)?.ids).toHaveLength(14)
    const before = test.db.prepare('SELECT total_changes()').pluck().get()
    pack(test)
    expect(test.db.prepare('SELECT total_changes()').pluck().get()).toBe(before)
  })

  it('are dropped as soon as a URL goes or changes, and incomplete until new ones are packed', () => {
    const test = new TestCase(at(20))
    addMail(test, 1)
    pack(test)
    expect(readPackedUrls(test.db)).toHaveLength(1)
    addMail(test, 2)
    expect(readPackedUrls(test.db)).toBeUndefined()
    pack(test)
    expect(readPackedUrls(test.db)).toHaveLength(2)
    test.db.prepare('UPDATE url SET entity_id = NULL').run()
    expect(readPackedUrls(test.db)).toHaveLength(2)
    const last = test.db.prepare('SELECT max(id) FROM url').pluck().get() as number
    test.db.prepare('DELETE FROM message_url WHERE url_id = ?').run(last)
    test.db.prepare('DELETE FROM url WHERE id = ?').run(last)
    expect(readPackedUrls(test.db)).toBeUndefined()
    pack(test)
    expect(readPackedUrls(test.db)).toHaveLength(1)
    test.db.prepare("UPDATE url SET host = 'other.test' WHERE id = (SELECT min(id) FROM url)").run()
    expect(readPackedUrls(test.db)).toBeUndefined()
  })

  it('become one part when there are many', () => {
    const test = new TestCase(at(20))
    for (let seed = 1; seed <= 20; seed++) {
      addMail(test, seed)
      test.mail(aMessage({ messageId: `n${seed}`, at: at(1), links: [`http://n${seed}.test/`] }))
      pack(test)
    }
    const parts = readPackedUrls(test.db) ?? []
    expect(parts.length).toBeLessThanOrEqual(8)
    const ids = parts.flatMap((part) => [...part.ids]).sort((a, b) => a - b)
    expect(ids).toEqual(test.db.prepare('SELECT id FROM url ORDER BY id').pluck().all())
  })

  it('hold every hit against the text: a name with the same hash is another name', async () => {
    // Names of two labels until two of them have all 32 bits of the hash in common.
    const seen = new Map<number, string>()
    let pair: readonly [string, string] | undefined
    for (let count = 0; pair === undefined; count++) {
      const name = `n${count.toString(36)}.test`
      let hash = HASH_START
      for (let place = name.length - 1; place >= 0; place--) hash = addByte(hash, name.charCodeAt(place))
      const other = seen.get(hash)
      if (other !== undefined) pair = [other, name]
      seen.set(hash, name)
    }
    const [listed, other] = pair
    const test = new TestCase(at(20))
    test.mail(aMessage({ at: at(1), links: [`http://${listed}/`, `http://${other}/`] }))
    await addPack(test.context, test.file('list.txt', `${listed}\n`), {
      name: 'list',
      version: '1',
      createdAt: at(1),
      level: null,
      levels: {},
    })
    pack(test)
    const url = test.db.prepare('SELECT url FROM url WHERE id = ?').pluck()
    expect([...rateCase(test.db, at(5)).keys()].map((id) => url.get(id))).toEqual([`http://${listed}/`])
  })
})
