import { createHash } from 'node:crypto'
import type { ByteWriter } from './evtx-bytes.ts'

/** BinXML value types used by the writer (formats.md A1.6). */
export const VALUE = {
  string: 0x01,
  u8: 0x04,
  u16: 0x06,
  u32: 0x08,
  u64: 0x0a,
  guid: 0x0f,
  time: 0x11,
  sid: 0x13,
  hex64: 0x15,
} as const

/** What stands inside an element or attribute: a fixed text or the n-th value of the template instance. */
export type Content =
  | { readonly text: string }
  | { readonly value: number; readonly valueKind: number; readonly isOptional?: boolean }
export interface ElementSpec {
  readonly name: string
  readonly attributes?: readonly (readonly [string, Content])[]
  readonly children?: readonly (ElementSpec | Content)[]
}

/** Names already written into the chunk: text -> chunk-relative offset. Written inline at first use, then referenced. */
export type NameTable = Map<string, number>

const STRING_BUCKETS = 128
const TEMPLATE_BUCKETS = 384

/** Hash of a BinXML name: h = h * 65599 + unit, low 16 bits (formats.md A1.4). */
export function hashName(name: string): number {
  let hash = 0
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 65599) + name.charCodeAt(i)) >>> 0
  return hash & 0xffff
}

function writeName(out: ByteWriter, names: NameTable, name: string): void {
  const known = names.get(name)
  if (known !== undefined) {
    out.u32(known)
    return
  }
  const hash = hashName(name)
  const bucket = STRING_BUCKETS + (hash % 64) * 4
  const at = out.position + 4
  out.u32(at).u32(out.readU32(bucket)).u16(hash).u16(name.length).utf16(name).u16(0)
  out.patchU32(bucket, at)
  names.set(name, at)
}

function writeContent(out: ByteWriter, content: Content): void {
  if ('text' in content) out.u8(0x05).u8(VALUE.string).u16(content.text.length).utf16(content.text)
  else
    out
      .u8(content.isOptional ? 0x0e : 0x0d)
      .u16(content.value)
      .u8(content.valueKind)
}

function writeElement(out: ByteWriter, names: NameTable, element: ElementSpec): void {
  const attributes = element.attributes ?? []
  const children = element.children ?? []
  out.u8(attributes.length > 0 ? 0x41 : 0x01).u16(0xffff)
  const sizeAt = out.position
  out.u32(0)
  writeName(out, names, element.name)
  if (attributes.length > 0) {
    const listAt = out.position
    out.u32(0)
    attributes.forEach(([name, content], index) => {
      out.u8(index < attributes.length - 1 ? 0x46 : 0x06)
      writeName(out, names, name)
      writeContent(out, content)
    })
    out.patchU32(listAt, out.position - listAt - 4)
  }
  if (children.length === 0) {
    out.u8(0x03)
  } else {
    out.u8(0x02)
    for (const child of children) {
      if ('name' in child) writeElement(out, names, child)
      else writeContent(out, child)
    }
    out.u8(0x04)
  }
  out.patchU32(sizeAt, out.position - sizeAt - 4)
}

/** Writes a resident template definition at the current position and links it into the chunk's template buckets. */
export function writeTemplate(out: ByteWriter, names: NameTable, identity: string, root: ElementSpec): void {
  const guid = createHash('md5').update(identity).digest()
  const at = out.position
  const bucket = TEMPLATE_BUCKETS + (guid.readUInt32LE(0) % 32) * 4
  out.u32(out.readU32(bucket)).raw(guid)
  out.patchU32(bucket, at)
  const sizeAt = out.position
  out.u32(0)
  out.u8(0x0f).u8(1).u8(1).u8(0)
  writeElement(out, names, root)
  out.u8(0x00)
  out.patchU32(sizeAt, out.position - sizeAt - 4)
}

/** First four bytes of the template GUID: its short id in a template instance. */
export function templateShortId(identity: string): number {
  return createHash('md5').update(identity).digest().readUInt32LE(0)
}
