import { describe, expect, it } from 'vitest'
import type { Redaction } from '../../../../core/contract/nouns/report.ts'
import type { Hidden } from '../../../../core/report/redaction/names.ts'
import { Redactor } from '../../../../core/report/redaction/redactor.ts'

const NAMES: readonly Hidden[] = [
  {
    kind: 'user',
    key: 's-1-5-21-111-222-333-1104',
    names: [
      'CORP\\zq.canary',
      'zq.canary',
      'zq.canary@corp.example',
      'S-1-5-21-111-222-333-1104',
      'Zora Quill',
      '林雅婷',
    ],
  },
  { kind: 'endpoint', key: 'ws-canary7.corp.example', names: ['WS-CANARY7.corp.example', 'WS-CANARY7'] },
  { kind: 'address', key: '10.20.30.40', names: ['10.20.30.40'] },
]
const rules = (more: Partial<Redaction> = {}): Redaction => ({
  users: true,
  endpoints: true,
  addresses: 'own',
  terms: [],
  ...more,
})
const redactor = (more: Partial<Redaction> = {}, secret = 'secret') =>
  new Redactor(rules(more), NAMES, secret)
const encoded = (text: string, encoding: 'utf8' | 'utf16le') => Buffer.from(text, encoding).toString('base64')

describe('a redactor', () => {
  it.each([
    ['an account', 'logon of CORP\\zq.canary failed'],
    ['another case', 'logon of corp\\ZQ.Canary failed'],
    ['a sign-in name', 'ZQ.CANARY@Corp.Example signed in'],
    ['a bare account in a path', 'C:\\Users\\zq.canary\\AppData\\x.exe'],
    ['a bare account in a path of JSON', '{"Image":"C:\\\\Users\\\\ZQ.CANARY\\\\x.exe"}'],
    ['an account behind a tab of JSON', '"Message":"Account Name:\\t\\tzq.canary\\r\\n\\tDomain"'],
    ['an account behind a tab of JSON in JSON', 'Name:\\\\t\\\\tZQ.CANARY\\\\r\\\\n'],
    ['a machine account behind a line break', 'Name:\\nWS-CANARY7$\\r\\n'],
    ['an address behind a tab of JSON', 'Source:\\t10.20.30.40\\r'],
    ['a path whose name begins like an escape', 'C:\\Users\\zq.canary\\ubeef'],
    ['a SID in a registry key', 'HKU\\S-1-5-21-111-222-333-1104\\Software'],
    ['a display name', 'From: "Zora Quill" <x@y.example>'],
    ['a name without spaces around it', '收件人林雅婷您好'],
    ['full-width letters', 'ｚｑ．ｃａｎａｒｙ'],
    ['a torn name', 'zq.\u200Bcan\u00ADary'],
    ['percent escapes', 'https://evil.example/?e=zq%2Ecanary%40corp.example'],
    ['escapes of escapes', 'https://evil.example/?e=zq%252Ecanary%2540corp.example'],
    ['escapes of JSON', '"zq\\u002ecanary\\u0040corp.example"'],
    ['escapes of HTML', 'zq&#46;canary&#x40;corp.example'],
    ['broken addresses', 'zq[.]canary[@]corp[.]example'],
    ['a host in a command line', 'psexec \\\\WS-CANARY7 -s cmd.exe'],
    ['a full host name', 'ws-canary7.corp.example'],
    ['a broken host name', 'hxxp://ws-canary7[.]corp[.]example/x'],
    ['an address in a command line', 'net use \\\\10.20.30.40\\c$'],
    ['a broken address', '10[.]20[.]30[.]40'],
    ['base64 in a link', `https://evil.example/${encoded('zq.canary@corp.example', 'utf8')}`],
    ['base64 of a command', `powershell -enc ${encoded('net use \\\\WS-CANARY7\\c$', 'utf16le')}`],
    ['base64 that begins in a word', `x=abc${encoded('...zq.canary@corp.example', 'utf8')}`],
  ])('hides %s', (_what, text) => {
    const clean = redactor().clean(text)
    expect(clean).toMatch(/(?:USER|HOST|ADDR|ENCODED)-[0-9A-Z]{6}/)
    const plain = clean.normalize('NFKC').toLowerCase()
    for (const canary of ['canary', 'quill', '雅婷', '1104', '20.30.40']) expect(plain).not.toContain(canary)
    // What was hidden stays hidden when it passes again.
    expect(redactor().clean(clean)).toBe(clean)
  })

  it.each([
    'zq.canaryx logged on',
    'xws-canary70',
    '110.20.30.401',
    'powershell.exe started',
    'C:\\Windows\\System32',
  ])('leaves other names alone: %s', (text) => {
    expect(redactor().clean(text)).toBe(text)
  })

  it('gives every name of one person the same pseudonym, with one secret always', () => {
    const names = ['CORP\\zq.canary', 'zq.canary@corp.example', 'Zora Quill'].map((name) =>
      redactor().clean(name),
    )
    expect(new Set(names).size).toBe(1)
    expect(redactor({}, 'another').clean('Zora Quill')).not.toBe(names[0])
  })

  it('hides own terms inside words, and every address when told to', () => {
    expect(redactor({ terms: ['Heron'] }).clean('xheronx HERON')).toMatch(/^xTERM-\w{6}x TERM-\w{6}$/)
    const all = redactor({ addresses: 'all' })
    for (const text of ['8.8.8.8', '2001:db8::1', 'any.body@elsewhere.example'])
      expect(all.clean(`from ${text} today`)).toMatch(/^from ADDR-\w{6} today$/)
    expect(redactor().clean('from 8.8.8.8 and 192.168.7.9')).toMatch(/^from 8\.8\.8\.8 and ADDR-\w{6}$/)
  })

  it('counts what it replaced', () => {
    const one = redactor()
    one.clean('zq.canary on WS-CANARY7, zq.canary again')
    const { rules: counted, rows } = one.counts()
    expect(counted.find(({ kind }) => kind === 'user')).toEqual({ kind: 'user', known: 1, replaced: 2 })
    expect(rows.map(({ count }) => count)).toEqual([2, 1])
  })

  it('keeps the words that a report decides by, and keys that are no names', () => {
    const answer = {
      rows: [{ id: '12', kind: 'user', name: 'zq.canary', rule: 'zq.canary' }],
      next: 'zq.canary',
    }
    const clean = redactor().cleanAnswer(answer as never) as unknown
    expect(clean).toMatchObject({ rows: [{ id: '12', kind: 'user', rule: 'zq.canary' }], next: 'zq.canary' })
    expect(JSON.stringify((clean as { rows: { name: string }[] }).rows[0]?.name)).toMatch(/USER-/)
    const hostile = JSON.parse('{"__proto__":{"x":"zq.canary"}}') as never
    expect(JSON.stringify(redactor().cleanAnswer(hostile))).toMatch(/"__proto__":\{"x":"USER-/)
  })

  it('finds one of 50,000 names in a long text in time', () => {
    const many = Array.from({ length: 50_000 }, (_, index): Hidden => ({
      kind: 'user',
      key: `u${index}`,
      names: [`person.${index}`, `CORP\\person.${index}`],
    }))
    const one = new Redactor(rules(), many, 's')
    const text = 'nothing here but words and numbers 12345 '.repeat(2000) + 'person.49999'
    const from = performance.now()
    expect(one.clean(text).endsWith('12345 ')).toBe(false)
    expect(one.clean(text)).toMatch(/USER-\w{6}$/)
    expect(performance.now() - from).toBeLessThan(4000)
  })
})
