/** An element of an event's XML, without namespace prefixes. */
export interface XmlElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly (XmlElement | string)[]
}

/**
 * @property root undefined when the text holds no element
 * @property isWhole false when the text ends inside the root or a tag does not match: what was read is still there
 */
export interface XmlTree {
  readonly root: XmlElement | undefined
  readonly isWhole: boolean
}

/** Real events nest about six deep; a text made of opening tags must not become a tower of objects. */
const MAX_DEPTH = 64
/** A tag name or attribute list beyond this is no event; without it, one `<` in a broken text scans megabytes each time. */
const MAX_TAG_CHARS = 65_536

/** Real events have some hundreds of elements; megabytes of empty ones would become gigabytes of objects. */
const MAX_ELEMENTS = 50_000

const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(\w{1,32}));/gi

/** Text with the five entities of XML and character references resolved; any other entity stays as it is written. */
export function unescapeXml(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(REFERENCE, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? whole
    const code = decimal === undefined ? parseInt(hex ?? '0', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

interface OpenElement {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: (XmlElement | string)[]
}

/**
 * Parses one XML element and what is in it. Made for evidence, not for XML at large: control characters that XML forbids
 * are kept, a DOCTYPE is skipped and never obeyed, entities are never defined (no expansion, nothing external), and a
 * text that breaks off or closes the wrong tag gives what was read until then.
 */
export function parseXmlTree(text: string): XmlTree {
  const open: OpenElement[] = []
  let root: XmlElement | undefined
  let isWhole = true
  let at = 0
  let count = 0

  const addText = (raw: string): void => {
    if (raw !== '') open.at(-1)?.children.push(raw)
  }
  const close = (): void => {
    const done = open.pop()
    const parent = open.at(-1)
    if (done === undefined) return
    if (parent === undefined) root ??= done
    else parent.children.push(done)
  }
  const closeNamed = (name: string): void => {
    const index = open.findLastIndex((element) => element.name === name)
    if (index === -1 || index !== open.length - 1) isWhole = false
    if (index !== -1) while (open.length > index) close()
  }

  while (at < text.length && root === undefined) {
    const mark = text.indexOf('<', at)
    if (mark === -1) {
      addText(unescapeXml(text.slice(at)))
      break
    }
    if (mark > at) addText(unescapeXml(text.slice(at, mark)))
    const code = text.charCodeAt(mark + 1)
    if (code === BANG || code === QUESTION) {
      const special = skipSpecial(text, mark)
      if (special.isText) addText(text.slice(mark + 9, special.end - 3))
      else if (!special.isKnown) isWhole = false
      at = special.end
      continue
    }
    const end = tagEnd(text, mark)
    if (end === -1) {
      isWhole = false
      break
    }
    at = end + 1
    if (code === SLASH) closeNamed(localName(text.slice(mark + 2, end).trim()))
    else if (open.length >= MAX_DEPTH || ++count > MAX_ELEMENTS) return { root: rootOf(open), isWhole: false }
    else {
      const isEmpty = text.charCodeAt(end - 1) === SLASH
      open.push(readTag(text.slice(mark + 1, isEmpty ? end - 1 : end)))
      if (isEmpty) close()
    }
  }
  if (root !== undefined) return { root, isWhole }
  return { root: rootOf(open), isWhole: false }

  /** Closes what is still open, keeping what was read. */
  function rootOf(rest: readonly OpenElement[]): XmlElement | undefined {
    while (rest.length > 0) close()
    return root
  }
}

const BANG = 0x21
const QUESTION = 0x3f
const SLASH = 0x2f

/** CDATA is text; comments and instructions are nothing; any other `<!` (a DOCTYPE) does not belong here. */
function skipSpecial(text: string, mark: number): { end: number; isText: boolean; isKnown: boolean } {
  const isText = text.startsWith('<![CDATA[', mark)
  const isComment = text.startsWith('<!--', mark)
  const isInstruction = text.charCodeAt(mark + 1) === QUESTION
  const terminator = isText ? ']]>' : isComment ? '-->' : isInstruction ? '?>' : '>'
  const end = text.indexOf(terminator, mark + 2)
  // CDATA that never ends reaches to the end of the text; its terminator is thought behind it.
  const behind = end === -1 ? text.length + (isText ? 3 : 0) : end + terminator.length
  return { end: behind, isText, isKnown: isComment || isInstruction }
}

/** The `>` that ends the tag at `mark`; quoted attribute values may contain one. */
function tagEnd(text: string, mark: number): number {
  const limit = Math.min(text.length, mark + MAX_TAG_CHARS)
  let quote = 0
  for (let at = mark + 1; at < limit; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 0x3e) return at
    else if (code === 0x22 || code === 0x27) quote = code
  }
  return -1
}

function readTag(tag: string): OpenElement {
  const space = /\s/.exec(tag)?.index ?? tag.length
  return {
    name: localName(tag.slice(0, space)),
    attributes: space === tag.length ? NO_ATTRIBUTES : readAttributes(tag.slice(space)),
    children: [],
  }
}
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

function readAttributes(list: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  for (let at = 0; at < list.length;) {
    const equals = list.indexOf('=', at)
    if (equals === -1) break
    const name = list.slice(at, equals).trim()
    let open = equals + 1
    while (isSpace(list.charCodeAt(open))) open += 1
    const quote = list[open]
    const close = quote === '"' || quote === "'" ? list.indexOf(quote, open + 1) : -1
    if (close === -1) break
    if (!attributes.has(name)) attributes.set(name, unescapeXml(list.slice(open + 1, close)))
    at = close + 1
  }
  return attributes
}
function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
