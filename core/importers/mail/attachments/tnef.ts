import type { AttachmentOpener } from '../content-reading.ts'
import { readMapiContent } from '../mapi/content.ts'
import { isTnef, openTnef } from '../mapi/tnef.ts'

/** `winmail.dat`: Outlook's rich text mail sent to others; body and attachments are all in there. */
export const tnefOpener: AttachmentOpener = {
  isContainer: true,
  fits: ({ bytes }) => isTnef(bytes),
  open(file, reading, place) {
    const tnef = openTnef(file.bytes)
    if (tnef === undefined) return
    const bodies = readMapiContent(tnef.message, reading, place)
    if (place.depth === 1) reading.addFurtherBodies(bodies)
    if (tnef.isDamaged) reading.issues.add('attachment_damaged')
  },
}
