import { describe, expect, it } from 'vitest'
import { parseUrl } from '../../../core/normalise/url.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { CoveredUrls, covers, type StoredPattern } from '../../../core/reputation/shelf/covered.ts'
import { NameFilter } from '../../../core/reputation/shelf/name-filter.ts'
import { findCandidates } from '../../../core/reputation/shelf/scan-case.ts'
import { loadCaseShelf, loadShelf } from '../../../core/reputation/shelf-load.ts'
import { randomOf } from '../../bench/reputation/case-data.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const NOW = 30 * DAY
const LEVELS = ['dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe']

/** Few names, so that nearly everything meets: hosts, parents, ports, paths with and without slash, queries, ftp, addresses. */
function aUrl(random: (below: number) => number): string {
  const pick = (all: readonly string[]): string => all[random(all.length)] ?? ''
  const host = pick(['evil.test', 'a.evil.test', 'b.a.evil.test', 'notevil.test', '192.0.2.1', '[2001:db8::1]', 'xn--bcher-kva.test']) // prettier-ignore
  const port = pick(['', '', '', ':80', ':443', ':8080'])
  const path = pick(['', '/', '/a', '/a/', '/a/b', '/a/b/c.html', '/ab', '/A', '/%41'])
  return `${pick(['http', 'http', 'https', 'ftp'])}://${host}${port}${path}${pick(['', '', '?q', '?q=1/2', '?'])}`
}

async function aCrowdedCase(seed: number): Promise<TestCase> {
  const random = randomOf(seed)
  const test = new TestCase(NOW)
  for (let pack = 1; pack <= 4; pack++) {
    const entries = Array.from({ length: 60 }, () => ({
      pattern: aUrl(random),
      scope: ['exact', 'path', 'host', 'domain'][random(4)],
      level: LEVELS[random(LEVELS.length)],
      ...(random(4) === 0 ? { expiresAt: new Date(((5 + random(40)) * DAY) / 1000).toISOString() } : {}),
    })).map((entry) =>
      entry.scope === 'domain' ? { ...entry, pattern: new URL(entry.pattern).hostname } : entry,
    )
    const createdAt = new Date((pack * 5 * DAY) / 1000).toISOString()
    const document = {
      schema: 1,
      name: pack % 2 === 0 ? 'even' : `odd${pack}`,
      version: pack,
      createdAt,
      entries,
    }
    const path = test.file(`pack${pack}.json`, JSON.stringify(document))
    await addPack(test.context, path, { name: null, version: null, createdAt: null, level: null, levels: {} })
  }
  const links = Array.from({ length: 150 }, () => aUrl(random))
  test.mail(aMessage({ messageId: 'm', at: 12 * DAY, links: [...links, 'javascript:alert(1)'] }))
  return test
}

describe('all URLs against all patterns in one pass', () => {
  it.each([1, 2, 3, 4, 5, 6])('says what the whole shelf says (seed %i)', async (seed) => {
    const test = await aCrowdedCase(seed)
    const rows = test.db.prepare('SELECT id, url, host FROM url').all() as {
      id: number
      url: string
      host: string
    }[]
    const whole = loadShelf(
      test.db,
      rows.map((row) => row.host),
    )
    const { shelf, touched } = loadCaseShelf(test.db)
    const ids = new Set(touched.map((url) => url.id))
    let hits = 0
    for (const { id, url } of rows) {
      const normal = parseUrl(url)
      if (normal === undefined) continue
      for (const [inForce, at] of [
        [whole.inForceNow(), NOW],
        [whole.inForceAt(12 * DAY), 12 * DAY],
        [whole.inForceNow(2), 20 * DAY],
      ] as const) {
        const expected = whole.rate(normal, inForce, at)
        expect(shelf.rate(normal, inForce, at), url).toEqual(expected)
        if (expected.entry === null) continue
        hits += 1
        expect(ids.has(id), url).toBe(true)
      }
    }
    expect(hits).toBeGreaterThan(50)
  })

  it.each([7, 8])('finds by the index exactly what a pattern covers (seed %i)', async (seed) => {
    const test = await aCrowdedCase(seed)
    const patterns = test.db.prepare('SELECT scope, host, normal FROM pack_entry').all() as StoredPattern[]
    const rows = test.db.prepare('SELECT id, url FROM url').all() as { id: number; url: string }[]
    const covered = new CoveredUrls(test.db)
    for (const pattern of patterns) {
      const expected = rows.filter(({ url }) => {
        const normal = parseUrl(url)
        return normal !== undefined && covers(pattern, normal)
      })
      expect(new Set(covered.of(pattern)), JSON.stringify(pattern)).toEqual(
        new Set(expected.map(({ id }) => id)),
      )
    }
  })

  it('reads what may be a name by its text: another name with the same bits is not taken for it', async () => {
    const test = new TestCase(NOW)
    const hosts = Array.from({ length: 200 }, (_, index) => `h${index}.test`)
    const nothing = { name: null, version: null, createdAt: DAY, level: null, levels: {} }
    await addPack(
      test.context,
      test.file('list.txt', hosts.filter((_, index) => index % 2 === 0).join('\n')),
      nothing,
    )
    test.mail(aMessage({ messageId: 'm', at: DAY, links: hosts.map((host) => `http://${host}/`) }))
    // a filter of one word lets everything pass
    const crowded = new NameFilter(1)
    crowded.add(new TextEncoder().encode(hosts.join('\n')))
    expect(findCandidates(test.db, crowded).size).toBe(200)
    const touched = loadCaseShelf(test.db).touched.map(({ url }) => url)
    expect(touched.sort()).toEqual(
      hosts
        .filter((_, index) => index % 2 === 0)
        .map((host) => `http://${host}/`)
        .sort(),
    )
  })

  it('finds hosts, parents and both of one host, and nothing that only ends alike', () => {
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
    const filter = new NameFilter(1_000)
    filter.add(bytes('evil.test\na.evil.test\n192.0.2.1'))
    const hosts = bytes('a.evil.test\nb.evil.test\nnotevil.test\ntest\n192.0.2.1\nevil.test.example')
    const found: string[] = []
    const text = (start: number, end: number): string => new TextDecoder().decode(hosts.subarray(start, end))
    filter.scan(hosts, (host, name, end) => found.push(`${text(host, end)}: ${text(name, end)}`))
    expect(found.sort()).toEqual([
      '192.0.2.1: 192.0.2.1',
      'a.evil.test: a.evil.test',
      'a.evil.test: evil.test',
      'b.evil.test: evil.test',
    ])
  })

  it('passes over more names than one page of an index holds, and over names that fill a page', async () => {
    const test = new TestCase(NOW)
    const hosts = Array.from({ length: 20_500 }, (_, index) => `n${index}.test`)
    const nothing = { name: null, version: null, createdAt: DAY, level: null, levels: {} }
    const list = [...hosts, ...Array.from({ length: 20_001 }, (_, index) => `http://n1.test/${index}`)]
    await addPack(test.context, test.file('list.txt', list.join('\n')), nothing)
    test.mail(
      aMessage({
        messageId: 'm',
        at: DAY,
        links: ['http://n0.test/', 'http://n9999.test/', 'http://none.test/'],
      }),
    )
    expect(
      loadCaseShelf(test.db)
        .touched.map(({ url }) => url)
        .sort(),
    ).toEqual(['http://n0.test/', 'http://n9999.test/'])
  })
})
