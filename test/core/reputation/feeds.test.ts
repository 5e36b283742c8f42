import { describe, expect, it } from 'vitest'
import { packNormal } from '../../../core/reputation/pattern.ts'
import type { PackReadOptions, PackUnit } from '../../../core/reputation/packs/pack-reader.ts'
import { detectPackReader, packReaders } from '../../../core/reputation/packs/registry.ts'
import { stixAddresses } from '../../../core/reputation/packs/stix-pattern.ts'

const BY_TABLE: PackReadOptions = { level: null, levels: {} }
function read(
  text: string,
  options: PackReadOptions = BY_TABLE,
): { format: string | undefined; units: PackUnit[] } {
  const reader = detectPackReader(text)
  return { format: reader?.id, units: [...(reader?.read([Buffer.from(text)], options) ?? [])] }
}
const entries = (units: readonly PackUnit[]): string[] =>
  units.flatMap((unit) =>
    unit.kind === 'entry'
      ? [
          `${unit.level} ${unit.pattern.scope} ${unit.pattern.host}${packNormal(unit.pattern)} ${unit.category ?? ''}`.trim(),
        ]
      : unit.kind === 'rejected'
        ? [`rejected ${unit.line}`]
        : [],
  )
const header = (units: readonly PackUnit[]) =>
  units.findLast((unit) => unit.kind === 'header' && unit.createdAt !== undefined)

const PHISHTANK = `phish_id,url,phish_detail_url,submission_time,verified,verification_time,online,target
1,"https://bank.evil.example/a,b?x=""1""",http://detail.example/1,2026-03-01T08:00:00+00:00,yes,2026-03-01T09:00:00+00:00,yes,Bank
2,http://maybe.example/,http://detail.example/2,2026-03-02T08:00:00+00:00,no,,yes,Other
3,not a url,http://detail.example/3,2026-03-02T08:00:00+00:00,yes,,yes,Other
`
const THREATFOX = `################################
# ThreatFox IOCs
# "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type","fk_malware","malware_alias","malware_printable","last_seen_utc","confidence_level","is_compromised","reference","tags","anonymous","reporter"
"2026-03-01 08:00:00", "1", "203.0.113.9:8080", "ip:port", "botnet_cc", "win.x", "None", "X", "", "100", "False", "None", "tag1,tag2", "0", "me"
"2026-03-02 08:00:00", "2", "evil.example", "domain", "payload_delivery", "win.x", "None", "X", "", "75", "False", "None", "None", "0", "me"
"2026-03-02 08:00:00", "3", "${'a'.repeat(64)}", "sha256_hash", "payload", "win.x", "None", "X", "", "75", "False", "None", "None", "0", "me"
"2026-03-02 08:00:00", "4", "hxxp://evil[.]example/a.exe", "url", "odd_type", "win.x", "None", "X", "", "75", "False", "None", "None", "0", "me"
`
const MISP = {
  response: [
    {
      Event: {
        info: 'Campaign',
        date: '2026-03-01',
        timestamp: '1772323200',
        threat_level_id: '3',
        Orgc: { name: 'CERT' },
        Attribute: [
          { type: 'url', to_ids: true, value: 'https://evil.example/x', category: 'Network activity' },
          { type: 'domain|ip', to_ids: '1', value: 'bad.example|203.0.113.4', deleted: false },
          { type: 'ip-dst|port', to_ids: true, value: '203.0.113.5|8443' },
          { type: 'domain', to_ids: false, value: 'benign.example' },
          { type: 'url', to_ids: true, deleted: '1', value: 'https://gone.example/' },
          { type: 'sha256', to_ids: true, value: 'a'.repeat(64) },
          { type: 'hostname', to_ids: true, value: 'no host at all' },
        ],
        Object: [{ name: 'url', Attribute: [{ type: 'hostname', to_ids: true, value: 'www.evil.example' }] }],
      },
    },
  ],
}
const STIX = {
  type: 'bundle',
  id: 'bundle--1',
  objects: [
    { type: 'identity', id: 'identity--1', name: 'CERT', modified: '2026-01-01T00:00:00.000Z' },
    {
      type: 'indicator',
      id: 'indicator--1',
      created_by_ref: 'identity--1',
      modified: '2026-03-01T00:00:00.000Z',
      pattern_type: 'stix',
      indicator_types: ['malicious-activity'],
      pattern:
        "[url:value = 'https://evil.example/it\\'s' OR domain-name:value IN ('a.example', 'b.example')]",
      valid_from: '2026-02-01T00:00:00Z',
      valid_until: '2026-06-01T00:00:00Z',
    },
    {
      type: 'indicator',
      id: 'indicator--2',
      pattern: "[file:hashes.MD5 = 'x']",
      modified: '2026-02-01T00:00:00Z',
    },
    {
      type: 'indicator',
      id: 'indicator--3',
      pattern: "[url:value = 'https://a.example/' AND url:value = 'https://b.example/']",
    },
    {
      type: 'indicator',
      id: 'indicator--4',
      revoked: true,
      pattern: "[domain-name:value = 'revoked.example']",
    },
    {
      type: 'indicator',
      id: 'indicator--5',
      labels: ['benign'],
      pattern: "[ipv4-addr:value = '203.0.113.7']",
    },
  ],
}

describe('feeds of addresses', () => {
  it('PhishTank CSV: checked pages are dangerous, unchecked ones highly suspicious', () => {
    const { format, units } = read(PHISHTANK)
    expect(format).toBe('phishtank-csv')
    expect(entries(units)).toEqual([
      'dangerous exact bank.evil.example/a,b?x=%221%22 phishing',
      'highly-suspicious exact maybe.example/ phishing',
      'rejected 4',
    ])
    expect(header(units)).toMatchObject({ createdAt: Date.UTC(2026, 2, 2, 8) * 1000 })
  })

  it('PhishTank JSON: the same', () => {
    const { format, units } = read(
      JSON.stringify([
        {
          phish_id: 1,
          url: 'https://bank.evil.example/',
          verified: 'yes',
          submission_time: '2026-03-01T08:00:00+00:00',
          target: 'Bank',
        },
      ]),
    )
    expect([format, ...entries(units)]).toEqual([
      'phishtank-json',
      'dangerous exact bank.evil.example/ phishing',
    ])
  })

  it('ThreatFox CSV: hosts with their port, names with all below, pages; hashes are no addresses', () => {
    const { format, units } = read(THREATFOX)
    expect(format).toBe('threatfox-csv')
    expect(entries(units)).toEqual([
      'dangerous host 203.0.113.9:8080 botnet_cc',
      'dangerous domain evil.example payload_delivery',
      'highly-suspicious exact evil.example/a.exe odd_type',
    ])
  })

  it('ThreatFox JSON: the export keyed by id, and the answer of the API', () => {
    const one = {
      ioc_value: 'evil.example',
      ioc_type: 'domain',
      threat_type: 'botnet_cc',
      first_seen_utc: '2026-03-02 08:00:00',
      tags: 'a,b',
    }
    expect(entries(read(JSON.stringify({ '7': [one] })).units)).toEqual([
      'dangerous domain evil.example botnet_cc',
    ])
    const { ioc_value: ioc, ...rest } = one
    expect(
      entries(read(JSON.stringify({ query_status: 'ok', data: [{ ...rest, ioc, tags: ['a'] }] })).units),
    ).toEqual(['dangerous domain evil.example botnet_cc'])
  })

  it('URLhaus JSON: keyed by id', () => {
    const text = JSON.stringify({
      '9': [
        {
          dateadded: '2026-03-02 08:00:00',
          url: 'http://evil.example/a',
          url_status: 'online',
          threat: 'malware_download',
          tags: ['exe'],
          urlhaus_link: 'https://urlhaus.example/9',
        },
      ],
    })
    const { format, units } = read(text)
    expect([format, ...entries(units)]).toEqual([
      'urlhaus-json',
      'dangerous exact evil.example/a malware_download',
    ])
  })

  it('MISP: attributes marked for detection, also in objects; not deleted ones, not hashes', () => {
    const { format, units } = read(JSON.stringify(MISP))
    expect(format).toBe('misp-event')
    expect(entries(units)).toEqual([
      'highly-suspicious exact evil.example/x Network activity',
      'highly-suspicious domain bad.example',
      'highly-suspicious host 203.0.113.5:8443',
      'rejected 7',
      'highly-suspicious host www.evil.example',
    ])
    const headers = units.filter((unit) => unit.kind === 'header')
    expect(headers).toContainEqual({ kind: 'header', name: 'Campaign' })
    expect(headers).toContainEqual({ kind: 'header', source: 'CERT' })
    expect(headers).toContainEqual({ kind: 'header', createdAt: 1_772_323_200_000_000 })
  })

  it('MISP: a file of several events is named after the file and as new as the newest event', () => {
    const [first] = MISP.response
    const older = { Event: { ...first?.Event, info: 'Older', timestamp: '1772236800' } }
    const headers = read(JSON.stringify({ response: [first, older] })).units.filter(
      (unit) => unit.kind === 'header',
    )
    expect(headers.some((unit) => unit.name !== undefined)).toBe(false)
    expect(headers.at(-1)).toMatchObject({ createdAt: 1_772_323_200_000_000 })
  })

  it('STIX: reports of one publisher share names, so a bundle is named after its file', () => {
    const report = { type: 'report', id: 'report--1', name: 'Campaign Report' }
    const { units } = read(JSON.stringify({ ...STIX, objects: [report, ...STIX.objects] }))
    expect(units.some((unit) => unit.kind === 'header' && unit.name !== undefined)).toBe(false)
  })

  it('STIX: addresses joined by OR; patterns that ask for more are rejected, not guessed', () => {
    const { format, units } = read(JSON.stringify(STIX))
    expect(format).toBe('stix-bundle')
    expect(entries(units)).toEqual([
      "dangerous exact evil.example/it's malicious-activity",
      'dangerous domain a.example malicious-activity',
      'dangerous domain b.example malicious-activity',
      'rejected 4',
      'safe host 203.0.113.7 benign',
    ])
    expect(units.find((unit) => unit.kind === 'entry')).toMatchObject({
      note: 'CERT',
      expiresAt: Date.UTC(2026, 5, 1) * 1000,
    })
  })

  it('use the levels the analyst gave for the words of the feed, or his one level for all (W7-W11)', () => {
    const changed = read(THREATFOX, { level: null, levels: { botnet_cc: 'suspicious', '*': 'untested' } })
    expect(entries(changed.units).map((text) => text.split(' ')[0])).toEqual([
      'suspicious',
      'dangerous',
      'untested',
    ])
    const all = read(THREATFOX, { level: 'safe', levels: { botnet_cc: 'suspicious' } })
    expect(new Set(entries(all.units).map((text) => text.split(' ')[0]))).toEqual(new Set(['safe']))
  })

  it('ad-block style: what the list spares is no danger, whatever level the list is given', () => {
    const LIST = '[Adblock Plus 2.0]\n! Title: X\n||evil.example^\n@@||good.evil.example^$document\n/regex/\n'
    expect(read(LIST).format).toBe('plain-list')
    expect(entries(read(LIST).units)).toEqual([
      'dangerous domain evil.example',
      'safe domain good.evil.example',
      'rejected 5',
    ])
    expect(entries(read(LIST, { level: 'suspicious', levels: {} }).units).slice(0, 2)).toEqual([
      'suspicious domain evil.example',
      'safe domain good.evil.example',
    ])
    expect(entries(read(LIST, { level: null, levels: { '@@': 'untested' } }).units)[1]).toBe(
      'untested domain good.evil.example',
    )
  })

  it('are not taken for each other', () => {
    for (const text of [PHISHTANK, THREATFOX, JSON.stringify(MISP), JSON.stringify(STIX)])
      expect(packReaders.filter((reader) => reader.detect(text) > 0.6)).toHaveLength(1)
  })
})

describe('a STIX pattern', () => {
  it.each([
    ["[url:value != 'https://a.example/']"],
    ["[NOT url:value = 'x']"],
    ["[url:value LIKE '%evil%']"],
    ["[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']"],
    ["[domain-name:value = 'a.example'] WITHIN 5 SECONDS"],
    ["[domain-name:value NOT = 'a.example']"],
    ["[domain-name:value = 'a.example' OR file:name = 'x.exe']"],
    ['nonsense'],
    [''],
  ])('is not evaluated when it asks for more than one of some addresses: %s', (pattern) => {
    expect(stixAddresses(pattern)).toBeUndefined()
  })
})

describe('answers of the URLhaus API', () => {
  const answer = (more: object) => JSON.stringify({ query_status: 'ok', ...more })
  const row = {
    id: '1',
    urlhaus_reference: 'https://urlhaus.test/url/1/',
    url: 'http://evil.example/a.exe',
    url_status: 'online',
    host: 'evil.example',
    date_added: '2026-03-01 08:00:00 UTC',
    threat: 'malware_download',
    tags: ['elf', 'mozi'],
  }

  it('are read whether they list URLs or are about one', () => {
    for (const text of [answer({ urls: [row] }), answer(row)]) {
      const { format, units } = read(text)
      expect(format).toBe('urlhaus-api')
      expect(entries(units)).toEqual(['dangerous exact evil.example/a.exe malware_download'])
      expect(units.find((unit) => unit.kind === 'entry')).toMatchObject({
        firstSeenAt: Date.UTC(2026, 2, 1, 8) * 1000,
        note: 'elf, mozi',
      })
      expect(header(units)).toMatchObject({ createdAt: Date.UTC(2026, 2, 1, 8) * 1000 })
    }
  })

  it('count what is no address, and take no other answer for theirs', () => {
    expect(entries(read(answer({ urls: [{ ...row, url: 'nonsense' }, row] })).units)).toEqual([
      'rejected 1',
      'dangerous exact evil.example/a.exe malware_download',
    ])
    expect(detectPackReader(JSON.stringify({ query_status: 'no_results' }))?.id).not.toBe('urlhaus-api')
  })
})
