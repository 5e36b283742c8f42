import { describe, expect, it } from 'vitest'
import sweep from '../../../core/importers/mail-sweep.importer.ts'
import { codesOf, detectInput, fixture, issuesOf, messagesOf, readUnits, recordsOf } from './read-part.ts'

describe('mail-sweep importer', () => {
  it('reads a row as one copy of a message in one mailbox', async () => {
    const [message] = messagesOf(await readUnits(sweep, fixture('mail-sweep/good-page.json')))
    expect(message).toEqual({
      type: 'message',
      messageId: 'parcel-7@lieferung.example',
      uniqueId: 'AAMk-1',
      subject: 'Your parcel',
      from: { address: 'service@lieferung.example', name: 'Paket Dienst' },
      replyTo: [],
      recipients: [
        { address: 'alice@corp.test', role: 'to' },
        { address: 'bob@corp.test', role: 'cc' },
      ],
      mailbox: 'alice@corp.test',
      sentAt: Date.parse('2026-03-02T08:15:00Z') * 1000,
      deliveredAt: Date.parse('2026-03-02T08:15:31.123Z') * 1000,
      sourceIp: '203.0.113.25',
      sourceDomain: 'lieferung.example',
      headers: expect.arrayContaining([
        {
          name: 'Authentication-Results',
          value: 'mx; spf=pass smtp.mailfrom=lieferung.example; dkim=none; dmarc=fail',
        },
      ]) as unknown,
      authentication: { spf: 'pass', dkim: 'none', dmarc: 'fail' },
      urls: [
        {
          url: 'https://lieferung.example/track?id=7',
          rewritten:
            'https://cas5-0-urlprotect.trendmicro.com/wis/clicktime/v1/query?url=https%3A%2F%2Flieferung.example%2Ftrack%3Fid%3D7&umid=1',
          where: 'body',
        },
        { url: 'http://static.lieferung.example/a.css', where: 'body' },
      ],
      attachments: [{ name: 'parcel.iso', sha1: 'da39a3ee5e6b4b0d3255bfef95601890afd80709' }],
      references: [],
    })
  })

  it('takes empty strings for nothing, and the recorded action when there is one', async () => {
    const [, second, third] = messagesOf(await readUnits(sweep, fixture('mail-sweep/good-page.json')))
    expect(second?.recordedAction).toBe('quarantine')
    expect(third).toMatchObject({ messageId: null, mailbox: 'carol@corp.test', deliveredAt: null, urls: [] })
  })

  it.each([
    ['good-page.json', 3],
    ['good-pages-concatenated.json', 4],
    ['good-rows.jsonl', 4],
  ])('reads %s in any chunks', async (name, rows) => {
    const bytes = fixture(`mail-sweep/${name}`)
    const units = await readUnits(sweep, bytes)
    expect(recordsOf(units)).toHaveLength(rows)
    for (const size of [1, 5, 333]) expect(await readUnits(sweep, bytes, size)).toEqual(units)
  })

  it('reads pages in an outer array, pages one a line, and UTF-16', async () => {
    const page = fixture('mail-sweep/good-page.json').toString()
    const line = JSON.stringify(JSON.parse(page))
    expect(recordsOf(await readUnits(sweep, `[${page},${page}]`))).toHaveLength(6)
    expect(recordsOf(await readUnits(sweep, `${line}\n${line}\n`))).toHaveLength(6)
    expect(recordsOf(await readUnits(sweep, Buffer.from(`\ufeff${page}`, 'utf16le'), 3))).toHaveLength(3)
  })

  it('locates a row by number and bytes that read back', async () => {
    const bytes = fixture('mail-sweep/good-page.json')
    for (const record of recordsOf(await readUnits(sweep, bytes, 50))) {
      const [, start, end] = /^row \d+, bytes (\d+)-(\d+)$/.exec(record.locator) ?? []
      expect(bytes.subarray(Number(start), Number(end) + 1).toString()).toBe(record.raw)
    }
  })

  it('has one key for a row exported twice and different ones for mailboxes and actions', async () => {
    const page = fixture('mail-sweep/good-page.json').toString()
    const keys = recordsOf(await readUnits(sweep, page + page)).map((record) => record.key)
    expect(new Set(keys).size).toBe(3)
    const changed = recordsOf(await readUnits(sweep, page.replace('Quarantine', 'Delete'))).map(
      (record) => record.key,
    )
    expect(new Set([...keys, ...changed]).size).toBe(4)
  })

  it('loses one record to a cut page', async () => {
    const units = await readUnits(sweep, fixture('mail-sweep/truncated-page.json'))
    expect(recordsOf(units)).toHaveLength(1)
    expect(issuesOf(units).map(({ code, records }) => [code, records])).toEqual([['mail-sweep.truncated', 1]])
  })

  it('loses only the broken line of JSON lines and goes on', async () => {
    const units = await readUnits(sweep, fixture('mail-sweep/hostile-rows.jsonl'))
    expect(codesOf(units)).toEqual([
      'mail-sweep.syntax',
      'mail-sweep.syntax',
      'mail-sweep.not_a_message',
      'mail-sweep.syntax',
      'mail-sweep.date',
    ])
    expect(recordsOf(units)).toHaveLength(3)
    expect(messagesOf(units)[1]).toMatchObject({
      messageId: null,
      from: null,
      recipients: [],
      urls: [],
      headers: [],
    })
  })

  it('yields nothing for an answer without rows', async () => {
    expect(await readUnits(sweep, '{"current_link":"x","next_link":null,"value":[]}')).toEqual([])
  })

  it('recognises rows by their fields', () => {
    expect(sweep.detect(detectInput(fixture('mail-sweep/good-page.json'), 'x.txt'))).toBe(0.95)
    expect(sweep.detect(detectInput('{"current_link":"x","next_link":null,"value":[]}'))).toBeGreaterThan(0.5)
    expect(sweep.detect(detectInput('{"value":[{"id":1}]}'))).toBe(0)
    expect(sweep.detect(detectInput('mail_message_id,mailbox\n'))).toBe(0)
  })
})
