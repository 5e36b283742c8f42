import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { fromBuffer } from 'yauzl'
import { at, toGeneralizedTime, toMailDate, toMboxDate, toSysmonTime } from '../../../core/demo/clock.ts'
import { hashBytes } from '../../../core/demo/fake-hash.ts'
import {
  attachment,
  type DemoMessage,
  encodeWords,
  writeEml,
  writeSweepPages,
} from '../../../core/demo/mail.ts'
import { createRandom } from '../../../core/demo/random.ts'
import { writeZip } from '../../../core/demo/zip.ts'

describe('createRandom', () => {
  it('repeats itself for a seed and keeps its branches apart', () => {
    const draw = (seed: number) =>
      Array.from(
        { length: 5 },
        (
          (random) => () =>
            random.int(1000)
        )(createRandom(seed)),
      )
    expect(draw(1)).toEqual(draw(1))
    expect(draw(1)).not.toEqual(draw(2))
    const random = createRandom(3)
    const before = random.fork('mail').hex(12)
    random.int(10)
    expect(random.fork('mail').hex(12)).toBe(before)
  })

  it('samples without repeating and never more than there is', () => {
    const drawn = createRandom(5).sample([1, 2, 3, 4], 9)
    expect([...drawn].sort()).toEqual([1, 2, 3, 4])
  })
})

describe('clock', () => {
  it('writes one moment in every form the sources use', () => {
    const moment = at('2026-03-10 07:41:12.345')
    expect([
      toSysmonTime(moment),
      toGeneralizedTime(moment),
      toMailDate(moment),
      toMboxDate(at('2026-03-03 07:41')),
    ]).toEqual([
      '2026-03-10 07:41:12.345',
      '20260310074112.0Z',
      'Tue, 10 Mar 2026 07:41:12 +0000',
      'Tue Mar  3 07:41:00 2026',
    ])
  })
})

describe('writeZip', () => {
  it('makes an archive that another reader opens', async () => {
    const bytes = writeZip([
      { name: 'a.txt', bytes: Buffer.from('one') },
      { name: '資料.json', bytes: Buffer.from('{}') },
    ])
    const names = await new Promise<string[]>((resolve, reject) => {
      fromBuffer(Buffer.from(bytes), (error, zip) => {
        if (error) return reject(error)
        const found: string[] = []
        zip.on('entry', (entry: { fileName: string }) => found.push(entry.fileName))
        zip.on('end', () => resolve(found))
        zip.on('error', reject)
        return undefined
      })
    })
    expect(names).toEqual(['a.txt', '資料.json'])
  })
})

const message: DemoMessage = {
  messageId: 'one@sender.example',
  from: { address: 'a@sender.example', name: '髙橋 直樹' },
  to: [{ address: 'b@here.example', name: 'Müller, Thomas' }],
  subject: '納品書 48213 / Lieferavis mit ziemlich langem Betreff',
  sentAt: at('2026-03-10 07:41'),
  sourceIp: '198.51.100.23',
  sourceHost: 'out3.sender.example',
  urls: ['https://sender.example/a?b=1&c=2'],
  text: 'Guten Tag 您好',
  attachments: [attachment('Bestellung äö.docm', 'application/octet-stream', Buffer.from('bytes of it'))],
  copies: [
    { mailbox: 'b@here.example', deliveredAt: at('2026-03-10 07:42'), uniqueId: 'u1', action: 'pass' },
  ],
  authentication: 'spf=pass',
}

describe('mail writers', () => {
  it('writes an .eml another parser reads back, attachment bytes included', async () => {
    const [copy] = message.copies
    const mail = await new PostalMime().parse(copy ? writeEml(message, copy) : '')
    expect([mail.subject, mail.from?.name, mail.to?.[0]?.name, mail.messageId]).toEqual([
      message.subject,
      '髙橋 直樹',
      'Müller, Thomas',
      '<one@sender.example>',
    ])
    expect(mail.text).toContain('您好')
    expect(mail.html).toContain('href="https://sender.example/a?b=1&amp;c=2"')
    const [file] = mail.attachments
    expect(file?.filename).toBe('Bestellung äö.docm')
    expect(file?.content instanceof ArrayBuffer ? hashBytes(new Uint8Array(file.content)).sha256 : '').toBe(
      message.attachments[0]?.hashes.sha256,
    )
  })

  it('encodes what is not ASCII in words of legal length', () => {
    const words = encodeWords('臺灣'.repeat(40)).split(' ')
    expect(words.every((word) => word.length <= 75)).toBe(true)
    expect(words.map((word) => Buffer.from(word.slice(10, -2), 'base64').toString()).join('')).toBe(
      '臺灣'.repeat(40),
    )
    expect(encodeWords('plain')).toBe('plain')
  })

  it('splits a sweep into pages that point to the next one', () => {
    const pages = writeSweepPages([message, { ...message, messageId: 'two@sender.example' }], 1).map(
      (page) => JSON.parse(page) as { next_link: string | null; value: unknown[] },
    )
    expect(pages.map((page) => [page.value.length, page.next_link === null])).toEqual([
      [1, false],
      [1, true],
    ])
  })
})
