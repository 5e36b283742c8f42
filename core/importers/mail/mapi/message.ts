import type { MapiProperties } from './properties.ts'

/** A message as Outlook keeps it, whatever file it lies in. Nothing is read before it is asked for. */
export interface MapiMessage {
  readonly properties: MapiProperties
  recipients(): readonly MapiProperties[]
  attachments(): Iterable<MapiAttachment>
}

export interface MapiAttachment {
  readonly properties: MapiProperties
  /** The message stored inside (attach method 5), undefined for files. */
  embedded(): MapiMessage | undefined
}

/** Property ids that we read (MS-OXPROPS), by the names used there. */
export const P = {
  messageClass: 0x001a,
  subject: 0x0037,
  clientSubmitTime: 0x0039,
  subjectPrefix: 0x003d,
  representingName: 0x0042,
  replyToEntries: 0x004f,
  replyToNames: 0x0050,
  representingAddressType: 0x0064,
  representingAddress: 0x0065,
  receivedByAddressType: 0x0075,
  receivedByAddress: 0x0076,
  transportHeaders: 0x007d,
  recipientType: 0x0c15,
  senderName: 0x0c1a,
  senderAddressType: 0x0c1e,
  senderAddress: 0x0c1f,
  deliveryTime: 0x0e06,
  messageFlags: 0x0e07,
  normalizedSubject: 0x0e1d,
  body: 0x1000,
  rtf: 0x1009,
  messageId: 0x1035,
  references: 0x1039,
  inReplyTo: 0x1042,
  displayName: 0x3001,
  addressType: 0x3002,
  address: 0x3003,
  creationTime: 0x3007,
  modificationTime: 0x3008,
  attachData: 0x3701,
  attachExtension: 0x3703,
  attachFileName: 0x3704,
  attachMethod: 0x3705,
  attachLongFileName: 0x3707,
  attachPathName: 0x3708,
  attachLongPathName: 0x370d,
  attachMimeTag: 0x370e,
  attachContentId: 0x3712,
  smtpAddress: 0x39fe,
  senderSmtp: 0x5d01,
  representingSmtp: 0x5d02,
  receivedBySmtp: 0x5d07,
} as const
