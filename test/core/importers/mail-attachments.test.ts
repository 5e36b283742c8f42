import { crc32, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import eml from '../../../core/importers/eml.importer.ts'
import { makeMsg } from '../../support/make-msg.ts'
import { makePdf } from '../../support/make-pdf.ts'
import { makeTnef } from '../../support/make-tnef.ts'
import { makeZip } from '../../support/make-zip.ts'
import { QR_PNG } from '../../support/qr-picture.ts'
import { codesOf, fixture, messagesOf, readMessage, readUnits } from './read-part.ts'

/** A mail with one attachment. */
const withFile = (name: string, bytes: Uint8Array | string, type = 'application/octet-stream'): string =>
  [
    'From: a@example.net',
    'To: b@corp.example',
    'Subject: file',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=x',
    '',
    '--x',
    `Content-Type: ${type}`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(bytes).toString('base64'),
    '--x--',
    '',
  ].join('\r\n')
const urlsOf = async (mail: string): Promise<string[]> =>
  (await readMessage(eml, mail)).urls.map(({ url }) => url)
const codes = async (mail: string): Promise<string[]> => codesOf(await readUnits(eml, mail))

/** `(https://e.example/)` as Python's base64.a85encode writes it. */
const A85 = '-tm^EE-"&n04cbIG[YH.Ch57K'

describe('links in attachments', () => {
  it('are found in every kind that is read', async () => {
    const hosts = (await readMessage(eml, fixture('eml/good-attachments.eml'))).urls.map(
      ({ url }) => new URL(url).host,
    )
    expect([...new Set(hosts)].sort()).toEqual([
      'doc.example',
      'inner.example',
      'lnk.example',
      'meet.example',
      'pdf.example',
      'sheet.example',
      'shortcut.example',
      'slide.example',
      'webloc.example',
      'zip.example',
    ])
  })

  it.each([
    ['a literal with escapes', '(https://e.example/\\(a\\)\\057b)', 'https://e.example/(a)/b'],
    ['hexadecimal', '<68747470733a2f2f652e6578616d706c652f>', 'https://e.example/'],
    [
      'UTF-16',
      '(\\376\\377\\000h\\000t\\000t\\000p\\000:\\000/\\000/\\000e\\000.\\000x\\000x)',
      'http://e.xx/',
    ],
    ['no scheme', '(www.e.example/a)', 'http://www.e.example/a'],
  ])('of PDF actions: %s', async (_, string, url) => {
    expect(
      await urlsOf(withFile('a.pdf', Buffer.from(`%PDF-1.4\n1 0 obj << /URI ${string} >>`, 'latin1'))),
    ).toEqual([url])
  })

  it.each([
    ['hexadecimal over Flate', '[ /ASCIIHexDecode /Fl ]', (packed: Buffer) => `${packed.toString('hex')}>`],
    ['a name in escapes', '/#46late#44ecode', (packed: Buffer) => packed.toString('latin1')],
  ])('of PDF streams behind filters: %s', async (_, filter, write) => {
    const packed = deflateSync(Buffer.from('<< /S /URI /URI (https://e.example/) >>'))
    const pdf = `%PDF-1.5\n1 0 obj << /Filter ${filter} >>\nstream\n${write(packed)}\nendstream`
    expect(await urlsOf(withFile('a.pdf', Buffer.from(pdf, 'latin1')))).toEqual(['https://e.example/'])
  })

  it('of PDF streams in base 85', async () => {
    const pdf = '%PDF-1.5\n1 0 obj << /Filter /ASCII85Decode >>\nstream\n@@@@~>\nendstream'.replace(
      '@@@@',
      () => A85,
    )
    expect(await urlsOf(withFile('a.pdf', pdf))).toEqual(['https://e.example/'])
  })

  it('of PDF text that is written in pieces, but not of fonts and pictures', async () => {
    const picture = deflateSync(Buffer.from('(https://picture.example/)'))
    const pdf = Buffer.concat([
      makePdf('https://a.example/', 'https://b.example/', ['https://c', '.exam', 'ple/']),
      Buffer.from('9 0 obj << /Subtype /Image /Filter /FlateDecode >>\nstream\n'),
      picture,
      Buffer.from('\nendstream'),
    ])
    expect((await urlsOf(withFile('a.pdf', pdf))).sort()).toEqual([
      'https://a.example/',
      'https://b.example/',
      'https://c.example/',
    ])
  })

  it('of Office before 2007 and of Windows shortcuts, in 8-bit and UTF-16 text', async () => {
    const cfb = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.alloc(9),
      Buffer.from('https://wide.example/x', 'utf16le'),
      Buffer.from('\0\x01HYPERLINK "http://narrow.example/y"', 'latin1'),
    ])
    expect((await urlsOf(withFile('a.doc', cfb))).sort()).toEqual([
      'http://narrow.example/y',
      'https://wide.example/x',
    ])
  })

  it.each([
    ['a.doc', '{\\rtf1 {\\field{\\*\\fldinst HYPERLINK "https://a.example/"}{\\fldrslt x}}}'],
    ['a.rtf', '{\\rt{\\*\\template https://a.example/}}'],
    ['a.xls', '<html><a href="https://a.example/">x</a></html>'],
    ['a.bin', '<?xml version="1.0"?><x href="https://a.example/"/>'],
    [
      'a.one',
      Buffer.concat([
        Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex'),
        Buffer.from('https://a.example/', 'utf16le'),
      ]),
    ],
  ])('of files under a false name: %s', async (name, content) => {
    expect(await urlsOf(withFile(name, content))).toEqual(['https://a.example/'])
  })

  it('of encrypted Office files are told as locked', async () => {
    const bytes = Buffer.concat([
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      Buffer.from('EncryptedPackage', 'utf16le'),
    ])
    expect(await codes(withFile('a.docx', bytes))).toEqual(['eml.attachment_locked'])
  })

  it('are not the namespaces of documents', async () => {
    const docx = makeZip({
      'word/document.xml':
        '<w:document xmlns:w="http://schemas.openxmlformats.org/x"><w:t>none</w:t></w:document>',
      'word/_rels/document.xml.rels':
        '<Relationship Type="http://schemas.openxmlformats.org/y" Target="styles.xml"/>',
    })
    expect(await urlsOf(withFile('a.docx', docx))).toEqual([])
  })
})

describe('QR codes', () => {
  const url = 'https://qr.example/login?u=alice'
  it.each([
    ['a picture', 'code.png', QR_PNG],
    ['a picture under another name', 'invoice.dat', QR_PNG],
    ['a Word document', 'a.docx', makeZip({ 'word/media/image1.png': QR_PNG })],
    ['an archive', 'a.zip', makeZip({ 'code.png': QR_PNG })],
  ])('are read in %s', async (_, name, bytes) => {
    expect(await urlsOf(withFile(name, bytes))).toEqual([url])
  })

  it.each([
    ['a cut picture', QR_PNG.subarray(0, 300)],
    ['a picture that claims to be enormous', sized(60_000, 60_000)],
    ['a picture whose pixels unpack to more than it holds', bomb()],
    ['a header alone', QR_PNG.subarray(0, 40)],
    ['a JPEG of nothing', Buffer.from('ffd8ffe000104a46494600010100000100010000'.padEnd(200, '0'), 'hex')],
  ])('are not looked for in %s', async (_, bytes) => {
    expect(await urlsOf(withFile('a.png', bytes))).toEqual([])
    // and the next picture is read as before
    expect(await urlsOf(withFile('a.png', QR_PNG))).toEqual([url])
  })

  function sized(width: number, height: number): Buffer {
    const png = Buffer.from(QR_PNG)
    png.writeUInt32BE(width, 16)
    png.writeUInt32BE(height, 20)
    return png
  }

  /** 64 MiB of pixels in some KiB, in a picture of a hundred by a hundred. */
  function bomb(): Buffer {
    const chunk = (name: string, content: Buffer): Buffer => {
      const length = Buffer.alloc(4)
      length.writeUInt32BE(content.length)
      const body = Buffer.concat([Buffer.from(name, 'latin1'), content])
      const sum = Buffer.alloc(4)
      sum.writeUInt32BE(crc32(body))
      return Buffer.concat([length, body, sum])
    }
    const head = Buffer.from('00000064000000640802000000', 'hex')
    return Buffer.concat([
      QR_PNG.subarray(0, 8),
      chunk('IHDR', head),
      chunk('IDAT', deflateSync(Buffer.alloc(64 << 20))),
      chunk('IEND', Buffer.alloc(0)),
    ])
  }
})

describe('archives in mail', () => {
  it('show their members as attachments with hashes', async () => {
    const message = await readMessage(
      eml,
      withFile('a.zip', makeZip({ 'b/c.js': 'x', 'd.txt': 'https://d.example/' })),
    )
    expect(message.attachments.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['a.zip', message.attachments[0]?.bytes],
      ['a.zip/b/c.js', 1],
      ['a.zip/d.txt', 18],
    ])
    // echo -n x | sha256sum
    expect(message.attachments[1]?.sha256).toBe(
      '2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881',
    )
    expect(message.urls).toEqual([{ url: 'https://d.example/', where: 'attachment', attachment: 2 }])
  })

  it('unpack within a limit, however small they are', async () => {
    const bomb = makeZip({ 'a.txt': Buffer.alloc(30 << 20), 'b.txt': 'https://b.example/' })
    expect(await codes(withFile('a.zip', bomb))).toEqual(['eml.expansion'])
    expect(await urlsOf(withFile('a.zip', bomb))).toEqual(['https://b.example/'])
  })

  it('inside each other end at the depth of nested messages', async () => {
    let inner: Buffer = makeZip({ 'a.txt': 'https://deep.example/' })
    for (let depth = 0; depth < 20; depth++) inner = makeZip({ 'a.zip': inner })
    expect(await codes(withFile('a.zip', inner))).toEqual(['eml.nested_too_deep'])
  })

  it('with a password or damage say so', async () => {
    const zip = makeZip({ 'a.txt': 'text' })
    const locked = Buffer.from(zip)
    locked.writeUInt16LE(1, zip.indexOf('PK\x01\x02', 0, 'latin1') + 8)
    expect(await codes(withFile('a.zip', locked))).toEqual(['eml.attachment_locked'])
    expect(await codes(withFile('a.zip', zip.subarray(0, zip.length - 30)))).toEqual([
      'eml.attachment_damaged',
    ])
    expect(await codes(withFile('a.pdf', '%PDF-1.5\ntrailer << /Encrypt 4 0 R >>'))).toEqual([
      'eml.attachment_locked',
    ])
  })

  it('cost no more than their size allows', async () => {
    const started = performance.now()
    await codes(withFile('a.pdf', `%PDF-1.4\n${'('.repeat(1_000_000)}`))
    await codes(withFile('b.pdf', `%PDF-1.4\n${'<<'.repeat(500_000)}`))
    await codes(withFile('c.pdf', `%PDF-1.4\n${'<0'.repeat(500_000)}`))
    await codes(withFile('d.pdf', `%PDF-1.4\n${'1 0 obj stream '.repeat(70_000)}`))
    await codes(
      withFile('e.docx', makeZip({ 'a.xml': '<'.repeat(4_000_000), 'b.xml': ' href="'.repeat(500_000) })),
    )
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

describe('winmail.dat', () => {
  it('gives its text to a message that has none, and its files', async () => {
    const tnef = makeTnef({ 0x1000: 'see https://t.example/' }, [
      { title: 'a.txt', bytes: Buffer.from('https://u.example/') },
    ])
    const message = await readMessage(eml, withFile('winmail.dat', tnef, 'application/ms-tnef'))
    expect(message.bodyText).toBe('see https://t.example/')
    expect(message.attachments.map(({ name }) => name)).toEqual(['winmail.dat', 'a.txt'])
    expect(message.urls.map(({ url }) => url)).toEqual(['https://t.example/', 'https://u.example/'])
  })

  it('keeps what stands before a cut', async () => {
    const tnef = makeTnef({ 0x1000: 'see https://t.example/' }, [
      { title: 'a.txt', bytes: Buffer.alloc(500) },
    ])
    const units = await readUnits(eml, withFile('winmail.dat', tnef.subarray(0, tnef.length - 200)))
    expect(codesOf(units)).toEqual(['eml.attachment_damaged'])
    expect(messagesOf(units)[0]?.bodyText).toBe('see https://t.example/')
  })
})

describe('messages in messages', () => {
  it('of all formats are opened inside each other', async () => {
    const inner = withFile('c.msg', makeMsg({ properties: { 0x0037: 'x', 0x1000: 'https://c.example/' } }))
    const msg = makeMsg({
      properties: { 0x0037: 'y', 0x1000: 'https://b.example/' },
      attachments: [{ properties: { 0x3707: 'inner.eml', 0x3701: Buffer.from(inner) } }],
    })
    const message = await readMessage(eml, withFile('b.msg', msg))
    expect(message.attachments.map(({ name }) => name)).toEqual(['b.msg', 'inner.eml', 'c.msg'])
    expect(message.urls.map(({ url, attachment }) => [url, attachment])).toEqual([
      ['https://b.example/', 0],
      ['https://c.example/', 2],
    ])
  })
})

describe('damaged encodings', () => {
  const mail = (encoding: string, body: string): string =>
    `From: a@example.net\r\nTo: b@corp.example\r\nSubject: x\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}`

  it.each([
    ['quoted-printable with a stray sign', 'quoted-printable', 'a=ZZb =\r\nc', 'a=ZZb c', ['eml.transfer']],
    ['quoted-printable', 'Quoted-Printable', 'a=3Db', 'a=b', []],
    ['base64 with foreign characters', 'base64', 'aGVs%%bG8=', 'hello', ['eml.transfer']],
    ['base64 cut short', 'base64', 'aGVsbG8gd', 'hello', ['eml.transfer']],
    ['base64 in two pieces', 'base64', 'aGU=\r\nbGxv', 'hello', []],
    ['base64 with a comment', 'base64 (encoded)', 'aGVsbG8=', 'hello', []],
    ['uuencode', 'x-uuencode', 'begin 644 a\r\n%:&5L;&\\\r\n`\r\nend\r\n', 'hello', []],
  ])('%s', async (_, encoding, body, text, issues) => {
    const units = await readUnits(eml, mail(encoding, body))
    expect([messagesOf(units)[0]?.bodyText, codesOf(units)]).toEqual([text, issues])
  })
})

describe('HTML that hides from some readers', () => {
  it.each([
    ['shown by all but Outlook', '<!--[if !mso]><!--><a href="https://a.example/">x</a><!--<![endif]-->'],
    ['shown by Outlook alone', '<!--[if mso]><a href="https://a.example/">x</a><![endif]-->'],
    ['after an empty comment', '<!---><a href="https://a.example/">x</a><!-- -->'],
    ['kept in the tooltip', '<a title="https://a.example/">x</a>'],
    ['kept by Outlook before rewriting', '<a originalsrc="https://a.example/">x</a>'],
    ['picture for large screens', '<img srcset="https://a.example/ 2x">'],
  ])('%s', async (_, html) => {
    const mail = `From: a@example.net\r\nTo: b@corp.example\r\nContent-Type: text/html\r\n\r\n${html}`
    expect(await urlsOf(mail)).toEqual(['https://a.example/'])
  })
})
