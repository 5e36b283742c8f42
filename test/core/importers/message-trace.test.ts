import { describe, expect, it } from 'vitest'
import type { ParsedUnit } from '../../../core/importers/importer.ts'
import trace from '../../../core/importers/message-trace.importer.ts'
import { codesOf, detectInput, fixture, messagesOf, partOf, readUnits, recordsOf } from './read-part.ts'

const read = (name: string, zone?: string) =>
  readUnits(trace, fixture(`message-trace/${name}`), undefined, zone)
const CONTEXT = { zone: 'Asia/Taipei', dateOrder: null, mapping: null }

describe('message-trace importer', () => {
  it('gives every recipient a copy with what became of it', async () => {
    expect(
      messagesOf(await read('good-enhanced-utf16.csv')).map(
        ({ mailbox, deliveredAt, sentAt, recordedAction }) => [
          mailbox,
          deliveredAt !== null,
          sentAt !== null,
          recordedAction,
        ],
      ),
    ).toEqual([
      ['alice@corp.example', true, false, 'delivered'],
      [undefined, false, true, 'failed'],
      [undefined, false, true, 'sent'],
    ])
  })

  it('knows the same copy again in the summary, the cmdlet and Graph', async () => {
    const keys = await Promise.all(
      ['good-get-messagetrace.csv', 'good-get-messagetracev2.json', 'good-graph.json'].map(
        async (name) => recordsOf(await read(name))[0]?.key,
      ),
    )
    expect(new Set(keys).size).toBe(1)
  })

  it('reads times of the cmdlets as UTC and the Date of the admin centre in the zone of the import', async () => {
    const part = partOf(fixture('message-trace/good-get-messagetrace.csv'))
    const settled = await trace.settle?.(part, CONTEXT)
    const units: ParsedUnit[] = []
    for await (const batch of trace.parse(part, settled ?? CONTEXT)) units.push(...batch)
    const [cmdlet] = messagesOf(units)
    const [portal] = messagesOf(await read('good-eac-summary.csv', 'Asia/Taipei'))
    expect(cmdlet?.deliveredAt).toBe(Date.UTC(2026, 2, 2, 8, 0, 13) * 1000)
    expect(portal?.deliveredAt).toBe(Date.UTC(2026, 2, 2, 8, 0, 13) * 1000)
  })

  it('asks for the order of day and month only when no date proves it', async () => {
    const table = (date: string) =>
      `Received (UTC),SenderAddress,RecipientAddress,Status,MessageTraceId\n${date},a@b.example,c@b.example,Delivered,x1\n`
    const settle = (text: string) => trace.settle?.(partOf(text), CONTEXT)
    await expect(settle(table('13/03/2026 08:00:00'))).resolves.toMatchObject({ dateOrder: 'day-first' })
    await expect(settle(table('2026-03-02T08:00:00'))).resolves.toMatchObject({ dateOrder: null })
    await expect(settle(table('03/02/2026 08:00:00'))).rejects.toMatchObject({ code: 'evidence.date_order' })
    await expect(settle(fixture('message-trace/good-tracking.log').toString())).resolves.toBe(CONTEXT)
    await expect(settle(fixture('message-trace/good-graph.json').toString())).resolves.toBe(CONTEXT)
  })

  it('takes steps of the way as events and ends of the way as messages', async () => {
    const items = recordsOf(await read('good-extended.csv')).map((record) =>
      record.items.map((item) =>
        item.type === 'event' ? `${item.kind} ${item.fields.action ?? ''}` : item.type,
      ),
    )
    expect(items).toEqual([
      ['generic SMTP RECEIVE'],
      ['generic AGENT AGENTINFO', 'malware-detected '],
      ['message'],
      ['message'],
    ])
  })

  it('finds columns in any order and spelling, with columns nobody knows', async () => {
    const text =
      'extra;Status;RECIPIENT ADDRESS;sender_address;Message ID;Received;Network Message Id\r\nx;Delivered;B@c.example;a@b.example;<1@b>;2026-03-02T08:00:00;id9\r\n'
    expect(trace.detect(detectInput(text))).toBeGreaterThan(0.6)
    const [message] = messagesOf(await readUnits(trace, text))
    expect(message).toMatchObject({ messageId: '1@b', uniqueId: 'id9', mailbox: 'b@c.example' })
  })

  it('is not fooled by tables without the columns of a trace', () => {
    for (const header of [
      'Timestamp,NetworkMessageId,InternetMessageId,SenderFromAddress,RecipientEmailAddress,Subject',
      'Start date,End date,Sender,Message size,Message ID,Subject,Direction,Recipient address,Event status',
      'date,name,value',
    ])
      expect(trace.detect(detectInput(`${header}\n${header.replace(/[^,]+/g, 'x')}\n`)), header).toBe(0)
  })

  it('reads a whole file however it is cut', async () => {
    for (const name of ['good-get-messagetracev2.json', 'good-tracking.log', 'good-enhanced-utf16.csv']) {
      const bytes = fixture(`message-trace/${name}`)
      expect(await readUnits(trace, bytes, 7)).toEqual(await readUnits(trace, bytes))
    }
  })

  it('counts what is no record and goes on', async () => {
    expect(codesOf(await read('hostile.json'))).toEqual([
      'message-trace.not_object',
      'message-trace.not_object',
      'message-trace.not_a_trace',
      'message-trace.time',
      'message-trace.duplicate_key',
      'message-trace.syntax',
      'message-trace.time',
    ])
  })
})
