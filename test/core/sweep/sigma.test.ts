import { describe, expect, it } from 'vitest'
import { evaluateRule } from '../../../core/sweep/sigma/evaluate.ts'
import { parseSigma } from '../../../core/sweep/sigma/parse-rule.ts'
import { rawFields } from '../../../core/sweep/sigma/raw-fields.ts'
import { Unsupported, valueTest } from '../../../core/sweep/sigma/value-test.ts'

const rule = (detection: string, source = 'category: process_creation\n  product: windows') =>
  parseSigma(`title: A test\nid: 1\nlogsource:\n  ${source}\ndetection:\n${detection}`)[0]

/** What a rule says of a record whose fields are all known. */
function says(detection: string, fields: Readonly<Record<string, string>>, text = ''): boolean | undefined {
  const parsed = rule(detection)
  if (!parsed?.rule) throw new Error(parsed?.unsupported ?? 'no rule')
  return evaluateRule(parsed.rule, {
    values: (field) => (fields[field] === undefined ? null : [fields[field]]),
    text: () => text,
  })
}

describe('values of Sigma', () => {
  it.each([
    // modifiers, value, text, expected
    [[], 'cmd.exe', 'CMD.EXE', true],
    [[], '*\\cmd.exe', 'C:\\Windows\\System32\\cmd.exe', true],
    [[], 'a*b?c', 'aXXbYc', true],
    [[], 'a*b?c', 'aXXbc', false],
    [[], 'a\\*b', 'a*b', true],
    [[], 'a\\*b', 'aXb', false],
    [[], 'a\\\\b', 'a\\b', true],
    [[], 'a\\b', 'a\\b', true],
    [[], '\\\\\\\\host\\\\share', '\\\\host\\share', true],
    [['contains'], '-enc', 'powershell -ENC aa', true],
    [['startswith'], 'power', 'powershell', true],
    [['endswith'], '\\lsass.exe', 'C:\\Windows\\LSASS.exe', true],
    [['cased'], 'Cmd', 'cmd', false],
    [['contains', 'cased'], 'Cmd', 'a Cmd b', true],
    [['re'], '^p.w', 'pow', true],
    [['re'], '^P.w', 'pow', false],
    [['re', 'i'], '^P.w', 'pow', true],
    [['cidr'], '10.0.0.0/8', '10.3.4.5', true],
    [['cidr'], '10.0.0.0/8', '11.3.4.5', false],
    [['gte'], 4, '4', true],
    [['lt'], 4, '0x3', true],
    [['lt'], 4, 'text', false],
    [['windash', 'contains'], ' -s ', 'tool /s now', true],
    [['windash', 'contains'], ' -s ', 'tool \u2013s now', true],
    [['base64', 'contains'], 'http://', `x${Buffer.from('http://').toString('base64').slice(0, 8)}`, false],
    [['base64offset', 'contains'], 'http://', Buffer.from('a http://evil').toString('base64'), true],
    [['base64offset', 'contains'], 'http://', Buffer.from('ab http://evil').toString('base64'), true],
    [['base64offset', 'contains'], 'http://', Buffer.from('abc http://evil').toString('base64'), true],
    [
      ['wide', 'base64offset', 'contains'],
      'ping',
      Buffer.from('xx ping', 'utf16le').toString('base64'),
      true,
    ],
    [['contains', 'all'], ['a', 'b'], 'xbxa', true],
    [['contains', 'all'], ['a', 'b'], 'xa', false],
    [['neq'], 'a', 'b', true],
    [['exists'], true, 'x', true],
    [['exists'], false, 'x', false],
    [[], 4688, '4688', true],
    [[], null, 'x', false],
  ] as const)('%j %j on %j is %s', (modifiers, value, text, expected) => {
    expect(valueTest([...modifiers], value)([text])).toBe(expected)
  })

  it('take an absent field for null and for the empty text, and for nothing else', () => {
    expect(valueTest([], null)(null)).toBe(true)
    expect(valueTest([], '')(null)).toBe(true)
    expect(valueTest([], '*')(null)).toBe(false)
    expect(valueTest(['exists'], false)(null)).toBe(true)
  })

  it('refuse modifiers and expressions that are not evaluated', () => {
    expect(() => valueTest(['expand'], '%x%')).toThrow(Unsupported)
    expect(() => valueTest(['re'], '(?<!a)b')).toThrow(Unsupported)
  })
})

describe('a Sigma rule', () => {
  it('asks for all fields of a map, any value of a list, any map of a list', () => {
    const detection = `  selection:\n    Image|endswith:\n      - '\\a.exe'\n      - '\\b.exe'\n    User: me\n  condition: selection`
    expect(says(detection, { Image: 'C:\\B.exe', User: 'ME' })).toBe(true)
    expect(says(detection, { Image: 'C:\\B.exe', User: 'you' })).toBe(false)
    const maps = `  selection:\n    - Image: a\n    - User: me\n  condition: selection`
    expect(says(maps, { User: 'me' })).toBe(true)
    expect(says(maps, { User: 'you' })).toBe(false)
  })

  it('binds not before and before or', () => {
    const detection = `  a: {X: 1}\n  b: {Y: 1}\n  c: {Z: 1}\n  condition: a or b and not c`
    expect(says(detection, { X: '1', Z: '1' })).toBe(true)
    expect(says(detection, { Y: '1' })).toBe(true)
    expect(says(detection, { Y: '1', Z: '1' })).toBe(false)
    expect(says(detection.replace('a or b and not c', '(a or b) and not c'), { X: '1', Z: '1' })).toBe(false)
  })

  it('counts 1 of and all of, and leaves names with an underscore out of them', () => {
    const detection = `  selection_a: {X: 1}\n  selection_b: {Y: 1}\n  _hidden: {H: 1}\n  condition: `
    expect(says(`${detection}1 of selection_*`, { Y: '1' })).toBe(true)
    expect(says(`${detection}all of selection_*`, { Y: '1' })).toBe(false)
    expect(says(`${detection}1 of them`, { H: '1' })).toBe(false)
    expect(says(`${detection}all of them`, { X: '1', Y: '1' })).toBe(true)
  })

  it('looks for keywords anywhere in the raw record', () => {
    const detection = `  keywords:\n    - mimikatz\n    - 'sekurlsa::*'\n  condition: keywords`
    expect(says(detection, {}, 'run SEKURLSA::logonpasswords')).toBe(true)
    expect(says(detection, {}, 'nothing')).toBe(false)
  })

  it('compares a field with another one, whose text has no wildcards', () => {
    const detection = `  selection:\n    A|fieldref: B\n  condition: selection`
    expect(says(detection, { A: 'x*', B: 'x*' })).toBe(true)
    expect(says(detection, { A: 'xyz', B: 'x*' })).toBe(false)
  })

  it('stays open while only the raw record can tell', () => {
    const parsed = rule(`  selection:\n    A: 1\n    B: 2\n  condition: selection`)?.rule
    const ask = (values: Readonly<Record<string, readonly string[] | null>>) =>
      parsed && evaluateRule(parsed, { values: (field) => values[field], text: () => undefined })
    expect(ask({ A: ['1'] })).toBeUndefined()
    expect(ask({ A: ['0'] })).toBe(false)
    expect(ask({ A: ['1'], B: ['2'] })).toBe(true)
  })

  it.each([
    [
      '  selection: {A: 1}\n  condition: selection | count() > 5',
      'category: process_creation',
      'an aggregation',
    ],
    [
      '  selection: {A: 1}\n  condition: other',
      'category: process_creation',
      'search "other" does not exist',
    ],
    ['  selection: {A|expand: x}\n  condition: selection', 'category: process_creation', '|expand'],
    [
      '  selection: {A: 1}\n  condition: selection',
      'product: okta\n  service: okta',
      'logsource product okta',
    ],
    [
      '  selection: {A: 1}\n  condition: selection',
      'category: weather\n  product: windows',
      'logsource category weather',
    ],
  ])('says what of it is not evaluated: %s (%s)', (detection, source, what) => {
    expect(rule(detection, source)).toMatchObject({ rule: null, unsupported: what })
  })

  it('may stand among others in one file', () => {
    const one = (title: string) =>
      `title: ${title}\nlogsource: {category: process_creation, product: windows}\ndetection: {s: {Image: x}, condition: s}\n`
    expect(
      parseSigma(`${one('A')}---\n${one('B')}`).map(({ title, rule: read }) => [title, read !== null]),
    ).toEqual([
      ['A', true],
      ['B', true],
    ])
  })

  it('does not let aliases of YAML grow without end', () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]']
    for (let level = 1; level < 9; level += 1) {
      const [own, before] = [String.fromCharCode(97 + level), String.fromCharCode(96 + level)]
      bomb.push(`${own}: &${own} [${Array(10).fill(`*${before}`).join(',')}]`)
    }
    expect(() => parseSigma(bomb.join('\n'))).toThrow(/alias/i)
  })
})

describe('fields of a raw record', () => {
  it('are those of the event before those of its envelope, at any depth', () => {
    const fields = rawFields(
      JSON.stringify({
        Event: {
          System: { EventID: { '#text': 10 }, Computer: 'ws' },
          EventData: { Image: 'a', Computer: 'own' },
        },
      }),
    )
    expect([fields?.get('eventid'), fields?.get('image'), fields?.get('computer')]).toEqual([
      ['10'],
      ['a'],
      ['own'],
    ])
  })
  it('are read from named Data elements, in JSON and XML', () => {
    const json = { Event: { EventData: { Data: [{ '@Name': 'CallTrace', '#text': 'x|y' }] } } }
    expect(rawFields(JSON.stringify(json))?.get('calltrace')).toEqual(['x|y'])
    const xml = `<Event><System><EventID>1</EventID></System><EventData><Data Name="A">1 &amp; 2</Data><Data Name='B'/></EventData></Event>`
    const fields = rawFields(xml)
    expect([fields?.get('a'), fields?.get('eventid')]).toEqual([['1 & 2'], ['1']])
  })
  it('are unknown for a record that was cut, and names such as __proto__ are only names', () => {
    expect(rawFields('{"a": 1')).toBeUndefined()
    expect(rawFields('{"__proto__": {"x": 1}, "b": 2}')?.get('x')).toEqual(['1'])
  })
})
