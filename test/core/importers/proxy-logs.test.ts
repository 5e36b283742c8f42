import { describe, expect, it } from 'vitest'
import type { Importer } from '../../../core/importers/importer.ts'
import proxyFeed from '../../../core/importers/proxy-feed.importer.ts'
import squid from '../../../core/importers/squid.importer.ts'
import w3c from '../../../core/importers/w3c-proxy.importer.ts'
import zeek from '../../../core/importers/zeek.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { codesOf, detectInput, fixture, messagesOf, readUnits, recordsOf } from './read-part.ts'

const eventsOf = async (
  importer: Importer,
  content: string | Uint8Array,
  zone?: string,
): Promise<EventItem[]> =>
  recordsOf(await readUnits(importer, content, undefined, zone)).flatMap((record) =>
    record.items.filter((item) => item.type === 'event'),
  )
const one = async (importer: Importer, content: string, zone?: string) =>
  (await eventsOf(importer, content, zone))[0]

describe('squid importer', () => {
  it('takes host and port of a tunnel, and no URL', async () => {
    const line =
      '1772438401.004 5 192.0.2.10 TCP_TUNNEL/200 9 CONNECT login.example:8443 - HIER_DIRECT/203.0.113.81 -\n'
    expect((await one(squid, line))?.fields).toMatchObject({
      httpMethod: 'CONNECT',
      destinationHost: 'login.example',
      destinationPort: 8443,
      destinationIp: '203.0.113.81',
    })
    expect((await one(squid, line))?.fields.url).toBeUndefined()
  })

  it('does not take a parent proxy for the destination', async () => {
    const line =
      '1772438401.004 5 192.0.2.10 TCP_MISS/200 9 GET http://a.example/ - FIRSTUP_PARENT/192.0.2.1 -\n'
    expect((await one(squid, line))?.fields.destinationIp).toBeUndefined()
  })

  it('is quick about a line of a hundred thousand letters that almost fits', async () => {
    const started = performance.now()
    await readUnits(squid, `1772438401.004 5 192.0.2.10 ${'A_'.repeat(50_000)} 9\n${'a "'.repeat(50_000)}\n`)
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('leaves web server logs alone', () => {
    const apache = '192.0.2.1 - - [02/Mar/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n'
    expect(squid.detect(detectInput(apache))).toBe(0)
  })
})

describe('w3c-proxy importer', () => {
  const log = (fields: string, ...lines: string[]) =>
    `#Version: 1.0\n#Fields: ${fields}\n${lines.join('\n')}\n`

  it('assembles the URL from its parts', async () => {
    const parts = 'date time c-ip cs-uri-scheme cs-host cs-uri-port cs-uri-path cs-uri-query'
    const urls = await Promise.all(
      [
        'http a.example 80 /x ?q=1',
        'https a.example 8443 /x q=1',
        'http 2001:db8::7 - - -',
        'https a.example:444 443 x -',
      ].map(
        async (line) => (await one(w3c, log(parts, `2026-03-02 08:00:00 192.0.2.1 ${line}`)))?.fields.url,
      ),
    )
    expect(urls).toEqual([
      'http://a.example/x?q=1',
      'https://a.example:8443/x?q=1',
      'http://[2001:db8::7]/',
      'https://a.example:444/x',
    ])
  })

  it('reads UTC whatever the zone of the import, and local time only where the log says so', async () => {
    const utc = await one(w3c, log('date time c-ip', '2026-03-02 08:00:00 192.0.2.1'), 'Asia/Taipei')
    const local = await one(
      w3c,
      `#Time Format: Local\n${log('date time action src-ip dst-ip', '2026-03-02 16:00:00 DROP 192.0.2.1 192.0.2.2')}`,
      'Asia/Taipei',
    )
    expect([utc?.at, utc?.zoneAssumed]).toEqual([Date.UTC(2026, 2, 2, 8) * 1000, undefined])
    expect([local?.at, local?.zoneAssumed]).toEqual([Date.UTC(2026, 2, 2, 8) * 1000, true])
  })

  it('changes columns in the middle of a file, and shows each heading', async () => {
    const text =
      log('date time c-ip', '2026-03-02 08:00:00 192.0.2.1') +
      log('c-ip time date', '192.0.2.2 08:00:01 2026-03-02')
    const units = await readUnits(w3c, text)
    expect(units.map((unit) => unit.kind)).toEqual(['heading', 'record', 'heading', 'record'])
    expect((await eventsOf(w3c, text)).map(({ fields }) => fields.sourceIp)).toEqual([
      '192.0.2.1',
      '192.0.2.2',
    ])
  })

  it('reads UTF-16 and byte order marks', async () => {
    const text = log('date time c-ip', '2026-03-02 08:00:00 192.0.2.1')
    for (const bytes of [Buffer.from(`\ufeff${text}`, 'utf16le'), Buffer.from(`\ufeff${text}`)])
      expect((await eventsOf(w3c, bytes))[0]?.fields.sourceIp).toBe('192.0.2.1')
  })

  it('leaves tracking logs and Zeek logs to their importers', () => {
    expect(w3c.detect(detectInput(fixture('message-trace/good-tracking.log')))).toBe(0)
    expect(w3c.detect(detectInput(fixture('zeek/good-conn.log')))).toBe(0)
  })
})

describe('zeek importer', () => {
  it('reads a mail as a message, accepted or rejected by the answer of the server', async () => {
    expect(
      messagesOf(await readUnits(zeek, fixture('zeek/good-all.log'))).map(
        ({ recordedAction, deliveredAt }) => [recordedAction, deliveredAt !== null],
      ),
    ).toEqual([
      ['accepted', true],
      ['rejected', false],
    ])
  })

  it('has the same key for an entry in tab-separated and in JSON form', async () => {
    const tsv = '#fields\tts\tuid\tid.orig_h\tconn_state\n1772438401.500000\tCJ1\t192.0.2.10\tSF\n'
    const head = '#separator \\x09\n#path\tconn\n'
    const json =
      '{"_path":"conn","ts":"2026-03-02T08:00:01.500000Z","uid":"CJ1","id.orig_h":"192.0.2.10","conn_state":"SF"}'
    const keys = [
      recordsOf(await readUnits(zeek, head + tsv))[0]?.key,
      recordsOf(await readUnits(zeek, json))[0]?.key,
    ]
    expect(keys[0]).toBeDefined()
    expect(keys[1]).toBe(keys[0])
  })

  it('tells the log of a JSON entry by its fields', async () => {
    const kinds = (await eventsOf(zeek, fixture('zeek/good.jsonl'))).map(({ kind }) => kind)
    expect(kinds).toEqual(['network-connection', 'dns-query', 'http-request', 'tls-connection', 'generic'])
  })

  it('puts bare answers first, where rules look for addresses', async () => {
    const [query] = (await eventsOf(zeek, fixture('zeek/good-concatenated.log'))).filter(
      ({ kind }) => kind === 'dns-query',
    )
    expect(query?.fields.detail).toMatch(/^edge\.login\.example; 203\.0\.113\.81; /)
  })
})

describe('proxy-feed importer', () => {
  it('makes a detection beside the request when a threat is named', async () => {
    expect((await eventsOf(proxyFeed, fixture('proxy-feed/good-pairs.tsv'))).map(({ kind }) => kind)).toEqual(
      ['http-request', 'http-request', 'malware-detected'],
    )
  })

  it('knows the same record in JSON and in pairs', async () => {
    const json = recordsOf(await readUnits(proxyFeed, fixture('proxy-feed/good-feed.jsonl')))
    const pairs = recordsOf(await readUnits(proxyFeed, fixture('proxy-feed/good-pairs.tsv')))
    expect(json.slice(0, 2).map(({ key }) => key)).toEqual(pairs.map(({ key }) => key))
    expect(json[0]?.key).toContain('7012345678901234567')
  })

  it('assumes the zone of the import except for epochs', async () => {
    const events = await eventsOf(proxyFeed, fixture('proxy-feed/good-feed.jsonl'), 'Asia/Taipei')
    expect([events[0]?.at, events[0]?.zoneAssumed]).toEqual([Date.UTC(2026, 2, 2, 0, 0, 1) * 1000, true])
    expect(events.find(({ kind }) => kind === 'dns-query')?.zoneAssumed).toBeUndefined()
  })

  it('counts what is no record and goes on', async () => {
    expect(codesOf(await readUnits(proxyFeed, fixture('proxy-feed/hostile.jsonl')))).toEqual(
      expect.arrayContaining(['proxy-feed.time', 'proxy-feed.not_an_entry', 'proxy-feed.syntax']),
    )
  })

  it('does not claim other tables and JSON', () => {
    for (const text of ['time,url,action\na,b,c\n', '{"url":"x","time":1}', 'a=1\tb=2\tc=3\td=4\n'])
      expect(proxyFeed.detect(detectInput(text)), text).toBe(0)
  })
})
