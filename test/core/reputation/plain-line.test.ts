import { describe, expect, it } from 'vitest'
import { readPlainLine } from '../../../core/reputation/packs/plain-line.ts'

const short = (line: string): string => {
  const read = readPlainLine(line)
  if (read.kind !== 'patterns') return read.kind
  return read.patterns
    .map(
      ({ pattern: { scope, host, port, rest } }) =>
        `${scope} ${host}${port === null ? '' : `:${port}`}${rest}`,
    )
    .join(', ')
}

describe('a line of a plain list', () => {
  it.each([
    ['http://evil.test/login.php?x=1', 'exact evil.test/login.php?x=1'],
    ['hxxps://evil[.]test/a', 'exact evil.test/a'],
    ['http://evil.test', 'exact evil.test/'],
    ['evil.test/a', 'exact evil.test/a'],
    ['evil.test/kit/*', 'path evil.test/kit'],
    ['https://evil.test/kit/*', 'path evil.test/kit'],
    ['Evil.Test', 'host evil.test'],
    ['evil.test:8080', 'host evil.test:8080'],
    ['192.0.2.7', 'host 192.0.2.7'],
    ['192.0.2.7:4443', 'host 192.0.2.7:4443'],
    ['2001:db8::7', 'host [2001:db8::7]'],
    ['*.evil.test', 'domain evil.test'],
    ['.evil.test', 'domain evil.test'],
    ['||evil.test^', 'domain evil.test'],
    ['||evil.test^$all', 'domain evil.test'],
    ['||evil.test/kit/a.dll^$all', 'path evil.test/kit/a.dll'],
    ['0.0.0.0 evil.test # seen', 'host evil.test'],
    ['127.0.0.1\ta.test b.test', 'host a.test, host b.test'],
    ['127.0.0.1 localhost', 'nothing'],
    ['::1 ip6-localhost ip6-loopback', 'nothing'],
    ['evil.test  # a remark', 'host evil.test'],
    ['# remark', 'nothing'],
    ['! remark', 'nothing'],
    ['// remark', 'nothing'],
    ['', 'nothing'],
    ['word', 'broken'],
    ['two words.test', 'broken'],
    ['[Adblock Plus 2.0]', 'nothing'],
    ['@@||good.test^', 'domain good.test'],
    ['@@||good.test/a^$document', 'path good.test/a'],
    ['@@good', 'broken'],
    ['/regex/', 'broken'],
    ['192.0.2.0/24', 'broken'],
    ['evil.*', 'broken'],
    ['http://', 'broken'],
    ['javascript:alert(1)', 'broken'],
  ])('%s -> %s', (line, expected) => {
    expect(short(line)).toBe(expected)
  })
})
