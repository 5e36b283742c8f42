import type { AttachmentOpener } from '../content-reading.ts'
import { isCfb } from '../mapi/cfb.ts'
import { readMapiContent } from '../mapi/content.ts'
import { openMsg } from '../mapi/msg.ts'

/** An Outlook message attached as a file. */
export const msgOpener: AttachmentOpener = {
  isContainer: true,
  fits: ({ bytes, name, contentType }) =>
    isCfb(bytes) && (/\.msg$/i.test(name) || contentType === 'application/vnd.ms-outlook'),
  open(file, reading, place) {
    const msg = openMsg(file.bytes)
    if (msg === undefined) return
    readMapiContent(msg.message, reading, place)
    if (msg.isDamaged()) reading.issues.add('attachment_damaged')
  },
}
