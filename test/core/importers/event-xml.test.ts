import { describe, expect, it } from 'vitest'
import { writeEvtx, type WindowsEventSpec } from '../../../core/demo/evtx-writer.ts'
import { type EvtxUnit, readEvtx } from '../../../core/importers/evtx/read-evtx.ts'
import { parseEventXml, readEventXml } from '../../../core/importers/windows/event-xml.ts'
import { eventKey } from '../../../core/importers/windows/windows-event.ts'
import { parseXmlTree, unescapeXml } from '../../../core/importers/windows/xml-tree.ts'
import { partOf } from '../../support/parse.ts'

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event'
const system = (more = ''): string =>
  `<System><Provider Name='Example' Guid='{x}'/><EventID Qualifiers='0'>4624</EventID><Version>2</Version>` +
  `<TimeCreated SystemTime='2031-05-06T07:08:09.1234567Z'/><EventRecordID>77</EventRecordID>` +
  `<Execution ProcessID='700' ThreadID='812'/><Channel>Security</Channel><Computer>ws01</Computer>` +
  `<Security UserID='S-1-5-18'/>${more}</System>`
const eventXml = (body: string): string => `<Event xmlns='${NAMESPACE}'>${system()}${body}</Event>`
const dataOf = (body: string): [string, string][] => [...(parseEventXml(eventXml(body))?.data ?? [])]

describe('XML of one Windows event', () => {
  it('reads System and named data', () => {
    const event = parseEventXml(eventXml(`<EventData><Data Name='TargetUserName'>a&amp;b</Data></EventData>`))
    expect({ ...event, data: [...(event?.data ?? [])] }).toEqual({
      provider: 'Example',
      eventId: 4624,
      version: 2,
      channel: 'Security',
      computer: 'ws01',
      timeUs: Date.UTC(2031, 4, 6, 7, 8, 9) * 1000 + 123_456,
      zoneAssumed: false,
      recordId: '77',
      userSid: 'S-1-5-18',
      executionPid: 700,
      isAuditFailure: false,
      data: [['TargetUserName', 'a&b']],
    })
  })

  it('numbers unnamed data, suffixes repeated names and keeps empty values', () => {
    expect(
      dataOf(
        '<EventData><Data>a</Data><Data Name="N">1</Data><Data/><Data Name="N">2</Data><Binary>0A</Binary></EventData>',
      ),
    ).toEqual([
      ['param1', 'a'],
      ['N', '1'],
      ['param2', ''],
      ['N_2', '2'],
      ['Binary', '0A'],
    ])
  })

  it('reads UserData and processing errors with their attributes', () => {
    expect(
      dataOf(
        '<UserData><p:Cleared xmlns:p="urn:x" Reason="r"><p:Who><p:Name>n</p:Name></p:Who></p:Cleared></UserData>',
      ),
    ).toEqual([
      ['Reason', 'r'],
      ['Name', 'n'],
    ])
    expect(
      dataOf(
        '<ProcessingErrorData><ErrorCode>15005</ErrorCode><EventPayload>00FF</EventPayload></ProcessingErrorData>',
      ),
    ).toEqual([
      ['ErrorCode', '15005'],
      ['EventPayload', '00FF'],
    ])
  })

  it('lets the rendered message speak only where there are no data', () => {
    const rendering = '<RenderingInfo Culture="en-US"><Message>said &lt;so&gt;</Message></RenderingInfo>'
    expect(dataOf(rendering)).toEqual([['Message', 'said <so>']])
    expect(dataOf(`<EventData><Data Name="A">1</Data></EventData>${rendering}`)).toEqual([['A', '1']])
  })

  it('keeps control characters that XML forbids, raw or as references', () => {
    expect(dataOf('<EventData><Data Name="A">x\u0007&#x1b;&#0;y</Data></EventData>')).toEqual([
      ['A', 'x\u0007\u001b\u0000y'],
    ])
  })

  it('tells a text that breaks off and keeps what stands before', () => {
    const whole = eventXml('<EventData><Data Name="A">1</Data><Data Name="B">2</Data></EventData>')
    const cut = readEventXml(whole.slice(0, whole.indexOf('</Data></EventData>') - 1))
    expect([cut?.isWhole, [...(cut?.event.data ?? [])]]).toEqual([
      false,
      [
        ['A', '1'],
        ['B', ''],
      ],
    ])
    expect(readEventXml(whole)?.isWhole).toBe(true)
    const inValue = readEventXml(
      eventXml('<EventData><Data Name="A">half a val').slice(0, -'</Event>'.length),
    )
    expect([inValue?.isWhole, [...(inValue?.event.data ?? [])]]).toEqual([false, [['A', 'half a val']]])
    expect(parseEventXml(whole.slice(0, 60))).toBeUndefined()
  })

  it('is no event without System and id', () => {
    for (const text of [
      '',
      'Event',
      '<Event/>',
      '<Event><System/></Event>',
      '<Events></Events>',
      '<EventData><x/></EventData>',
    ])
      expect([text, parseEventXml(text)]).toEqual([text, undefined])
  })

  it('never defines entities: a bomb stays as it is written', () => {
    const bomb =
      '<!DOCTYPE e [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>' +
      eventXml('<EventData><Data Name="A">&b;&x;&unknown;</Data></EventData>')
    expect([...(parseEventXml(bomb)?.data ?? [])]).toEqual([['A', '&b;&x;&unknown;']])
  })

  it('has the names, values and identity of the same event read from EVTX', async () => {
    const spec: WindowsEventSpec = {
      provider: 'Example',
      eventId: 1,
      channel: 'Application',
      computer: 'WS01',
      timeUs: Date.UTC(2031, 4, 6, 7, 8, 9) * 1000 + 123_456,
      recordId: 5,
      data: [
        ['A', 'x <y> & "z"'],
        [null, 'p'],
      ],
    }
    const units: EvtxUnit[] = []
    for await (const batch of readEvtx(partOf('x', writeEvtx([spec])).open())) units.push(...batch)
    const [unit] = units
    const xml =
      `<Event xmlns="${NAMESPACE}"><System><Provider Name="Example"/><EventID>1</EventID><Version>0</Version>` +
      `<TimeCreated SystemTime="2031-05-06T07:08:09.1234560Z"/><EventRecordID>5</EventRecordID><Execution ProcessID="4" ThreadID="8"/>` +
      `<Channel>Application</Channel><Computer>WS01</Computer><Security/></System>` +
      `<EventData><Data Name="A">x &lt;y&gt; &amp; "z"</Data><Data>p</Data></EventData></Event>`
    const event = parseEventXml(xml)
    const other = unit?.kind === 'record' ? unit.event : undefined
    expect(event).toEqual(other && { ...other, data: new Map(other.data) })
    expect(event && eventKey(event)).toBe(unit?.kind === 'record' ? eventKey(unit.event) : '')
  })
})

describe('XML tree', () => {
  it('resolves the five entities and character references only', () => {
    expect(unescapeXml('&lt;&#65;&#x42;&amp;lt;&nbsp;&#x110000;&')).toBe('<AB&lt;&nbsp;&#x110000;&')
  })

  it('reads CDATA as text, skips comments and instructions, and gives up on no nonsense', () => {
    const { root, isWhole } = parseXmlTree(
      '<a><!-- <b> --><?p x?><![CDATA[<c>&amp;]]><d e = "1>2" f=\'"\'/></a>',
    )
    expect(isWhole).toBe(true)
    expect(root?.children[0]).toBe('<c>&amp;')
    const [, inner] = root?.children ?? []
    expect(typeof inner === 'object' && [...inner.attributes]).toEqual([
      ['e', '1>2'],
      ['f', '"'],
    ])
    for (const text of [
      '<',
      '<a',
      '<a><b></a>',
      '</a>',
      '<a b="',
      '<!-- ',
      '<a><![CDATA[',
      '<a>'.repeat(5_000),
      `<a>${'<b/>'.repeat(1_000_000)}</a>`,
    ])
      expect([text.slice(0, 20), parseXmlTree(text).isWhole]).toEqual([text.slice(0, 20), false])
  })
})
