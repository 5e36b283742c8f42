import { describe, expect, it } from 'vitest'
import type { SweepCriteria } from '../../../core/contract/nouns/sweep.ts'
import { SweepCriteria as Shape } from '../../../core/contract/nouns/sweep.ts'
import { indicatorReaders } from '../../../core/sweep/indicators/registry.ts'
import { readCriteria } from '../../../core/sweep/read-criteria.ts'
import { BUILT_IN_LANGUAGES } from '../../../core/model/text.ts'

const read = (text: string, options: { format?: string; operator?: 'any' | 'all' } = {}): SweepCriteria =>
  readCriteria([{ name: 'list.txt', text }], {
    name: null,
    format: options.format ?? null,
    operator: options.operator ?? 'any',
  })
/** `kind operator value`, with `!why` for what is not looked for and `?why` for what is to be known. */
const shown = (criteria: SweepCriteria): string[] =>
  criteria.indicators.map(
    ({ kind, operator, value, supported, why }) =>
      `${kind ?? '-'} ${operator} ${value}${why === null ? '' : ` ${supported ? '?' : '!'}${why.key.slice('sweep.why.'.length)}`}`,
  )

describe('every format of indicators', () => {
  it.each(indicatorReaders.map((reader) => [reader.id, reader] as const))(
    '%s has its texts in three languages and takes no random bytes',
    (_id, reader) => {
      for (const lang of BUILT_IN_LANGUAGES)
        expect(Object.keys(reader.texts[lang]).sort()).toEqual(['description', 'title'])
      const noise = String.fromCharCode(
        ...Array.from({ length: 2000 }, (_, index) => (index * 7919 + 13) % 256),
      )
      expect(reader.detect(noise)).toBeLessThan(0.1)
    },
  )
})

describe('a list of lines', () => {
  it('is told by the shape of each line, fanged or not', () => {
    const criteria = read(`# of last night
hxxps://evil[.]example/login?a=1   # the lure
evil[.]example
*.bad.example
203[.]0[.]113[.]7:8080
198.51.100.0/24
2001:db8::1
d41d8cd98f00b204e9800998ecf8427e
da39a3ee5e6b4b0d3255bfef95601890afd80709
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
boss(at)evil[.]example
Invoice 2026.docm
C:\\Users\\Public\\run.exe
HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run
||ads.example^
0.0.0.0 hosts.example
command-line~-enc
user: mallory
mutex_of_evil
mutex: Global\\evil`)
    expect(criteria.format).toBe('plain-list')
    expect(shown(criteria)).toEqual([
      'url is https://evil.example/login?a=1',
      'domain is evil.example',
      'domain is bad.example',
      'ip is 203.0.113.7',
      'ip is 198.51.100.0/24',
      'ip is 2001:db8::1',
      'md5 is d41d8cd98f00b204e9800998ecf8427e',
      'sha1 is da39a3ee5e6b4b0d3255bfef95601890afd80709',
      'sha256 is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'email is boss@evil.example',
      'file-name is Invoice 2026.docm',
      'file-path is C:\\Users\\Public\\run.exe',
      'registry is HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Run',
      'domain is ads.example',
      'domain is hosts.example',
      'command-line contains -enc',
      'account is mallory',
      // Not understood, and understood but not held, are two things.
      '- is mutex_of_evil !unrecognised',
      '- is mutex: Global\\evil !kind',
    ])
    expect(criteria.indicators[0]?.title).toBe('the lure')
  })

  it('holds the same one once, and asks for all of them where the analyst says so', () => {
    const criteria = read('evil.example\nEVIL.example\n203.0.113.7', { operator: 'all' })
    expect(shown(criteria)).toEqual(['domain is evil.example', 'ip is 203.0.113.7'])
    expect(criteria.tree).toEqual({ all: [{ indicator: 'i1' }, { indicator: 'i1' }, { indicator: 'i2' }] })
  })

  it('is refused when nothing in it is an indicator', () => {
    expect(() => read('Dear colleagues, please find attached')).toThrow(
      expect.objectContaining({ code: 'sweep.unrecognised' }),
    )
    expect(() => read('')).toThrow(expect.objectContaining({ code: 'sweep.unrecognised' }))
  })
})

describe('a table', () => {
  it('is read by its columns, whatever their order and words', () => {
    expect(
      shown(
        read(
          'Comment;Value;Type\n"a ""b""; c";evil.example;hostname\n;203.0.113.7;IP address\n;xyz;ja3-fingerprint-md5\n;zz;sha256\n',
        ),
      ),
    ).toEqual(['domain is evil.example', 'ip is 203.0.113.7', '- is xyz !kind', 'sha256 is zz !value'])
  })
})

describe('STIX', () => {
  const bundle = (...patterns: string[]) =>
    JSON.stringify({
      type: 'bundle',
      id: 'bundle--1',
      objects: [
        { type: 'report', name: 'A report' },
        ...patterns.map((pattern) => ({
          type: 'indicator',
          name: 'n',
          pattern,
          labels: ['malicious-activity'],
        })),
        { type: 'indicator', name: 'gone', pattern: "[url:value = 'http://gone.example/']", revoked: true },
        {
          type: 'indicator',
          name: 'good',
          pattern: "[url:value = 'http://good.example/']",
          labels: ['benign'],
        },
      ],
    })
  it('patterns become a tree: and before or, comparisons that exports can answer', () => {
    const criteria = read(
      bundle(
        "[file:hashes.'SHA-256' = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' AND file:name LIKE '%.exe' OR domain-name:value IN ('a.example', 'b.example')]",
        "[ipv4-addr:value ISSUBSET '198.51.100.0/24'] OR [url:value = 'http://it''s']".replace("''", "\\'"),
      ),
    )
    expect(criteria.name).toBe('A report')
    expect(shown(criteria)).toEqual([
      'sha256 is e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'file-name ends-with .exe',
      'domain is a.example',
      'domain is b.example',
      'ip is 198.51.100.0/24',
      "url is http://it's",
    ])
    expect(criteria.tree).toEqual({
      any: [
        {
          any: [
            { all: [{ indicator: 'i1' }, { indicator: 'i2' }] },
            { any: [{ indicator: 'i3' }, { indicator: 'i4' }] },
          ],
        },
        { any: [{ indicator: 'i5' }, { indicator: 'i6' }] },
      ],
    })
  })
  it.each([
    "[file:name = 'a'] FOLLOWEDBY [file:name = 'b']",
    "[file:name = 'a'] REPEATS 5 TIMES",
    "[file:name = 'a'",
    `${'('.repeat(200)}[file:name = 'a']${')'.repeat(200)}`,
  ])('a pattern that is not evaluated stays whole and is told: %s', (pattern) => {
    expect(shown(read(bundle(pattern)))).toEqual([`- is ${pattern} !pattern`])
  })
  it('what cannot be asked for does not silence what stands beside it', () => {
    const criteria = read(bundle("[file:name = 'evil.exe' AND file:size = 75264]"))
    expect(shown(criteria)).toEqual(['file-name is evil.exe ?companion', '- is file:size = 75264 !kind'])
    expect(criteria.tree).toEqual({ any: [{ all: [{ indicator: 'i1' }] }, { indicator: 'i2' }] })
  })
})

describe('MISP', () => {
  const event = (...attributes: object[]) =>
    JSON.stringify({ Event: { info: 'An event', Attribute: attributes } })
  it('gives what is marked for detection, composites taken apart', () => {
    const criteria = read(
      event(
        { type: 'filename|md5', value: 'a.exe|d41d8cd98f00b204e9800998ecf8427e', to_ids: true, comment: 'c' },
        { type: 'ip-dst|port', value: '203.0.113.7|443', to_ids: '1' },
        { type: 'domain|ip', value: 'evil.example|203.0.113.8', to_ids: true },
        { type: 'regkey|value', value: 'HKCU\\Software\\X|run.exe', to_ids: true },
        { type: 'mutex', value: 'm', to_ids: true },
        { type: 'url', value: 'http://gone.example/', to_ids: true, deleted: true },
        { type: 'domain', value: 'context.example', to_ids: false },
      ),
    )
    expect(shown(criteria)).toEqual([
      'md5 is d41d8cd98f00b204e9800998ecf8427e',
      'ip is 203.0.113.7',
      'domain is evil.example',
      'ip is 203.0.113.8',
      'registry is HKCU\\Software\\X',
      'registry contains run.exe',
      '- is m !kind',
      '- is context.example !unmarked',
    ])
    expect(criteria.indicators[0]?.title).toBe('a.exe; c')
  })
  it('gives all of an event that marks nothing, and says so', () => {
    expect(shown(read(event({ type: 'domain', value: 'evil.example', to_ids: false })))).toEqual([
      'domain is evil.example ?unmarked',
    ])
  })
})

describe('OpenIOC', () => {
  const ioc = (body: string) =>
    `<?xml version="1.0"?><ioc xmlns="http://schemas.mandiant.com/2010/ioc" id="1"><short_description>An IOC</short_description><definition>${body}</definition></ioc>`
  const item = (search: string, content: string, condition = 'is') =>
    `<IndicatorItem condition="${condition}"><Context document="x" search="${search}" type="mir"/><Content type="string">${content}</Content></IndicatorItem>`

  it('keeps its tree, and shows what exports do not hold', () => {
    const criteria = read(
      ioc(
        `<Indicator operator="OR">${item('FileItem/Md5sum', 'd41d8cd98f00b204e9800998ecf8427e')}<Indicator operator="AND">${item('FileItem/FileName', 'a&amp;b.dll')}${item('FileItem/SizeInBytes', '4')}${item('RegistryItem/Path', 'Run', 'contains')}</Indicator>${item('ProcessItem/name', 'x', 'isnot')}</Indicator>`,
      ),
    )
    expect(criteria.name).toBe('An IOC')
    expect(shown(criteria)).toEqual([
      'md5 is d41d8cd98f00b204e9800998ecf8427e',
      'file-name is a&b.dll ?companion',
      '- is FileItem/SizeInBytes is 4 !kind',
      'registry contains Run ?companion',
      '- is ProcessItem/name is x !negated',
    ])
  })
  it('is refused with what is wrong when it is broken, and opens nothing from outside', () => {
    expect(() => read('<ioc><definition></ioc>')).toThrow(expect.objectContaining({ code: 'sweep.invalid' }))
    const entity = `<!DOCTYPE ioc [<!ENTITY x SYSTEM "file:///etc/passwd">]>${ioc(item('FileItem/FileName', '&x;'))}`
    expect(() => read(entity)).toThrow(expect.objectContaining({ code: 'sweep.invalid' }))
  })
})

describe('criteria of our own', () => {
  it('come back as they were written', () => {
    const criteria = read('evil.example\ncommand-line~-enc', { operator: 'all' })
    const again = read(JSON.stringify({ schema: 1, ...criteria }))
    expect({ ...again, format: criteria.format }).toEqual(Shape.parse(criteria))
  })
})
