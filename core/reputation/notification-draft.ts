import { createHash } from 'node:crypto'
import type { Notice } from './notification.ts'

/** Nobody sends these: the domain cannot exist (RFC 2606). */
const SENDER = 'Redthread draft <draft@redthread.invalid>'

/** Octets an encoded word may carry: a line of a header with one holds 76 characters (RFC 2047), its name among them. */
const MAX_WORD_BYTES = 39

/** Text of a header: as it is when it is plain ASCII, else as encoded words. */
function encodeHeader(text: string): string {
  if (/^[\x20-\x7e]{0,900}$/.test(text)) return text
  const words: string[] = []
  let part = ''
  for (const sign of text) {
    if (Buffer.byteLength(part + sign) > MAX_WORD_BYTES) {
      words.push(part)
      part = ''
    }
    part += sign
  }
  words.push(part)
  return words.map((word) => `=?utf-8?B?${Buffer.from(word).toString('base64')}?=`).join('\r\n ')
}

/** A recipient group has no address of its own: an empty group of RFC 5322, to be filled by who sends. */
const toGroup = (name: string): string =>
  `${encodeHeader(name.replace(/["\\<>:;,@()[\]\p{Cc}]/gu, ' ').trim())}:;`
/** An address out of evidence must not begin a header of its own. */
const toPlainAddress = (address: string): string => address.replace(/[\s,;<>"\p{Cc}]/gu, '')

/** A notification as an unsent mail: mail programs open it as a draft (`X-Unsent`). */
export function toDraft(notice: Notice): string {
  const to = [...notice.groups.map(toGroup), ...notice.recipients.map(toPlainAddress)]
  const id = createHash('sha256').update(JSON.stringify(notice)).digest('hex').slice(0, 32)
  const body = Buffer.from(notice.body.replace(/\r?\n/g, '\r\n'))
    .toString('base64')
    .replace(/(.{76})/g, '$1\r\n')
  return [
    `From: ${SENDER}`,
    `To: ${to.join(',\r\n ')}`,
    `Subject: ${encodeHeader(notice.subject)}`,
    `Date: ${new Date(notice.at / 1000).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@redthread.invalid>`,
    'X-Unsent: 1',
    `X-Redthread-Notification: ${notice.audience}; mode=${notice.mode}; draft`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    body,
    '',
  ].join('\r\n')
}
