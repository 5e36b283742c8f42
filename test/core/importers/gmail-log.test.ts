import { describe, expect, it } from 'vitest'
import gmailLog from '../../../core/importers/gmail-log.importer.ts'
import { codesOf, detectInput, fixture, messagesOf, partOf, readUnits, recordsOf } from './read-part.ts'

const read = (name: string) => readUnits(gmailLog, fixture(`gmail-log/${name}`))
const CONTEXT = { zone: 'Asia/Taipei', dateOrder: null, mapping: null }

describe('gmail-log importer', () => {
  it('gives every recipient of a delivery a copy', async () => {
    expect(
      messagesOf(await read('good-bigquery.jsonl')).map(({ mailbox, recordedAction }) => [
        mailbox,
        recordedAction,
      ]),
    ).toEqual([
      ['alice@corp.example', 'delivered'],
      ['bob@corp.example', 'delivered'],
      ['alice@corp.example', 'quarantined'],
      ['bob@corp.example', 'quarantined'],
      [undefined, 'bounced'],
      [undefined, 'bounced'],
      [undefined, 'sent'],
      [undefined, 'sent'],
    ])
  })

  it('reads a click with its link', async () => {
    const clicks = recordsOf(await read('good-bigquery.jsonl')).flatMap((record) =>
      record.items.filter((item) => item.type === 'event' && item.kind === 'url-click'),
    )
    expect(clicks).toMatchObject([
      { fields: { url: 'https://evil.example/login', messageId: 'm1@evil.example' } },
    ])
  })

  it('flattens nested parameters of the Reports API', async () => {
    const [message] = messagesOf(await read('good-reports.json'))
    expect(message).toMatchObject({
      messageId: 'm1@evil.example',
      from: { address: 'it@corp-example.test' },
      attachments: [{ name: 'invoice.zip', sha256: 'f'.repeat(64) }],
    })
  })

  it('tells kinds of activities apart', async () => {
    const kinds = recordsOf(await read('good-reports.json')).map((record) =>
      record.items.map((item) => (item.type === 'event' ? item.kind : item.type)).join(),
    )
    expect(kinds).toEqual([
      'cloud-sign-in',
      'cloud-sign-in',
      'alert',
      'password-change',
      'account-change',
      'mailbox-change',
      'cloud-activity',
      'cloud-activity',
      'account-create',
      'account-delete',
      'group-change',
      'mailbox-change',
      'alert',
      'message',
      'cloud-activity',
    ])
  })

  it('keeps an id of 19 digits exact', async () => {
    expect(recordsOf(await read('good-reports.json'))[0]?.key).toContain('-8999999999999999999')
  })

  it('reads console times in the zone of the import when they have none, and asks for their order', async () => {
    const table = (date: string) =>
      `Date,Message ID,Subject,From (Envelope),To (Envelope),Event\n${date},<1@a>,x,a@b.example,c@d.example,Receive\n`
    const settled = await gmailLog.settle?.(partOf(table('13/02/2026 08:00:00')), CONTEXT)
    expect(settled).toMatchObject({ dateOrder: 'day-first' })
    await expect(gmailLog.settle?.(partOf(table('03/02/2026 08:00:00')), CONTEXT)).rejects.toMatchObject({
      code: 'evidence.date_order',
    })
    const [message] = messagesOf(
      await readUnits(gmailLog, table('2026-03-02 16:00:00'), undefined, 'Asia/Taipei'),
    )
    expect(message?.deliveredAt).toBe(Date.UTC(2026, 2, 2, 8) * 1000)
  })

  it('does not claim other tables and JSON', () => {
    for (const text of [
      'Message ID,Subject,Date\na,b,c\n',
      '{"kind":"drive#file","id":"x"}',
      '{"items":[{"id":{"a":1}}]}',
      '{"event_info":{},"x":1}',
    ])
      expect(gmailLog.detect(detectInput(text)), text).toBe(0)
  })

  it('survives what nests, lies and is cut', async () => {
    expect(codesOf(await read('hostile.json'))).toEqual([
      'gmail-log.time',
      'gmail-log.time',
      'gmail-log.not_an_entry',
      'gmail-log.not_object',
      'gmail-log.truncated',
    ])
  })
})
