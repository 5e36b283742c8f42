import { describe, expect, it } from 'vitest'
import evtx from '../../../core/importers/evtx.importer.ts'
import importer from '../../../core/importers/windows-xml.importer.ts'
import type { WindowsEventSpec } from '../../../core/demo/evtx-writer.ts'
import { eventToXml } from '../../support/event-to-xml.ts'
import { detectInputOf, fixture, parseAll, partOf } from '../../support/parse.ts'
import { codesOf, issuesOf, recordsOf } from './read-part.ts'
import { MAX_EVENT_BYTES } from '../../../core/importers/windows/xml-split.ts'

const anEvent = (recordId: number, more: Partial<WindowsEventSpec> = {}): WindowsEventSpec => ({
  provider: 'Example',
  eventId: 1,
  channel: 'Application',
  computer: 'WS01',
  timeUs: Date.UTC(2031, 4, 6, 7, 8, 9) * 1000 + recordId,
  recordId,
  data: [['Name', `value ${recordId}`]],
  ...more,
})
const xml = (...ids: number[]): string => ids.map((id) => eventToXml(anEvent(id))).join('')
const read = (content: string | Buffer, pieceBytes?: number) =>
  parseAll(importer, partOf('x.xml', Buffer.from(content), pieceBytes))
const keysOf = async (content: string | Buffer, pieceBytes?: number): Promise<(string | undefined)[]> =>
  recordsOf(await read(content, pieceBytes)).map((record) => record.key?.split('|')[3])
const detect = (content: string | Buffer): number => importer.detect(detectInputOf('x', Buffer.from(content)))

describe('windows-xml', () => {
  it('makes the same of every event as of its EVTX twin, and gives it the same identity', async () => {
    const fromEvtx = recordsOf(await parseAll(evtx, partOf('x', fixture('evtx/good-every-event.evtx'))))
    const fromXml = recordsOf(await read(fixture('windows-xml/good-wevtutil.xml')))
    expect(fromXml.map(({ key, items }) => ({ key, items }))).toEqual(
      fromEvtx.map(({ key, items }) => ({ key, items })),
    )
  })

  it.each([
    ['several roots without a wrapper', xml(1, 2, 3)],
    ['roots on lines of their own', [1, 2, 3].map((id) => xml(id)).join('\r\n') + '\r\n'],
    [
      'a wrapper with a declaration',
      `<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n<Events>${xml(1, 2, 3)}</Events>`,
    ],
    ['a byte order mark', `\ufeff<Events>${xml(1, 2, 3)}</Events>`],
    ['UTF-16 with a byte order mark', Buffer.from(`\ufeff<Events>${xml(1, 2, 3)}</Events>`, 'utf16le')],
    ['UTF-16 without one', Buffer.from(xml(1, 2, 3), 'utf16le')],
    ['UTF-16 big endian', Buffer.from(`\ufeff${xml(1, 2, 3)}`, 'utf16le').swap16()],
  ])('reads %s', async (_name, content) => {
    expect(detect(content)).toBe(0.95)
    for (const pieceBytes of [65_536, 700, 7])
      expect(await keysOf(content, pieceBytes)).toEqual(['1', '2', '3'])
    expect(issuesOf(await read(content))).toEqual([])
  })

  it('keeps the XML of each event as its raw text and says which one it is', async () => {
    const [first, second] = recordsOf(await read(`<Events>\n${xml(1)}\n${xml(2)}\n</Events>`))
    expect([first?.locator, first?.raw]).toEqual(['event 1', xml(1)])
    expect([second?.locator, second?.raw]).toEqual(['event 2', xml(2)])
  })

  it('reads what an export that was cut off still says, and counts what it cannot', async () => {
    const whole = `<Events>${xml(1, 2)}`
    const cut = whole.slice(0, -'2</Data></EventData></Event>'.length)
    const units = await read(cut)
    expect(recordsOf(units).map((record) => [record.key === undefined, codesOf([record])])).toEqual([
      [false, []],
      [true, ['windows-xml.truncated']],
    ])
    expect(issuesOf(units)).toEqual([])
    const early = await read(whole.slice(0, whole.lastIndexOf('<EventID>')))
    expect([recordsOf(early).length, issuesOf(early).map((issue) => [issue.code, issue.records])]).toEqual([
      1,
      [['windows-xml.truncated', 1]],
    ])
    expect(issuesOf(await read(whole)).map((issue) => [issue.code, issue.excerpt, issue.records])).toEqual([
      ['windows-xml.truncated', '</Events>', 0],
    ])
  })

  it('loses one event to a missing end tag, not the rest of the file', async () => {
    const content = xml(1) + xml(2).replace('</EventData></Event>', '') + xml(3)
    const units = await read(content)
    expect(recordsOf(units).map((record) => codesOf([record]))).toEqual([[], ['windows-xml.truncated'], []])
  })

  it('understands elements named Event inside an event, CDATA and comments', async () => {
    const inner = eventToXml(anEvent(1)).replace(
      "<Data Name='Name'>value 1</Data>",
      "<Data Name='A'><![CDATA[</Event><Event>]]></Data><!-- </Event> --><Event>x</Event><Event/>",
    )
    const units = await read(inner + xml(2))
    expect(codesOf(units)).toEqual([])
    expect(recordsOf(units).map((record) => record.items[0])).toMatchObject([
      { fields: { detail: 'A: </Event><Event>; Event: x' } },
      { fields: { detail: 'Name: value 2' } },
    ])
  })

  it('refuses document types: a bomb stays small, nothing is fetched, the events are read', async () => {
    const bomb =
      '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>' +
      `<Events>${eventToXml(anEvent(1)).replace('value 1', '&b;&x;')}</Events>`
    const units = await read(bomb)
    expect(detect(bomb)).toBe(0.95)
    expect(codesOf(units)).toEqual(['windows-xml.doctype'])
    expect(recordsOf(units)[0]?.items[0]).toMatchObject({ fields: { detail: 'Name: &b;&x;' } })
  })

  it('remarks times that cannot be and never makes one up', async () => {
    const [record] = recordsOf(
      await read(xml(1).replace(/SystemTime='[^']*'/, "SystemTime='1601-01-01T00:00:00Z'")),
    )
    expect([
      record?.items[0]?.type === 'event' && record.items[0].at,
      codesOf(record ? [record] : []),
    ]).toEqual([null, ['windows-xml.time']])
  })

  it('reads other code pages where the declaration names them', async () => {
    const content = Buffer.concat([
      Buffer.from(
        `<?xml version="1.0" encoding="big5"?><Events>${eventToXml(anEvent(1)).replace(/ 1<.*/s, '')}`,
      ),
      Buffer.from([0xa4, 0x40]),
      Buffer.from('</Data></EventData></Event></Events>'),
    ])
    const [record] = recordsOf(await read(content))
    expect(record?.items[0]).toMatchObject({ fields: { detail: 'Name: value一' } })
    expect(record?.issues).toEqual([{ code: 'windows-xml.encoding', excerpt: 'big5' }])
  })

  it('reads Sysmon for Linux out of syslog and says that there is more on the lines', async () => {
    const lines = [1, 2].map(
      (id) => `May  6 07:08:0${id} ws01 sysmon: ${eventToXml(anEvent(id)).replace(/ xmlns='[^']*'/, '')}\n`,
    )
    const units = await read(lines.join(''))
    expect([detect(lines.join('')), recordsOf(units).length]).toEqual([0.7, 2])
    expect(issuesOf(units).map((issue) => [issue.code, issue.records, issue.excerpt])).toEqual([
      ['windows-xml.between', 0, '2 x May  6 07:08:01 ws01 sysmon:'],
    ])
  })

  it('gives up on an event without end, in bounded memory, and goes on behind it', async () => {
    const head = xml(1).replace('</Data></EventData></Event>', '')
    const content = Buffer.concat([
      Buffer.from(head),
      Buffer.alloc(MAX_EVENT_BYTES, 0x41),
      Buffer.from(`</Data></EventData></Event>${xml(2)}`),
    ])
    const units = await read(content)
    expect(issuesOf(units).map((issue) => [issue.locator, issue.code, issue.records])).toEqual([
      ['event 1', 'windows-xml.too_long', 1],
    ])
    expect(recordsOf(units).map((record) => record.locator)).toEqual(['event 2'])
    expect((await read(content, content.length)).length).toBe(units.length)
  })

  it('leaves other XML and text alone', () => {
    for (const content of [
      '<?xml version="1.0"?><Task><Event/></Task>',
      '<html><body>Event</body></html>',
      '{"_raw":"<Event xmlns=\'http://schemas.microsoft.com/win/2004/08/events/event\'><System><Provider Name=\'x\'/>"}',
      'Time,_raw\n1,"<Event><System><Provider Name=\'x\'/></System></Event>"',
      '<Events><Event Name="x"/></Events>',
    ])
      expect([content, detect(content)]).toEqual([content, 0])
  })
})
