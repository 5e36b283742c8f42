import { attachmentOpeners } from './attachments/openers.ts'
import { ContentReading, type MessageContent } from './content-reading.ts'
import { readMimeContent } from './mime-content.ts'

/** Reads body text, links and attachments of a message (header block included in `bytes`). */
export function readContent(bytes: Uint8Array): Promise<MessageContent> {
  const reading = new ContentReading(attachmentOpeners)
  return reading.finish(readMimeContent(bytes, reading, { depth: 0, holder: undefined }))
}
