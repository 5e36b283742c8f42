import { isRtfWithHtml, readRtf } from './rtf.ts'
import type { BodyPart, ContentReading, Place } from '../content-reading.ts'
import { MAX_NESTED_MESSAGES } from '../content-reading.ts'
import { inflateRtf } from './lzfu.ts'
import { P, type MapiAttachment, type MapiMessage } from './message.ts'
import type { MapiProperties } from './properties.ts'

/** Reads bodies and attachments of an Outlook message. */
export function readMapiContent(message: MapiMessage, reading: ContentReading, place: Place): BodyPart[] {
  const bodies = readBodies(message.properties, reading, place)
  for (const attachment of message.attachments()) readAttachment(attachment, reading, place)
  return bodies
}

/** The plain text and the HTML are alternatives; RTF counts when there is no HTML, because it is then the richer one. */
function readBodies(properties: MapiProperties, reading: ContentReading, place: Place): BodyPart[] {
  const bodies: BodyPart[] = []
  const plain = properties.text(P.body)
  const add = (type: string, text: string): void => {
    bodies.push(reading.addBody(type, text, 1, place))
  }
  if (plain !== undefined) add('text/plain', plain)
  const html = properties.html()
  if (html !== undefined && html !== '') {
    add('text/html', html)
    return bodies
  }
  const packed = properties.bytes(P.rtf)
  if (packed === undefined || packed.length === 0) return bodies
  const rtf = inflateRtf(packed, reading.room)
  if (rtf === undefined) {
    reading.issues.add('rtf')
    return bodies
  }
  reading.spend(rtf.length)
  const content = readRtf(rtf)
  if (isRtfWithHtml(content)) add('text/html', content.html)
  else {
    add('text/plain', content.text)
    for (const link of content.links) reading.urls.add(link, undefined, place.holder)
  }
  return bodies
}

function readAttachment(attachment: MapiAttachment, reading: ContentReading, place: Place): void {
  const { properties } = attachment
  const name = (
    properties.text(P.attachLongFileName, P.attachFileName, P.displayName, P.attachLongPathName) ?? ''
  ).slice(0, 1_000)
  const embedded = attachment.embedded()
  if (embedded !== undefined) {
    if (place.depth + 1 >= MAX_NESTED_MESSAGES) {
      reading.issues.add('nested_too_deep')
      return
    }
    const title = name === '' ? (embedded.properties.text(P.subject) ?? 'message').slice(0, 200) : name
    const holder = reading.addEmbedded(/\.msg$/i.test(title) ? title : `${title}.msg`)
    if (holder !== undefined) readMapiContent(embedded, reading, { depth: place.depth + 1, holder })
    return
  }
  const bytes = properties.bytes(P.attachData)
  // by reference: a link to a file in the cloud or on a share, no bytes in here
  const path = properties.text(P.attachLongPathName, P.attachPathName)
  if (bytes === undefined && path !== undefined) {
    reading.urls.add(path, name === '' ? undefined : name, place.holder)
    return
  }
  if (bytes === undefined) {
    reading.issues.add('attachment_missing')
    return
  }
  const contentType = (properties.text(P.attachMimeTag) ?? 'application/octet-stream').trim().toLowerCase()
  reading.addAttachment({ name, contentType: contentType.slice(0, 200), bytes }, place.depth)
}
