import { describe, expect, it } from 'vitest'
import { Shelf, suffixesOf } from '../../../core/reputation/shelf.ts'
import { aPack, anEntry, aShelf, aUrl, DAY, type EntryDraft } from './builders.ts'

const rate = (url: string, ...entries: EntryDraft[]) => {
  const shelf = aShelf(...entries)
  return shelf.rate(aUrl(url), shelf.inForceNow(), 10 * DAY).entry?.text ?? null
}

describe('matching a URL', () => {
  it.each([
    ['exact', 'http://evil.test/a?b=1', 'https://evil.test/a?b=1', true],
    ['exact', 'http://evil.test/a', 'http://evil.test/a?b=1', false],
    ['exact', 'http://evil.test/a', 'http://EVIL.test:80/%61#top', true],
    ['exact', 'http://evil.test/A', 'http://evil.test/a', false],
    ['exact', 'http://evil.test:8080/a', 'http://evil.test/a', false],
    ['exact', 'http://evil.test:443/a', 'https://evil.test/a', true],
    ['exact', 'http://evil.test/a', 'http://evil.test:8080/a', true],
    ['exact', 'ftp://evil.test/a', 'http://evil.test/a', false],
    ['exact', 'ftp://evil.test/a', 'ftp://evil.test/a', true],
    ['path', 'http://evil.test/kit', 'http://evil.test/kit/x?y', true],
    ['path', 'http://evil.test/kit/', 'http://evil.test/kit', true],
    ['path', 'http://evil.test/kit', 'http://evil.test/kitchen', false],
    ['path', 'http://evil.test/', 'http://evil.test/anything', true],
    ['host', 'evil.test', 'http://evil.test/x', true],
    ['host', 'evil.test', 'http://www.evil.test/x', false],
    ['host', '10.0.0.1:81', 'http://10.0.0.1:81/x', true],
    ['host', '10.0.0.1:81', 'http://10.0.0.1/x', false],
    ['domain', '*.evil.test', 'http://evil.test/', true],
    ['domain', 'evil.test', 'http://a.b.evil.test/', true],
    ['domain', 'evil.test', 'http://notevil.test/', false],
    ['host', 'b\u00fccher.test', 'http://xn--bcher-kva.test/', true],
  ] as const)('%s %s against %s: %s', (scope, pattern, url, matches) => {
    expect(rate(url, { scope, pattern })).toBe(matches ? pattern : null)
  })

  it('prefers page, longest path, host, longest domain', () => {
    const entries: EntryDraft[] = [
      { scope: 'domain', pattern: 'evil.test' },
      { scope: 'domain', pattern: 'a.evil.test' },
      { scope: 'host', pattern: 'x.a.evil.test' },
      { scope: 'path', pattern: 'x.a.evil.test/p' },
      { scope: 'path', pattern: 'x.a.evil.test/p/q' },
      { scope: 'exact', pattern: 'x.a.evil.test/p/q/r' },
    ]
    const url = 'http://x.a.evil.test/p/q/r'
    const order: (string | null)[] = []
    for (let left = entries.length; left >= 0; left--) order.push(rate(url, ...entries.slice(0, left)))
    expect(order).toEqual([...entries.map((entry) => entry.pattern).reverse(), null])
  })

  it('prefers the newer pack, and within one pack the more severe level', () => {
    const packs = [aPack(1, 'one', DAY), aPack(2, 'two', 2 * DAY)]
    const entries = [
      anEntry({ scope: 'host', pattern: 'evil.test', level: 'dangerous', pack: 0 }),
      anEntry({ scope: 'host', pattern: 'evil.test', level: 'safe', pack: 1 }),
      anEntry({ scope: 'host', pattern: 'evil.test', level: 'suspicious', pack: 1 }),
    ]
    const shelf = new Shelf(packs, entries)
    const url = aUrl('http://evil.test/')
    expect(shelf.rate(url, shelf.inForceNow(), 9 * DAY).level).toBe('suspicious')
    expect(shelf.rate(url, shelf.inForceAt(DAY), DAY).level).toBe('dangerous')
    expect(shelf.rate(url, shelf.inForceAt(DAY - 1), DAY - 1)).toEqual({ level: 'untested', entry: null })
  })

  it('lets a newer version of a pack replace the older', () => {
    const packs = [aPack(1, 'one', DAY), aPack(2, 'one', 2 * DAY)]
    const shelf = new Shelf(packs, [anEntry({ scope: 'host', pattern: 'evil.test', pack: 0 })])
    const url = aUrl('http://evil.test/')
    expect(shelf.rate(url, shelf.inForceAt(2 * DAY - 1), 2 * DAY - 1).level).toBe('dangerous')
    expect(shelf.rate(url, shelf.inForceNow(), 9 * DAY).level).toBe('untested')
    expect(shelf.rate(url, shelf.inForceNow(1), 9 * DAY).level).toBe('dangerous')
  })

  it('does not count an entry at or after its end', () => {
    const shelf = aShelf({ scope: 'host', pattern: 'evil.test', expiresAt: 5 * DAY })
    const url = aUrl('http://evil.test/')
    expect(shelf.rate(url, shelf.inForceNow(), 5 * DAY - 1).level).toBe('dangerous')
    expect(shelf.rate(url, shelf.inForceNow(), 5 * DAY).level).toBe('untested')
  })

  it('rates hosts of thousands of labels without walking all of them', () => {
    expect(suffixesOf(Array(5000).fill('a').join('.')).length).toBe(127)
    expect(suffixesOf('10.0.0.1')).toEqual(['10.0.0.1'])
    expect(suffixesOf('a.b.test')).toEqual(['a.b.test', 'b.test', 'test'])
  })
})
