import { MAX_SCANNED_TEXT, type AttachmentOpener } from '../content-reading.ts'
import { readRtf } from '../mapi/rtf.ts'

/** Rich text, also under the name `.doc`, which Word opens all the same. */
export const rtfOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ bytes }) => Buffer.from(bytes.subarray(0, 16)).toString('latin1').trimStart().startsWith('{\\rt'),
  open(file, reading, { holder }) {
    const { text, links } = readRtf(Buffer.from(file.bytes.subarray(0, MAX_SCANNED_TEXT)))
    for (const link of links) reading.urls.add(link, undefined, holder)
    reading.urls.addText(text, holder)
    // targets of pictures and templates stand in groups that no reader shows
    reading.urls.addText(Buffer.from(file.bytes.subarray(0, MAX_SCANNED_TEXT)).toString('latin1'), holder)
  },
}
