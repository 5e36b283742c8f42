import { decodeText } from '../charset.ts'
import type { AttachedFile, AttachmentOpener, ContentReading, Place } from '../content-reading.ts'
import { decodeEntities } from '../entities.ts'
import { isWebTarget } from '../links.ts'
import { isZipFile, listZipMembers, MAX_MEMBERS, type ZipMember } from './zip-members.ts'

/** One member of an archive or document; larger ones hold pictures and padding. */
const MAX_MEMBER_BYTES = 24 << 20

/** Reads a member within what the message may still unpack; says so when that is not possible. */
function unpack(member: ZipMember, reading: ContentReading): Buffer | undefined {
  const bytes = member.read(Math.min(MAX_MEMBER_BYTES, reading.room))
  if (bytes !== undefined && reading.spend(bytes.length)) return bytes
  if (member.size > Math.min(MAX_MEMBER_BYTES, reading.room)) reading.issues.add('expansion')
  else reading.issues.add('attachment_damaged')
  return undefined
}

const OFFICE_NAME = /\.(?:do[ct][xm]|xl[st][xm]|xlsb|xlam|pp[ts][xm]|pot[xm]|vsd[xm]|od[tspg])$/i
const OFFICE_TYPE = /officedocument|ms-(?:word|excel|powerpoint)\.|opendocument/

/** Word, Excel, PowerPoint and OpenDocument files: links in relationships, fields, formulas and text. */
export const officeOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ bytes, name, contentType }) =>
    isZipFile(bytes) && (OFFICE_NAME.test(name) || OFFICE_TYPE.test(contentType)),
  open(file, reading, place) {
    const members = listZipMembers(file.bytes)
    if (members === undefined) reading.issues.add('attachment_damaged')
    for (const member of members ?? [])
      if (/\/media\/[^/]+\.(?:png|jpe?g|gif|bmp)$/i.test(member.name)) {
        const picture = unpack(member, reading)
        if (picture !== undefined) reading.addPicture(picture, place.holder)
      } else if (/\.(?:xml|rels|vml|txt)$/i.test(member.name)) readOfficeXml(member, reading, place)
  },
}

/** Attributes and elements that hold an address: relationships, `w:instrText`, `HYPERLINK()` formulas, `xlink:href`. */
function readOfficeXml(member: ZipMember, reading: ContentReading, place: Place): void {
  const bytes = unpack(member, reading)
  if (bytes === undefined) return
  const xml = decodeText(bytes, 'utf-8')
  for (const match of xml.matchAll(/\s(?:Target|xlink:href|href)\s*=\s*"([^"]{8,32768})"/g)) {
    const target = decodeEntities(match[1] ?? '')
    if (isWebTarget(target)) reading.urls.add(target, undefined, place.holder)
  }
  // tags go, so that a field code or address that is cut into runs is whole again
  const text = decodeEntities(
    xml
      .replace(/<\/(?:w:p|a:p|text:p|c|si|row|f|v|Relationship)>|<(?:w:br|w:tab|a:br)\/?>/g, '\n')
      .replace(/<[^<>]*>/g, ''),
  )
  reading.urls.addText(text.replaceAll('"', '\n'), place.holder)
}

/** ZIP archives, one level: members are attachments of their own, so that their hashes meet those of endpoints. */
export const zipOpener: AttachmentOpener = {
  isContainer: true,
  fits: ({ bytes }) => isZipFile(bytes),
  open(file, reading, place) {
    const members = listZipMembers(file.bytes)
    if (members === undefined) {
      reading.issues.add('attachment_damaged')
      return
    }
    if (members.length >= MAX_MEMBERS) reading.issues.add('too_many_parts')
    for (const member of members) {
      if (member.name.endsWith('/')) continue
      if (member.isEncrypted) {
        reading.issues.add('attachment_locked')
        continue
      }
      const bytes = unpack(member, reading)
      if (bytes !== undefined) reading.addAttachment(toFile(file, member, bytes), place.depth)
    }
  },
}

const toFile = (archive: AttachedFile, member: ZipMember, bytes: Buffer): AttachedFile => ({
  name: `${archive.name}/${member.name}`.slice(-1_000),
  contentType: 'application/octet-stream',
  bytes,
})
