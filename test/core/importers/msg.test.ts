import { describe, expect, it } from 'vitest'
import msg from '../../../core/importers/msg.importer.ts'
import { isCfb } from '../../../core/importers/mail/mapi/cfb.ts'
import { inflateRtf } from '../../../core/importers/mail/mapi/lzfu.ts'
import { readRtf } from '../../../core/importers/mail/mapi/rtf.ts'
import { makeCfb } from '../../support/make-cfb.ts'
import { makeMsg, type PropertyList } from '../../support/make-msg.ts'
import {
  codesOf,
  detectInput,
  fixture,
  issuesOf,
  messagesOf,
  readMessage,
  readUnits,
  recordsOf,
} from './read-part.ts'

const note: PropertyList = { 0x001a: 'IPM.Note', 0x0037: 'Hello' }

describe('Outlook messages', () => {
  it('reads sender, recipients, times and ids from header and properties', async () => {
    expect(await readMessage(msg, fixture('msg/good-received.msg'))).toMatchObject({
      messageId: 'm77@example.net',
      uniqueId: '11111111-2222-3333-4444-555555555555',
      subject: 'Invoice 77',
      from: { address: 'billing@example.net', name: 'Accounts (alice@corp.example)' },
      replyTo: [{ address: 'refunds@example.org' }],
      recipients: [
        { address: 'bob@corp.example', name: 'Bob', role: 'to' },
        { address: 'carol@corp.example', name: 'Carol', role: 'bcc' },
      ],
      mailbox: 'bob@corp.example',
      sentAt: Date.UTC(2031, 4, 6, 7, 1, 0) * 1000,
      deliveredAt: Date.UTC(2031, 4, 6, 7, 1, 10) * 1000,
      authentication: { spf: 'pass', dkim: 'fail', dmarc: 'fail' },
    })
  })

  it('shares its identity with the same copy saved as .eml', async () => {
    const [record] = recordsOf(await readUnits(msg, fixture('msg/good-received.msg')))
    expect(record?.key).toBe(
      JSON.stringify(['mail', 'm77@example.net', 'bob@corp.example', Date.UTC(2031, 4, 6, 7, 1, 10) * 1000]),
    )
  })

  it('opens attached messages and hashes files, at any depth', async () => {
    const message = await readMessage(msg, fixture('msg/good-received.msg'))
    expect(message.attachments.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['invoice.htm', 53],
      ['Original offer.msg', undefined],
      ['inner.txt', 32],
    ])
    expect(message.urls.map(({ url, attachment }) => [url, attachment])).toEqual([
      ['https://pay.example/77', undefined],
      ['https://pay.example/77?v=html', undefined],
      ['https://kit.example/login', 0],
      ['https://inner.example/offer', 1],
      ['https://inner.example/file', 2],
      ['https://files.example/plan.docx', undefined],
    ])
  })

  it('gets the HTML back out of rich text, and keeps directory names as a remark', async () => {
    const units = await readUnits(msg, fixture('msg/good-exchange-sent.msg'))
    const [message] = messagesOf(units)
    expect(message?.bodyText).toBe('Café open')
    expect(message?.urls).toEqual([{ url: 'https://rtf.example/a?b=1', where: 'body', text: 'open' }])
    expect(message?.from).toBeNull()
    expect(codesOf(units)).toEqual(['msg.exchange_address'])
  })

  it('takes a sent copy as sent, not as delivered', async () => {
    const message = await readMessage(msg, fixture('msg/good-exchange-sent.msg'))
    expect([message.deliveredAt, message.mailbox, message.inReplyTo, message.references]).toEqual([
      null,
      undefined,
      'm77@example.net',
      ['m70@example.net', 'm77@example.net'],
    ])
  })

  it('keeps what is no mail as raw text', async () => {
    const [record] = recordsOf(await readUnits(msg, fixture('msg/good-contact.msg')))
    expect(record?.items).toEqual([])
    expect(record?.raw).toContain('[001a messageClass] IPM.Contact')
  })

  it('reads 8-bit texts in their code page', async () => {
    const stream = (id: string) => `__substg1.0_${id}001E`
    const table = Buffer.alloc(32 + 16)
    table.writeUInt16LE(3, 32)
    table.writeUInt16LE(0x3ffd, 34)
    table.writeUInt32LE(950, 40)
    const message = await readMessage(
      msg,
      makeCfb({
        '__properties_version1.0': table,
        [stream('0037')]: Buffer.from('a4a4a4e5', 'hex'),
        [stream('0C1F')]: Buffer.from('a@example.org'),
      }),
    )
    expect([message.subject, message.from]).toEqual(['中文', { address: 'a@example.org' }])
  })

  it('reads every size of stream, on either side of the mini stream limit', async () => {
    for (const size of [0, 1, 63, 64, 65, 4_095, 4_096, 4_097, 70_000]) {
      const bytes = Buffer.alloc(size, 'x')
      const message = await readMessage(
        msg,
        makeMsg({ properties: note, attachments: [{ properties: { 0x3707: 'a.bin', 0x3701: bytes } }] }),
      )
      expect([size, message.attachments[0]?.bytes]).toEqual([size, size])
    }
  })

  it('takes the text of signed mail from where Outlook keeps it', async () => {
    const signed =
      'Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\r\nsee https://e.example/\r\n--s--\r\n'
    const attachment = { 0x3707: 'smime.p7m', 0x370e: 'multipart/signed', 0x3701: Buffer.from(signed) }
    const message = await readMessage(
      msg,
      makeMsg({ properties: note, attachments: [{ properties: attachment }] }),
    )
    expect([message.bodyText, message.urls.map(({ url }) => url)]).toEqual([
      'see https://e.example/',
      ['https://e.example/'],
    ])
  })

  it('reads where replies go from the list of entries, else from the names', async () => {
    const entry = Buffer.concat([
      Buffer.from('00000000812b1fa4bea310199d6e00dd010f540200000180', 'hex'),
      Buffer.from('Refunds\0SMTP\0Refunds@example.org\0', 'utf16le'),
    ])
    const list = Buffer.alloc(12)
    list.writeUInt32LE(1, 0)
    list.writeUInt32LE(entry.length + 4, 4)
    list.writeUInt32LE(entry.length, 8)
    const replyTo = async (properties: PropertyList) =>
      (await readMessage(msg, makeMsg({ properties: { ...note, ...properties } }))).replyTo
    expect(await replyTo({ 0x004f: Buffer.concat([list, entry]), 0x0050: 'Refunds' })).toEqual([
      { address: 'refunds@example.org', name: 'Refunds' },
    ])
    expect(await replyTo({ 0x0050: 'a@example.org; b@example.org' })).toEqual([
      { address: 'a@example.org' },
      { address: 'b@example.org' },
    ])
    expect(await replyTo({ 0x004f: Buffer.alloc(40, 0xff) })).toEqual([])
  })

  it('says when parts are missing', async () => {
    const units = await readUnits(msg, fixture('msg/truncated-attachments.msg'))
    expect(codesOf(units)).toContain('msg.damaged')
    expect(recordsOf(units)).toHaveLength(1)
  })

  it('rejects a compound file that is no message', async () => {
    const units = await readUnits(msg, makeCfb({ WordDocument: Buffer.from('x') }))
    expect(issuesOf(units).map(({ code, records }) => [code, records])).toEqual([['msg.not_a_message', 1]])
  })

  it('is not caught by attachment storages that contain themselves', async () => {
    const bytes = makeMsg({
      properties: note,
      attachments: [{ properties: { 0x3705: 5 }, message: { properties: note } }],
    })
    // the message inside gets the children of the message itself, that one among them
    const root = bytes.indexOf(Buffer.from('Root Entry', 'utf16le'))
    const inner = bytes.indexOf(Buffer.from('__substg1.0_3701000D', 'utf16le'))
    bytes.writeUInt32LE(bytes.readUInt32LE(root + 76), inner + 76)
    const units = await readUnits(msg, bytes)
    expect(codesOf(units)).toContain('msg.nested_too_deep')
  })

  it('tells messages from other compound files', () => {
    expect(msg.detect(detectInput(fixture('msg/good-received.msg')))).toBeGreaterThan(0.9)
    expect(msg.detect(detectInput(makeCfb({ WordDocument: Buffer.alloc(9) }), 'a.doc'))).toBeLessThan(0.15)
    expect(isCfb(Buffer.from('From: a@example.org'))).toBe(false)
  })
})

describe('rich text', () => {
  it('unpacks the example of the specification', () => {
    // MS-OXRTFCP 3.1.2: a compressed stream with references into the dictionary
    const packed = Buffer.from(
      '2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0',
      'hex',
    )
    expect(inflateRtf(packed, 1_000)?.toString('latin1')).toBe(
      '{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n',
    )
  })

  it('repeats by a reference that overlaps itself', () => {
    // MS-OXRTFCP 3.1.2, second example
    const packed = Buffer.from('1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0', 'hex')
    expect(inflateRtf(packed, 1_000)?.toString('latin1')).toBe('{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}')
  })

  it('grows no further than its bytes can explain', () => {
    const packed = Buffer.alloc(20)
    packed.writeUInt32LE(0x7fffffff, 4)
    packed.writeUInt32LE(0x75465a4c, 8)
    expect(inflateRtf(packed, 1 << 30)?.length).toBeLessThan(200)
  })

  it('reads characters of several bytes, unicode escapes and fields', () => {
    const rtf =
      '{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f1\\fcharset134 SimSun;}}{\\f1 \\\'c4\\\'e3}\\u26085 ?{\\field{\\*\\fldinst HYPERLINK "https://e.example/"}{\\fldrslt go}}{\\*\\unknown hidden}\\par end}'
    expect(readRtf(Buffer.from(rtf))).toEqual({
      text: '你日go\nend',
      html: undefined,
      links: ['https://e.example/'],
    })
  })

  it('survives groups without end', () => {
    const started = performance.now()
    readRtf(Buffer.from('{'.repeat(2_000_000)))
    readRtf(Buffer.from('{\\*\\fldinst '.repeat(200_000)))
    expect(performance.now() - started).toBeLessThan(4_000)
  })
})
