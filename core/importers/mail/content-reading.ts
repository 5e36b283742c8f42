import { createHash } from 'node:crypto'
import type { MailAttachment, MailUrl } from '../../model/message.ts'
import { readHtml, type HtmlContent } from './html.ts'
import { isWebTarget, UrlCollector } from './links.ts'
import { isSafePicture } from './pictures/picture-size.ts'
import { readQrCodes } from './pictures/qr-codes.ts'
import type { MessageIssue } from './texts.ts'

/** Messages, archives and documents inside each other; deeper ones stay attachments and are reported. */
export const MAX_NESTED_MESSAGES = 8
/** Characters of body text kept for reading and search. */
export const MAX_BODY_TEXT = 65_536
/** Text looked at for links in one part; a longer part is padding. */
export const MAX_SCANNED_TEXT = 4 << 20
/** A message can carry thousands of attachments; those beyond are counted as lost in an issue. */
export const MAX_ATTACHMENTS = 2_000
/** Zip bomb: bytes that all archives, documents and streams of one message may unpack to. */
const MAX_UNPACKED_BYTES = 96 << 20

/** Pictures of one message searched for QR codes, and the size of each: newsletters have dozens, none with a code. */
const MAX_PICTURES = 12
const MAX_PICTURE_BYTES = 4 << 20

/** Characters of an attached page that the raw view keeps: enough to see what it asks for, and where it sends it. */
const MAX_PAGE_TEXT = 49_152

/** What stands in the raw view for one leaf. */
export interface RawPiece {
  readonly mark: string
  readonly text: string
}

export interface MessageContent {
  readonly bodyText: string
  readonly urls: readonly MailUrl[]
  readonly attachments: readonly MailAttachment[]
  readonly raw: readonly RawPiece[]
  readonly issues: ReadonlySet<MessageIssue>
}

/** An attachment as a reader would save it: transfer encoding undone. */
export interface AttachedFile {
  readonly name: string
  /** Lower case, without parameters. */
  readonly contentType: string
  readonly charset?: string | undefined
  readonly bytes: Uint8Array
}

/** Where an opener stands: how deep, and the attachment that its links belong to. */
export interface Place {
  readonly depth: number
  /** Index into the attachments; undefined for the message itself. */
  readonly holder: number | undefined
}

/** Reads links (and further attachments) out of one kind of attached file. Damaged files are never errors. */
export interface AttachmentOpener {
  fits(file: AttachedFile): boolean
  /** True when it holds messages or files: such nesting is bounded by {@link MAX_NESTED_MESSAGES}. */
  readonly isContainer: boolean
  open(file: AttachedFile, reading: ContentReading, place: Place & { readonly holder: number }): void
}

export interface BodyPart {
  /** Number of the enclosing multipart/alternative, 0 when there is none. */
  readonly alternative: number
  readonly isHtml: boolean
  readonly text: string
}

const hash = (algorithm: 'sha256' | 'sha1' | 'md5', bytes: Uint8Array): string =>
  createHash(algorithm).update(bytes).digest('hex')

/** Gathers what one message holds, whatever container it came in (MIME, MAPI, TNEF). */
export class ContentReading {
  readonly urls = new UrlCollector()
  readonly attachments: MailAttachment[] = []
  readonly raw: RawPiece[] = []
  readonly issues = new Set<MessageIssue>()
  readonly #openers: readonly AttachmentOpener[]
  /** Attachment -> its number among the pieces of the raw view, from 1. */
  readonly #marks = new Map<number, number>()
  readonly #further: BodyPart[] = []
  readonly #pictures: { readonly bytes: Uint8Array; readonly holder: number }[] = []
  #room = MAX_UNPACKED_BYTES

  constructor(openers: readonly AttachmentOpener[]) {
    this.#openers = openers
  }

  /** Links and text of one body part; `text` is the decoded part as written. */
  addBody(contentType: string, text: string, alternative: number, place: Place): BodyPart {
    const written = text.slice(0, MAX_SCANNED_TEXT)
    const isHtml = contentType === 'text/html'
    const html: HtmlContent | undefined = isHtml ? readHtml(written) : undefined
    if (html === undefined) this.urls.addText(written, place.holder)
    else this.urls.addHtml(html, place.holder)
    if (place.holder === undefined) this.raw.push({ mark: contentType, text: written })
    return { alternative, isHtml, text: html?.text ?? toPlainText(written) }
  }

  /** Hashes an attachment and opens it when a reader for its kind exists. */
  addAttachment(file: AttachedFile, depth: number): void {
    if (this.attachments.length >= MAX_ATTACHMENTS) {
      this.issues.add('too_many_parts')
      return
    }
    const index = this.attachments.length
    const sha256 = hash('sha256', file.bytes)
    this.attachments.push({
      name: file.name,
      contentType: file.contentType,
      bytes: file.bytes.length,
      sha256,
      sha1: hash('sha1', file.bytes),
      md5: hash('md5', file.bytes),
    })
    this.#marks.set(index, this.addMark(file, sha256))
    this.openAttachment(file, depth, index)
  }

  /** An attachment that has no bytes of its own: a message stored as properties inside another one. */
  addEmbedded(name: string): number | undefined {
    if (this.attachments.length >= MAX_ATTACHMENTS) {
      this.issues.add('too_many_parts')
      return undefined
    }
    this.attachments.push({ name, contentType: 'application/vnd.ms-outlook' })
    this.raw.push({ mark: `application/vnd.ms-outlook ${JSON.stringify(name)}`, text: '' })
    return this.attachments.length - 1
  }

  private addMark(file: AttachedFile, sha256: string): number {
    const name = JSON.stringify(file.name)
    return this.raw.push({
      mark: `${file.contentType} ${name} ${file.bytes.length} bytes sha256:${sha256}`,
      text: '',
    })
  }

  /** Keeps the text of an attached page beside its mark: a page that asks for a password is evidence itself (W5, W6). */
  addPage(text: string, holder: number): void {
    const place = (this.#marks.get(holder) ?? 0) - 1
    const piece = this.raw[place]
    if (piece !== undefined && piece.text === '')
      this.raw[place] = { mark: piece.mark, text: text.slice(0, MAX_PAGE_TEXT) }
  }

  private openAttachment(file: AttachedFile, depth: number, holder: number): void {
    const opener = this.#openers.find((candidate) => candidate.fits(file))
    if (opener === undefined) return
    if (opener.isContainer && depth + 1 >= MAX_NESTED_MESSAGES) this.issues.add('nested_too_deep')
    else opener.open(file, this, { depth: depth + 1, holder })
  }

  /** Opens a file that is not an attachment itself: its links count for `holder` (a member of a document). */
  openInside(file: AttachedFile, place: Place & { readonly holder: number }): void {
    this.openAttachment(file, place.depth, place.holder)
  }

  /** Body text that lies in an attachment but is the message's own (winmail.dat, signed mail in Outlook files). */
  addFurtherBodies(bodies: readonly BodyPart[]): void {
    this.#further.push(...bodies)
  }

  /** Keeps a picture for {@link finish}, which looks for QR codes. */
  addPicture(bytes: Uint8Array, holder: number): void {
    if (this.#pictures.length < MAX_PICTURES && bytes.length <= MAX_PICTURE_BYTES && isSafePicture(bytes))
      this.#pictures.push({ bytes, holder })
  }

  /** Bytes that may still be unpacked; {@link spend} takes from them. */
  get room(): number {
    return this.#room
  }

  /** @returns false when the limit is reached, which is remembered as an issue */
  spend(bytes: number): boolean {
    this.#room -= bytes
    if (this.#room > 0) return true
    this.issues.add('expansion')
    return false
  }

  /** The winmail.dat repeats a text that the message has as well: it counts when that one is empty. */
  private joinAll(bodies: readonly BodyPart[]): string {
    return joinBodies(bodies) || joinBodies(this.#further)
  }

  async finish(bodies: readonly BodyPart[]): Promise<MessageContent> {
    for (const { bytes, holder } of this.#pictures)
      for (const text of await readQrCodes(bytes))
        if (isWebTarget(text)) this.urls.add(text, undefined, holder)
    if (this.urls.isFull) this.issues.add('too_many_urls')
    return {
      bodyText: this.joinAll(bodies).slice(0, MAX_BODY_TEXT),
      urls: this.urls.list(),
      attachments: this.attachments,
      raw: this.raw,
      issues: this.issues,
    }
  }
}

/** Of alternatives the plain text is taken when there is one; everything else follows in order. */
function joinBodies(bodies: readonly BodyPart[]): string {
  const withPlain = new Set(
    bodies
      .filter((body) => body.alternative > 0 && !body.isHtml && body.text.trim() !== '')
      .map((body) => body.alternative),
  )
  return bodies
    .filter((body) => !(body.isHtml && withPlain.has(body.alternative)))
    .map((body) => body.text.trim())
    .filter((text) => text !== '')
    .join('\n\n')
}

/** Plain text without control characters other than line breaks and tabs. */
const toPlainText = (text: string): string =>
  text
    .slice(0, MAX_BODY_TEXT * 2)
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
