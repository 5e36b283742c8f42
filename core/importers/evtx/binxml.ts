import { BrokenRecord, u16, u32 } from './bytes.ts'
import { ITEM_BYTES, STRING_VALUE, valueText } from './values.ts'

/** Text or the n-th value of the template instance. `isOptional`: leave the holder out when the value is null. */
export type Content =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly index: number; readonly isOptional: boolean }
export interface ElementNode {
  readonly kind: 'element'
  readonly name: string
  readonly attributes: readonly AttributeNode[]
  readonly children: readonly XmlNode[]
}
export interface AttributeNode {
  readonly name: string
  readonly content: readonly Content[]
}
export type XmlNode = ElementNode | Content

/** Real events nest about five elements deep; a file made of opening tags would exhaust the stack. */
const MAX_ELEMENT_DEPTH = 64
/** Names are field names; a length field of 65,535 on every name would copy the chunk thousands of times over. */
const MAX_NAME_UNITS = 1_024

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/** One chunk as BinXML sees it: its bytes and the names already met in it. */
export interface NameSource {
  readonly bytes: Buffer
  readonly names: Map<number, string>
  /** When set, collects every name reference met while parsing. */
  references?: NameReference[] | undefined
  /** For bytes that may have been overwritten: a name whose hash is wrong is none. */
  readonly verifiesNames?: boolean
}
/** A name field: where its u32 offset stands, the name, and whether the name structure follows right there. */
export interface NameReference {
  readonly at: number
  readonly name: string
  readonly isInline: boolean
}

/** The hash stored beside a name (formats.md A1.4). */
function nameHash(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65_599) + name.charCodeAt(i)) | 0
  return hash & 0xffff
}

/**
 * Parses BinXML elements (formats.md A1.4) into a small tree: a template definition or a fragment without template.
 * @param start first token; `end` first byte that no longer belongs to it
 * @param hasDependencyId false inside a value of type 0x21 that starts directly with an element
 * @throws BrokenRecord with the chunk-relative place
 */
export function parseXml(
  source: NameSource,
  start: number,
  end: number,
  hasDependencyId = true,
): ElementNode[] {
  const bytes = source.bytes
  let at = start

  function need(count: number): void {
    if (at + count > end) throw new BrokenRecord('xml_cut', at)
  }
  function readU16(): number {
    need(2)
    at += 2
    return u16(bytes, at - 2)
  }
  function readU32(): number {
    need(4)
    at += 4
    return u32(bytes, at - 4)
  }
  function readText(): string {
    const units = readU16()
    need(units * 2)
    at += units * 2
    return bytes.toString('utf16le', at - units * 2, at)
  }
  function readName(): string {
    const offset = readU32()
    const isInline = offset === at
    const known = source.names.get(offset)
    const units = u16(bytes, offset + 6)
    const nameEnd = offset + 8 + units * 2
    if (units > MAX_NAME_UNITS || nameEnd + 2 > bytes.length) throw new BrokenRecord('name_offset', at)
    const name = known ?? bytes.toString('utf16le', offset + 8, nameEnd)
    if (known === undefined) {
      if (source.verifiesNames === true && nameHash(name) !== u16(bytes, offset + 4))
        throw new BrokenRecord('name_hash', at)
      source.names.set(offset, name)
    }
    source.references?.push({ at: at - 4, name, isInline })
    if (isInline) {
      need(10 + units * 2)
      at = nameEnd + 2
    }
    return name
  }
  /** Reads a content token; undefined when the token at `at` is none. */
  function readContent(): Content | undefined {
    const token = bytes[at]! & 0xbf
    switch (token) {
      case 0x05: {
        need(2)
        const kind = bytes[at + 1]!
        at += 2
        if (kind === STRING_VALUE) return { kind: 'text', text: readText() }
        const size = ITEM_BYTES.get(kind)
        if (size === undefined) throw new BrokenRecord('literal_type', at - 1)
        need(size)
        at += size
        return { kind: 'text', text: valueText(bytes, kind, at - size, size) }
      }
      case 0x07:
        at += 1
        return { kind: 'text', text: readText() }
      case 0x08:
        at += 1
        return { kind: 'text', text: String.fromCharCode(readU16()) }
      case 0x09: {
        at += 1
        const name = readName()
        return { kind: 'text', text: ENTITIES.get(name) ?? `&${name};` }
      }
      case 0x0d:
      case 0x0e: {
        need(4)
        const index = u16(bytes, at + 1)
        at += 4
        return { kind: 'value', index, isOptional: token === 0x0e }
      }
      default:
        return undefined
    }
  }
  function readAttributes(hasList: boolean): AttributeNode[] {
    const attributes: AttributeNode[] = []
    if (!hasList) return attributes
    readU32()
    while (at < end && (bytes[at]! & 0xbf) === 0x06) {
      at += 1
      const name = readName()
      const content: Content[] = []
      for (let part = readContent(); part; part = at < end ? readContent() : undefined) content.push(part)
      attributes.push({ name, content })
    }
    return attributes
  }
  function skipInstruction(): boolean {
    if (bytes[at] === 0x0a) {
      at += 1
      readName()
      return true
    }
    if (bytes[at] === 0x0b) {
      at += 1
      readText()
      return true
    }
    return false
  }
  function readElement(depth: number): ElementNode {
    if (depth > MAX_ELEMENT_DEPTH) throw new BrokenRecord('xml_depth', at)
    const token = bytes[at]!
    at += 1
    if (hasDependencyId) readU16()
    readU32()
    const name = readName()
    const attributes = readAttributes((token & 0x40) !== 0)
    need(1)
    const children: XmlNode[] = []
    const close = bytes[at]!
    at += 1
    if (close === 0x03) return { kind: 'element', name, attributes, children }
    if (close !== 0x02) throw new BrokenRecord('xml_token', at - 1)
    for (;;) {
      need(1)
      const next = bytes[at]!
      if (next === 0x04) {
        at += 1
        return { kind: 'element', name, attributes, children }
      }
      if (next === 0x01 || next === 0x41) children.push(readElement(depth + 1))
      else if (!skipInstruction()) {
        const content = readContent()
        if (content === undefined) throw new BrokenRecord('xml_token', at)
        children.push(content)
      }
    }
  }

  const elements: ElementNode[] = []
  while (at < end) {
    const token = bytes[at]!
    if (token === 0x00) break
    if (token === 0x0f) {
      need(4)
      at += 4
    } else if (token === 0x01 || token === 0x41) elements.push(readElement(1))
    else if (!skipInstruction()) throw new BrokenRecord('xml_token', at)
  }
  return elements
}
