import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../core/events/query.ts'

const terms = (text: string) =>
  parseQuery(text).map((group) => group.map(({ term, negated }) => ({ ...term, negated })))

describe('search syntax', () => {
  it('joins words with and, OR makes a group', () => {
    expect(parseQuery('a b OR c d').map((group) => group.map((clause) => clause.text))).toEqual([
      ['a'],
      ['b', 'c'],
      ['d'],
    ])
  })
  it('knows negation and phrases', () => {
    expect(terms('-cmd.exe "two words"')).toEqual([
      [{ type: 'text', value: 'cmd.exe', negated: true }],
      [{ type: 'text', value: 'two words', negated: false }],
    ])
  })
  it('finds fields by public, own and short names', () => {
    const fields = ['process.executable:x', 'processPath:x', 'image:x'].map((text) => terms(text)[0]?.[0])
    expect(fields).toEqual(
      fields.map(() => ({ type: 'field', fields: ['processPath'], value: 'x', negated: false })),
    )
  })
  it('takes URLs, defanged or not, and paths as text', () => {
    expect(terms('hxxps://a[.]example/x')).toEqual([
      [{ type: 'text', value: 'https://a.example/x', negated: false }],
    ])
    expect(terms('C:\\Windows\\x.exe')).toEqual([
      [{ type: 'text', value: 'C:\\Windows\\x.exe', negated: false }],
    ])
  })
  it('understands kinds, times and addresses', () => {
    expect(terms('kind:logon time:2026-03-01..2026-03-02 ip:10.0.0.0/8')).toEqual([
      [{ type: 'kind', kinds: ['logon'], value: 'logon', negated: false }],
      [{ type: 'time', from: '2026-03-01', to: '2026-03-02', negated: false }],
      [{ type: 'ip', value: '10.0.0.0/8', negated: false }],
    ])
    expect(terms('kind:kerberos*')[0]?.[0]).toMatchObject({
      kinds: ['kerberos-tgt', 'kerberos-service', 'kerberos-failure'],
    })
  })
  it('takes the beginning of a kind for all kinds that begin so', () => {
    expect(terms('kind:logo')[0]?.[0]).toMatchObject({ kinds: ['logon', 'logon-failure', 'logoff'] })
    expect(terms('kind:logon')[0]?.[0]).toMatchObject({ kinds: ['logon'] })
  })
  it('says when a field does not exist', () => {
    expect(terms('colour:red')).toEqual([[{ type: 'unknown-field', field: 'colour', negated: false }]])
  })
  it('survives anything', () => {
    for (const text of [
      '',
      '   ',
      '"',
      '-',
      ':',
      'a:',
      ':b',
      '""',
      'OR',
      'OR OR a',
      '-"x',
      '\\',
      'a'.repeat(4000),
      '(((',
    ])
      expect(() => parseQuery(text)).not.toThrow()
  })
})
