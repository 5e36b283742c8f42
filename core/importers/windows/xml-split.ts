/** One event of a file, as its bytes stand there. */
export interface XmlSlice {
  readonly bytes: Buffer
  /** Counted from 1 over the whole file. */
  readonly number: number
  /** `cut`: the file or the next event begins before its end tag; `too_long`: only its beginning is here. */
  readonly problem: 'cut' | 'too_long' | undefined
}

/** The largest real event is a script of some megabytes; an event that never ends must not fill the memory. */
export const MAX_EVENT_BYTES = 16 << 20
const EXCERPT_BYTES = 4_096
/** A start tag that long is no start tag. */
const MAX_TAG_CHARS = 65_536
/** No mark is longer: what stands before the last so many characters is settled. */
const MARK_CHARS = 64
/** Text between events is looked at in blocks of this size, so that a file without any event needs no memory. */
const BETWEEN_BYTES = 1 << 20

const MARK = /<(?:\/?(?:[\w.-]{1,32}:)?Event(?=[\s>/])|!\[CDATA\[|!--|!DOCTYPE)/g
const NAMESPACE = 'win/2004/08/events/event'

/**
 * Cuts a stream of UTF-8 bytes into events by their tags, with or without a wrapper around them (wevtutil writes one root
 * element after the other). Nothing is resolved: a DOCTYPE is only noticed. An event tag with the namespace of Windows
 * events always begins a new event, so that one missing end tag costs one event and not the rest of the file.
 */
export class EventSplitter {
  #pieces: Buffer[] = []
  #size = 0
  #wanted = 0
  #bytes: Buffer = Buffer.alloc(0)
  /** The bytes as one character each: marks are ASCII, and regular expressions want text. */
  #text = ''
  #at = 0
  /** Begin of the open event, -1 between events. */
  #start = -1
  #depth = 0
  /** The open event was given up as too long; only its end is still looked for. */
  #isSkipped = false
  #betweenAt = 0
  #number = 0
  #slices: XmlSlice[] = []
  #hasWrapper = false
  #isWrapperClosed = false
  /** How many stretches between events hold something other than tags, and the beginning of the first. */
  strayCount = 0
  strayExcerpt = ''
  hasDoctype = false

  /** Whether `<Events>` was opened and never closed: the export stopped early, even if the last event is whole. */
  get isUnclosed(): boolean {
    return this.#hasWrapper && !this.#isWrapperClosed
  }

  /** The slices are valid until the next call. */
  feed(piece: Uint8Array): XmlSlice[] {
    // Copied: the stream may use its buffer again.
    this.#pieces.push(Buffer.from(piece))
    this.#size += piece.length
    return this.#size < this.#wanted ? [] : this.#scan(false)
  }

  end(): XmlSlice[] {
    return this.#scan(true)
  }

  #scan(isLast: boolean): XmlSlice[] {
    this.#bytes = Buffer.concat([this.#bytes, ...this.#pieces])
    this.#pieces = []
    this.#text = this.#bytes.toString('latin1')
    this.#slices = []
    while (this.#readMark(isLast));
    if (isLast) {
      if (this.#start === -1) this.#leaveBetween(this.#text.length)
      else this.#finish(this.#text.length, 'cut')
    } else this.#dropRead()
    return this.#slices
  }

  /** Handles the next mark; false when there is none or more bytes are needed to understand it. */
  #readMark(isLast: boolean): boolean {
    const text = this.#text
    MARK.lastIndex = this.#at
    const found = MARK.exec(text)
    if (found === null) {
      this.#at = Math.max(this.#at, text.length - MARK_CHARS)
      return false
    }
    const mark = found.index
    const [name] = found
    const end = endOf(text, mark, name)
    const limit = name.startsWith('<!') ? MAX_EVENT_BYTES : MAX_TAG_CHARS
    if (end === -1 && !isLast && text.length - mark < limit) {
      this.#at = mark
      return false
    }
    if (end === -1 || end - mark > limit) {
      // It never ends: no mark after all.
      this.#at = mark + 1
      return true
    }
    if (name === '<!DOCTYPE') this.hasDoctype = true
    else if (!name.startsWith('<!')) this.#readTag(mark, end)
    this.#at = end
    return true
  }

  #readTag(mark: number, end: number): void {
    const tag = this.#text.slice(mark, end)
    if (tag.startsWith('</')) {
      if (this.#start === -1) return
      if (this.#depth === 0) this.#finish(end, undefined)
      else this.#depth -= 1
      return
    }
    const isEmpty = tag.endsWith('/>')
    if (this.#start !== -1) {
      if (!tag.includes(NAMESPACE)) {
        if (!isEmpty) this.#depth += 1
        return
      }
      this.#finish(mark, 'cut')
    }
    this.#leaveBetween(mark)
    this.#start = mark
    this.#depth = 0
    if (isEmpty) this.#finish(end, undefined)
  }

  #finish(end: number, problem: XmlSlice['problem']): void {
    if (!this.#isSkipped && end - this.#start > MAX_EVENT_BYTES) this.#giveUp()
    if (!this.#isSkipped) {
      this.#number += 1
      this.#slices.push({ bytes: this.#bytes.subarray(this.#start, end), number: this.#number, problem })
    }
    this.#isSkipped = false
    this.#start = -1
    this.#betweenAt = end
  }

  #giveUp(): void {
    const bytes = this.#bytes.subarray(this.#start, this.#start + EXCERPT_BYTES)
    this.#number += 1
    this.#slices.push({ bytes, number: this.#number, problem: 'too_long' })
    this.#isSkipped = true
  }

  #leaveBetween(end: number): void {
    while (end - this.#betweenAt > BETWEEN_BYTES) this.#lookBetween(this.#betweenAt + BETWEEN_BYTES)
    this.#lookBetween(end)
  }

  /** Looks at what stands between two events: the wrapper's tags, and things that do not belong there. */
  #lookBetween(end: number): void {
    const text = this.#text.slice(this.#betweenAt, end)
    this.#betweenAt = end
    if (text.length < 2) return
    if (/<Events[\s>]/.test(text)) this.#hasWrapper = true
    if (/<\/Events\s*>/.test(text)) this.#isWrapperClosed = true
    const rest = text.replace(/<[^<>]{0,4000}>/g, '').trim()
    if (rest === '' || this.hasDoctype) return
    if (this.strayCount === 0) this.strayExcerpt = rest.slice(0, 200)
    this.strayCount += 1
  }

  /** Lets go of what was read and decides how many bytes the next look needs: a long event is not copied every time. */
  #dropRead(): void {
    const length = this.#text.length
    if (this.#start === -1)
      while (this.#at - this.#betweenAt > BETWEEN_BYTES) this.#lookBetween(this.#betweenAt + BETWEEN_BYTES)
    else if (!this.#isSkipped && length - this.#start > MAX_EVENT_BYTES) this.#giveUp()
    const from = this.#start === -1 ? this.#betweenAt : this.#isSkipped ? this.#at : this.#start
    this.#bytes = this.#bytes.subarray(from)
    this.#at -= from
    this.#betweenAt = Math.max(0, this.#betweenAt - from)
    if (this.#start !== -1) this.#start = 0
    this.#size = length - from
    this.#wanted = this.#size * 2
  }
}

/** Just behind the construct that begins at `mark`; -1 when its end is not here. */
function endOf(text: string, mark: number, name: string): number {
  let terminator = name === '<![CDATA[' ? ']]>' : name === '<!--' ? '-->' : '>'
  let from = mark + name.length
  if (name === '<!DOCTYPE') {
    // Declarations in brackets: it ends behind them.
    const bracket = text.slice(from, from + MAX_TAG_CHARS).search(/[[>]/)
    if (bracket === -1) return -1
    if (text[from + bracket] === '[') terminator = ']>'
    from += bracket
  }
  const end = text.indexOf(terminator, from)
  return end === -1 ? -1 : end + terminator.length
}
