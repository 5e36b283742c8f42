import { decodeText } from '../charset.ts'

/** What a rich text body says: for HTML mail kept as RTF the original HTML comes back (MS-OXRTFEX). */
export interface RtfContent {
  readonly text: string
  /** The HTML inside, when the RTF only wraps one. */
  readonly html: string | undefined
  /** Targets of hyperlink fields. */
  readonly links: readonly string[]
}

export const isRtfWithHtml = (content: RtfContent): content is RtfContent & { readonly html: string } =>
  content.html !== undefined

/** Groups inside groups: each keeps its state; real texts stay below some dozens. */
const MAX_DEPTH = 500
const MAX_LINKS = 2_000

/** Groups whose text nobody reads. */
const SKIPPED = new Set(
  (
    'colortbl stylesheet info pict object objdata header footer headerl headerr footerl footerr generator listtable ' +
    'listoverridetable rsidtbl themedata colorschememapping datastore latentstyles xmlnstbl bkmkstart bkmkend mhtmltag'
  ).split(' '),
)
/** Control words that stand for characters. */
const CHARACTERS = new Map([
  ['par', '\n'],
  ['line', '\n'],
  ['row', '\n'],
  ['tab', '\t'],
  ['cell', ' '],
  ['lquote', '‘'],
  ['rquote', '’'],
  ['ldblquote', '“'],
  ['rdblquote', '”'],
  ['bullet', '•'],
  ['endash', '–'],
  ['emdash', '—'],
])
/** `\fcharset` numbers to charset labels; others use the document's code page. */
const FONT_CHARSETS = new Map([
  [128, 'shift_jis'],
  [129, 'euc-kr'],
  [134, 'gb18030'],
  [136, 'big5'],
  [161, 'windows-1253'],
  [162, 'windows-1254'],
  [163, 'windows-1258'],
  [177, 'windows-1255'],
  [178, 'windows-1256'],
  [186, 'windows-1257'],
  [204, 'windows-1251'],
  [222, 'windows-874'],
  [238, 'windows-1250'],
])

interface Group {
  isSkipped: boolean
  isFontTable: boolean
  isField: boolean
  isHtmlTag: boolean
  /** Text that only RTF readers show: it repeats what the HTML tags say. */
  isRtfOnly: boolean
  /** Characters that follow a `\u` as its replacement. */
  replacement: number
  font: number
}

// one alternative each, every one takes at least a character: linear
const TOKEN = /\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-f]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|./gis

/** Reads RTF bytes in one pass; damage only makes the text odd. */
export function readRtf(bytes: Buffer): RtfContent {
  return new RtfReader().read(bytes.toString('latin1'))
}

class RtfReader {
  readonly #text: string[] = []
  readonly #html: string[] = []
  readonly #links: string[] = []
  readonly #fonts = new Map<number, string>()
  #charset = 'windows-1252'
  #isHtml = false
  #field = ''
  #pending: number[] = []
  #toSkip = 0
  #isStarred = false
  #group: Group = {
    isSkipped: false,
    isFontTable: false,
    isField: false,
    isHtmlTag: false,
    isRtfOnly: false,
    replacement: 1,
    font: -1,
  }
  readonly #stack: Group[] = []

  read(rtf: string): RtfContent {
    for (const match of rtf.matchAll(TOKEN)) {
      const [, word, number, hex, symbol, brace, plain] = match
      if (word !== undefined)
        this.control(word.toLowerCase(), number === undefined ? undefined : Number(number))
      else if (hex !== undefined) this.byte(Number.parseInt(hex, 16))
      else if (symbol !== undefined) this.symbol(symbol)
      else if (brace === '{') this.push()
      else if (brace === '}') this.pop()
      else if (plain !== undefined) for (let at = 0; at < plain.length; at++) this.byte(plain.charCodeAt(at))
    }
    this.flush()
    this.endField()
    return {
      text: this.#text.join(''),
      html: this.#isHtml ? this.#html.join('') : undefined,
      links: this.#links,
    }
  }

  private push(): void {
    this.flush()
    this.#isStarred = false
    if (this.#stack.length < MAX_DEPTH) this.#stack.push(this.#group)
    this.#group = { ...this.#group }
  }

  private pop(): void {
    this.flush()
    const wasField = this.#group.isField
    this.#group = this.#stack.pop() ?? this.#group
    if (wasField && !this.#group.isField) this.endField()
  }

  private control(word: string, number: number | undefined): void {
    if (word !== 'u') this.flush()
    const group = this.#group
    const starred = this.#isStarred
    this.#isStarred = false
    const character = CHARACTERS.get(word)
    if (character !== undefined) this.say(character)
    else if (word === 'u') this.unicode(number ?? 0)
    else if (word === 'uc') group.replacement = Math.min(Math.max(number ?? 1, 0), 16)
    else if (word === 'ansicpg') this.#charset = `windows-${number ?? 1252}`
    else if (word === 'fonttbl') group.isFontTable = true
    else if (word === 'f') group.font = number ?? -1
    else if (word === 'fcharset') {
      const charset = FONT_CHARSETS.get(number ?? 0)
      if (group.isFontTable && charset !== undefined) this.#fonts.set(group.font, charset)
    } else if (word === 'fromhtml') this.#isHtml = number !== 0
    else if (word === 'htmltag') group.isHtmlTag = true
    else if (word === 'htmlrtf') group.isRtfOnly = number !== 0
    else if (word === 'fldinst') group.isField = true
    else if (SKIPPED.has(word) || (starred && word !== 'fldrslt')) group.isSkipped = true
  }

  private symbol(symbol: string): void {
    if (symbol === '*') this.#isStarred = true
    else if (symbol === '~') this.say(' ')
    else if (symbol === '_') this.say('-')
    else if (symbol === '\r' || symbol === '\n') this.say('\n')
    else if (symbol === '\\' || symbol === '{' || symbol === '}') this.byte(symbol.charCodeAt(0))
  }

  private unicode(number: number): void {
    this.flush()
    this.say(String.fromCharCode(number & 0xffff))
    this.#toSkip = this.#group.replacement
  }

  private byte(byte: number): void {
    if (this.#toSkip > 0) this.#toSkip--
    else if (!this.isHidden()) this.#pending.push(byte & 0xff)
  }

  private isHidden(): boolean {
    return this.#group.isSkipped || this.#group.isFontTable
  }

  /** 8-bit characters wait for their neighbours: some charsets use two bytes for one. */
  private flush(): void {
    this.#toSkip = 0
    if (this.#pending.length === 0) return
    const charset = this.#fonts.get(this.#group.font) ?? this.#charset
    const bytes = Uint8Array.from(this.#pending)
    this.#pending = []
    this.say(decodeText(bytes, charset))
  }

  private say(text: string): void {
    if (this.isHidden()) return
    const group = this.#group
    if (group.isField) this.#field += text.slice(0, 8_192 - this.#field.length)
    else if (group.isHtmlTag) this.#html.push(text)
    else if (!group.isRtfOnly) {
      this.#html.push(text)
      this.#text.push(text)
    }
  }

  private endField(): void {
    const target = /HYPERLINK\s+(?:\\[a-z]\s+)*"([^"]+)"/i.exec(this.#field)?.[1]
    if (target !== undefined && this.#links.length < MAX_LINKS) this.#links.push(target)
    this.#field = ''
  }
}
