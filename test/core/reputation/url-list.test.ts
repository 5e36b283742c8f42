import { describe, expect, it } from 'vitest'
import { DomainList, readListEntry, UrlList } from '../../../core/reputation/url-list.ts'
import { aUrl } from './builders.ts'

describe('an entry of the approved or blocked list', () => {
  it.each([
    ['example.com', 'http://example.com/any?q=1', true],
    ['example.com', 'https://EXAMPLE.com.:443/', true],
    ['example.com', 'http://www.example.com/', false],
    ['example.com:8080', 'http://example.com:8080/x', true],
    ['example.com:8080', 'http://example.com/x', false],
    ['*.example.com', 'http://www.example.com/x?y', true],
    ['*.example.com', 'http://a.b.example.com/', true],
    ['*.example.com', 'http://example.com/', false],
    ['*.example.com', 'http://badexample.com/', false],
    ['*.example.com/example/*', 'http://www.example.com/example', true],
    ['*.example.com/example/*', 'http://www.example.com/example/a?q', true],
    ['*.example.com/example/*', 'http://www.example.com/examples', false],
    ['*.example.com/example/*', 'http://example.com/example/a', false],
    ['http://example.com', 'https://example.com/', true],
    ['http://example.com', 'https://example.com/a', false],
    ['example.com/a', 'http://example.com/a', true],
    ['example.com/a', 'http://example.com/a?x=1', false],
    ['example.com/a', 'http://example.com/A', false],
    ['example.com/a?x=1', 'http://example.com/a?x=1', true],
    ['example.com/a?x=1', 'http://example.com/a?x=1&y=2', false],
    ['example.com/a?x=1', 'http://example.com/a', false],
  ])('%s against %s: %s', (entry, url, expected) => {
    expect(new UrlList([entry], 'exchange-online').covers(aUrl(url))).toBe(expected)
  })

  it.each([
    ['example.*', 'W47'],
    ['*example.com', 'W47'],
    ['http://*.example.com', 'W47'],
    ['*.example.com/*', 'W47'],
    ['*.example.com/a', 'W47'],
    ['*.example.com/a?x=*', 'W47'],
    ['example.com/a?x=*', 'W47'],
    ['example.com/*', 'W47'],
    ['^https?://(a|b)', 'W45'],
    ['', 'W45'],
    ['boss@bank.example', 'W45'],
    ['mailto:boss@bank.example', 'W45'],
    ['/login', 'W45'],
    ['\\\\server\\share', 'W45'],
  ])('%s is refused by %s', (entry, fault) => {
    expect(readListEntry(entry, 'exchange-online')).toBe(fault)
  })

  it('refuses a query for Gmail', () => {
    expect(readListEntry('example.com/a?x=1', 'gmail')).toBe('W48')
    expect(readListEntry('example.com/a', 'gmail')).toMatchObject({ kind: 'page' })
  })
})

describe('internal domains', () => {
  it.each([
    ['corp.test', 'corp.test', true],
    ['corp.test', 'mail.corp.test', false],
    ['*.corp.test', 'mail.corp.test', true],
    ['*.corp.test', 'corp.test', false],
    ['Corp.Test.', 'corp.test', true],
  ])('%s covers %s: %s', (domain, host, expected) => {
    expect(new DomainList([domain]).covers(host)).toBe(expected)
  })
})
