import { decodeText } from './charset.ts'
import type { AttachmentOpener, BodyPart, ContentReading, Place } from './content-reading.ts'
import { walkMime, type MimeLeaf } from './mime.ts'
import { decodeTransfer } from './transfer.ts'

/** Reads bodies and attachments of an RFC 5322 message (header block included in `bytes`). */
export function readMimeContent(bytes: Uint8Array, reading: ContentReading, place: Place): BodyPart[] {
  const tree = walkMime(bytes)
  if (tree.isCut) reading.issues.add('too_many_parts')
  if (tree.isTruncated) reading.issues.add('truncated')
  const bodies: BodyPart[] = []
  for (const leaf of tree.leaves) {
    const content = decodeTransfer(leaf.body, leaf.encoding)
    if (content.isDamaged) reading.issues.add('transfer')
    if (isBody(leaf)) {
      const text = decodeText(content.bytes, leaf.charset)
      bodies.push(reading.addBody(leaf.contentType, text, leaf.alternative, place))
      continue
    }
    const name = leaf.fileName ?? (isMessageType(leaf.contentType) ? 'message.eml' : '')
    const { contentType, charset } = leaf
    reading.addAttachment({ name, contentType, charset, bytes: content.bytes }, place.depth)
  }
  return bodies
}

/** Clients show unnamed text in the message; everything else is offered as an attachment. */
const isBody = (leaf: MimeLeaf): boolean =>
  leaf.disposition !== 'attachment' &&
  (leaf.contentType === 'text/html' || (leaf.contentType === 'text/plain' && leaf.fileName === undefined)) &&
  !(leaf.contentType === 'text/html' && leaf.fileName !== undefined && leaf.disposition !== 'inline')

const isMessageType = (contentType: string): boolean =>
  contentType === 'message/rfc822' || contentType === 'message/global'

/**
 * Forwarded messages and saved `.eml` files; and the signed text that Outlook keeps as an attachment of a message whose own
 * body is empty (MS-OXOSMIME).
 */
export const mimeOpener: AttachmentOpener = {
  isContainer: true,
  fits: ({ contentType, name }) =>
    isMessageType(contentType) || contentType === SIGNED || /\.(?:eml|mht|mhtml)$/i.test(name),
  open(file, reading, place) {
    const bodies = readMimeContent(file.bytes, reading, place)
    if (file.contentType === SIGNED && place.depth === 1) reading.addFurtherBodies(bodies)
  },
}
const SIGNED = 'multipart/signed'
