import { createHash } from 'node:crypto'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'
import eml from '../../../core/importers/eml.importer.ts'
import { MAX_BODY_TEXT } from '../../../core/importers/mail/content-reading.ts'
import { MAX_MESSAGE_URLS } from '../../../core/importers/mail/links.ts'
import { MAX_MESSAGE_RAW } from '../../../core/importers/mail/message-item.ts'
import { codesOf, detectInput, fixture, messagesOf, readMessage, readUnits, recordsOf } from './read-part.ts'

const parcel = fixture('eml/good-parcel.eml')

describe('eml importer', () => {
  it('is not fooled by a control character in a header', () => {
    const hidden = Buffer.from(
      'From: a@out.example\r\nTo: b@corp.test\r\nSubject: x\u0001\u001b[2J\u0007\r\nMessage-ID: <1@out.example>\r\n\r\nhello\r\n',
    )
    expect(eml.detect(detectInput(hidden, 'a.eml'))).toBeGreaterThan(0.7)
  })

  it('reads addresses, times, origin and authentication', async () => {
    const message = await readMessage(eml, parcel)
    expect(message).toMatchObject({
      messageId: 'parcel-7@lieferung.example',
      subject: '配達のお知らせ 7',
      from: { address: 'service@lieferung.example', name: 'Paket Dienst ✉' },
      replyTo: [{ address: 'reply@lieferung.example' }],
      returnPath: 'bounce@lieferung.example',
      mailbox: 'alice@corp.test',
      sentAt: Date.parse('2026-03-02T08:15:00Z') * 1000,
      deliveredAt: Date.parse('2026-03-02T08:15:31Z') * 1000,
      sourceIp: '203.0.113.25',
      sourceDomain: 'lieferung.example',
      authentication: { spf: 'softfail', dkim: 'pass', dmarc: 'fail' },
      inReplyTo: 'old-1@corp.test',
      references: ['old-0@corp.test', 'old-1@corp.test'],
    })
    expect(message.recipients.map(({ address, role }) => `${role} ${address}`)).toEqual([
      'to alice@corp.test',
      'to bob@corp.test',
      'cc carol@corp.test',
      'cc dave@corp.test',
    ])
  })

  it('keeps every header in order, repeated ones too', async () => {
    const { headers } = await readMessage(eml, parcel)
    expect(headers.map((header) => header.name).slice(0, 4)).toEqual([
      'Delivered-To',
      'Return-Path',
      'Received',
      'Received',
    ])
    expect(headers[3]?.value).toContain('[203.0.113.25]) by gw.corp.test')
  })

  it('undoes link rewriting and keeps both forms, with the text the reader saw', async () => {
    const { urls } = await readMessage(eml, parcel)
    expect(urls[0]).toEqual({
      url: 'https://lieferung.example/track?id=7#alice@corp.test',
      rewritten:
        'https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Flieferung.example%2Ftrack%3Fid%3D7%23alice%40corp.test&data=05',
      where: 'body',
      text: 'Track your parcel',
    })
  })

  it('finds links of images, forms, styles, scripts and HTML attachments', async () => {
    const { urls } = await readMessage(eml, parcel)
    expect(urls.map((url) => `${url.where}${url.attachment ?? ''} ${url.url}`)).toEqual(
      expect.arrayContaining([
        'body http://img.lieferung.example/pixel.gif',
        'body https://lieferung.example/login',
        'body https://img.lieferung.example/bg.png',
        'attachment0 https://lieferung.example/kit',
      ]),
    )
  })

  it('hashes the decoded bytes of attachments and decodes their names', async () => {
    const { attachments } = await readMessage(eml, parcel)
    const bytes = Uint8Array.from({ length: 200 }, (_, index) => index)
    expect(attachments.map((attachment) => attachment.name)).toEqual(['Rechnung März.html', 'parcel.iso'])
    expect(attachments[1]).toEqual({
      name: 'parcel.iso',
      contentType: 'application/octet-stream',
      bytes: 200,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sha1: createHash('sha1').update(bytes).digest('hex'),
      md5: createHash('md5').update(bytes).digest('hex'),
    })
  })

  it('opens attached messages: their attachments and links belong to the mail', async () => {
    const message = await readMessage(eml, fixture('eml/good-forward.eml'))
    expect(message.attachments.map((attachment) => attachment.name)).toEqual(['inner.eml', 'in.zip'])
    expect(message.urls).toEqual([{ url: 'https://inner.example/a', where: 'attachment', attachment: 0 }])
    expect(message.bodyText).toBe('please check')
  })

  it('loses no character of 8-bit headers and bodies', async () => {
    const message = await readMessage(eml, fixture('eml/good-big5.eml'))
    expect(message.subject).toBe('帳戶通知')
    expect(message.bodyText).toBe('您好，請確認帳戶：https://bank.example/login 。謝謝')
    expect(message.urls).toEqual([{ url: 'https://bank.example/login', where: 'body' }])
  })

  it.each([
    ['windows-1252 without a charset', Buffer.from('From: a@b.c\n\nGr\xfc\xdfe', 'latin1'), 'Grüße'],
    [
      'an unknown charset',
      Buffer.from('From: a@b.c\nContent-Type: text/plain; charset=x-none\n\nGr\xfc\xdfe', 'latin1'),
      'Grüße',
    ],
    [
      'UTF-8 declared as ASCII',
      Buffer.from('From: a@b.c\nContent-Type: text/plain; charset=us-ascii\n\nGrüße'),
      'Grüße',
    ],
    [
      'cp437',
      Buffer.from('From: a@b.c\nContent-Type: text/plain; charset=cp437\n\nGr\x81\xe1e', 'latin1'),
      'Grüße',
    ],
  ])('reads %s', async (_, bytes, text) => {
    expect((await readMessage(eml, bytes)).bodyText).toBe(text)
  })

  it.each([
    ['big5', '發票通知', '點此查看'],
    ['shift_jis', '請求書の件', 'こちらをご覧ください'],
  ])('reads subject and text in %s that nothing declares', async (page, subject, text) => {
    const mail = `From: a@b.c\nSubject: ${subject}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n
--x\nContent-Type: text/plain\n\n${text}\n--x--\n`
    const message = await readMessage(eml, iconv.encode(mail, page))
    expect(message).toMatchObject({ subject, bodyText: text })
  })

  it('shows the header and the text as raw, and a mark with size and hash for attachments', async () => {
    const [record] = recordsOf(await readUnits(eml, parcel))
    expect(record?.locator).toBe(`message 1, bytes 0-${parcel.length - 1}`)
    expect(record?.raw).toMatch(/^Delivered-To: alice@corp\.test\n/)
    expect(record?.raw).toContain('[application/octet-stream "parcel.iso" 200 bytes sha256:')
    expect(record?.raw).not.toContain('AAECAwQF')
  })

  it('has the same key for the same copy, and another for the copy of another mailbox', async () => {
    const keyOf = async (bytes: string | Uint8Array): Promise<string | undefined> =>
      recordsOf(await readUnits(eml, bytes))[0]?.key
    const copy = parcel.toString('latin1')
    expect(await keyOf(copy)).toBe(await keyOf(parcel))
    expect(await keyOf(copy.replace('Delivered-To: alice', 'Delivered-To: bob'))).not.toBe(
      await keyOf(parcel),
    )
    const bare = 'From: a@b.c\nTo: d@e.f\nReceived: by x; Mon, 2 Mar 2026 08:15:31 +0000\n\n'
    expect(await keyOf(`${bare}one`)).not.toBe(await keyOf(`${bare}two`))
  })

  it('rejects what has no mail header, with its beginning as excerpt', async () => {
    const text = 'just some notes\nwithout any header: at all\n'
    expect(await readUnits(eml, text)).toEqual([
      { kind: 'issue', locator: 'message 1, bytes 0-42', code: 'eml.no_headers', excerpt: text, records: 1 },
    ])
  })

  it('marks a message that ends too early', async () => {
    const units = await readUnits(eml, fixture('eml/truncated-attachment.eml'))
    expect(codesOf(units)).toEqual(['eml.truncated'])
    expect(messagesOf(units)[0]?.attachments).toHaveLength(2)
  })

  it('reads the zone of the import into dates without one, and says so', async () => {
    const message = 'From: a@b.c\nDate: 2 Mar 2026 09:15:00\n\nx'
    expect((await readMessage(eml, message, 'Asia/Taipei')).sentAt).toBe(
      Date.parse('2026-03-02T01:15:00Z') * 1000,
    )
    expect(codesOf(await readUnits(eml, message))).toEqual(['eml.date_without_zone'])
  })

  it('never yields markup as text and follows no script, comment or data link', async () => {
    const message = await readMessage(eml, fixture('eml/hostile-html.eml'))
    expect(message.bodyText).not.toContain('<')
    expect(message.urls.map((url) => url.url).slice(0, 3)).toEqual([
      'https://evil.example/ab',
      'https://user:pw@evil.example/x',
      'https://outlook.example/',
    ])
    expect(message.headers.map((header) => header.name)).toContain('__proto__')
  })

  it('prefers the plain alternative but reads links of both', async () => {
    const message = await readMessage(
      eml,
      'From: a@b.c\nContent-Type: multipart/alternative; boundary=x\n\n--x\n\nplain https://p.example\n--x\nContent-Type: text/html\n\n<p>rich</p><a href="https://h.example">h</a>\n--x--\n',
    )
    expect(message.bodyText).toBe('plain https://p.example')
    expect(message.urls.map((url) => url.url)).toEqual(['https://p.example/', 'https://h.example/'])
  })

  it('keeps text, links and raw below their limits', async () => {
    const links = Array.from(
      { length: MAX_MESSAGE_URLS + 10 },
      (_, index) => `https://e${index}.example/`,
    ).join(' ')
    const units = await readUnits(eml, `From: a@b.c\n\n${links} ${'x'.repeat(300_000)}`)
    expect(codesOf(units)).toEqual(['eml.too_many_urls'])
    expect(messagesOf(units)[0]?.urls).toHaveLength(MAX_MESSAGE_URLS)
    expect(messagesOf(units)[0]?.bodyText).toHaveLength(MAX_BODY_TEXT)
    expect(recordsOf(units)[0]?.raw.length).toBeLessThan(MAX_MESSAGE_RAW + 10)
  })

  it.each([
    [
      'nested multiparts',
      'From: a@b.c\n' +
        Array.from(
          { length: 5000 },
          (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`,
        ).join(''),
    ],
    ['messages in messages', 'From: a@b.c\n' + 'Content-Type: message/rfc822\n\n'.repeat(5000)],
    [
      'parts without end',
      'From: a@b.c\nContent-Type: multipart/mixed; boundary=b\n\n' + '--b\n\nx\n'.repeat(50_000),
    ],
    ['headers without end', 'From: a@b.c\n' + 'X: y\n'.repeat(400_000)],
    ['recipients without end', `From: a@b.c\nTo: ${'a@b.c, '.repeat(200_000)}\n\n`],
    ['tags without end', 'From: a@b.c\nContent-Type: text/html\n\n' + '<a href="'.repeat(300_000)],
  ])('survives %s', async (_, text) => {
    const started = performance.now()
    const units = await readUnits(eml, text)
    expect(recordsOf(units)).toHaveLength(1)
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('recognises messages by their header, not by their name', () => {
    expect(eml.detect(detectInput(parcel, 'evidence.bin'))).toBeGreaterThanOrEqual(0.8)
    expect(eml.detect(detectInput('key: value\nother: thing\n\ntext'))).toBe(0)
    expect(
      eml.detect(
        detectInput(
          'title: A rule\nstatus: test\nreferences:\n  - https://x.example\ndate: 2026-01-01\nfrom: now\n',
        ),
      ),
    ).toBe(0)
    expect(eml.detect(detectInput('just prose in a file', 'mail.eml'))).toBeLessThan(0.3)
    expect(eml.detect(detectInput(Buffer.from([0, 1, 2, 3, 255, 254, 7, 8]), 'x.eml'))).toBe(0)
    expect(eml.detect(detectInput(fixture('mbox/good-folder.mbox')))).toBe(0)
  })
})
