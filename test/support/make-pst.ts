import { deflateSync } from 'node:zlib'
import { encodeValue, type PropertyList } from './make-msg.ts'

/**
 * Writes Outlook data files (MS-PST) as small as they can be: node and block tree, heaps, property contexts, recipient tables,
 * attachments and attached messages. Checksums are left out: readers of evidence must not depend on them.
 */
export interface PstAttachment {
  readonly properties: PropertyList
  readonly message?: PstMessage
}
export interface PstMessage {
  readonly properties: PropertyList
  readonly recipients?: readonly PropertyList[]
  readonly attachments?: readonly PstAttachment[]
}
export interface PstItem extends PstMessage {
  readonly id: number
  /** Node id of its folder. */
  readonly folder: number
}
export interface PstSpec {
  /** `unicode-4k` also packs its blocks, as Outlook does since 2013. */
  readonly format?: 'unicode' | 'ansi' | 'unicode-4k'
  /** 0 none, 1 permute, 2 cyclic. */
  readonly cipher?: 0 | 1 | 2
  /** Encodes a block; the importer's own decoder for ciphers that undo themselves. */
  readonly encode?: (bytes: Buffer, cipher: number, block: number) => void
  readonly name: string
  readonly folders: readonly { readonly id: number; readonly name: string; readonly parent: number }[]
  readonly items: readonly PstItem[]
}

interface NodeEntry {
  id: number
  data: bigint
  subnodes: bigint
  parent: number
}

/** Values beyond this go to a node of their own ([MS-PST] 2.3.3.3). */
const MAX_HEAP_ITEM = 3_580

export function makePst(spec: PstSpec): Buffer {
  return new PstWriter(spec).write()
}

class PstWriter {
  readonly #spec: PstSpec
  readonly #wide: 4 | 8
  readonly #isLarge: boolean
  readonly #blocks: { id: bigint; at: number; bytes: number; whole: number }[] = []
  readonly #nodes: NodeEntry[] = []
  readonly #out: Buffer[] = []
  #size = 0
  #block = 1n
  #local = 1
  #page = 1

  constructor(spec: PstSpec) {
    this.#spec = spec
    this.#wide = spec.format === 'ansi' ? 4 : 8
    this.#isLarge = spec.format === 'unicode-4k'
  }

  write(): Buffer {
    this.append(Buffer.alloc(1_024))
    this.node(0x21, 0, { 0x3001: this.#spec.name })
    for (const folder of this.#spec.folders) this.node(folder.id, folder.parent, { 0x3001: folder.name })
    for (const item of this.#spec.items) {
      const { data, subnodes } = this.message(item)
      this.#nodes.push({ id: item.id, data, subnodes, parent: item.folder })
    }
    const nodeRoot = this.tree(
      0x81,
      this.#nodes.sort((a, b) => a.id - b.id).map((node) => this.nodeEntry(node)),
    )
    const blockRoot = this.tree(
      0x80,
      this.#blocks.map((block) => this.blockEntry(block)),
    )
    const file = Buffer.concat(this.#out)
    file.write('!BDN', 0, 'latin1')
    file.write('SM', 8, 'latin1')
    file.writeUInt16LE(this.#isLarge ? 36 : this.#wide === 8 ? 23 : 14, 10)
    file.writeUInt16LE(19, 12)
    this.wide(nodeRoot).copy(file, this.#wide === 8 ? 0xe0 : 0xbc)
    this.wide(blockRoot).copy(file, this.#wide === 8 ? 0xf0 : 0xc4)
    file[this.#wide === 8 ? 0x200 : 0x1cc] = 0x80
    file[this.#wide === 8 ? 0x201 : 0x1cd] = this.#spec.cipher ?? 0
    return file
  }

  private wide(value: number | bigint): Buffer {
    const bytes = Buffer.alloc(this.#wide)
    if (this.#wide === 8) bytes.writeBigUInt64LE(BigInt(value))
    else bytes.writeUInt32LE(Number(value))
    return bytes
  }

  private append(bytes: Buffer): number {
    const at = this.#size
    this.#out.push(bytes)
    this.#size += bytes.length
    return at
  }

  /** Data of up to one block, or a list of blocks. @returns the block id */
  private store(bytes: Buffer): bigint {
    const most = this.#isLarge ? 65_512 : this.#wide === 8 ? 8_176 : 8_180
    if (bytes.length <= most) return this.block(bytes, false)
    const ids: Buffer[] = []
    for (let at = 0; at < bytes.length; at += most)
      ids.push(this.wide(this.block(bytes.subarray(at, at + most), false)))
    const head = Buffer.from([1, 1, 0, 0, 0, 0, 0, 0])
    head.writeUInt16LE(ids.length, 2)
    head.writeUInt32LE(bytes.length, 4)
    return this.block(Buffer.concat([head, ...ids]), true)
  }

  private block(bytes: Buffer, isInternal: boolean): bigint {
    const id = (this.#block++ << 2n) | (isInternal ? 2n : 0n)
    const coded = Buffer.from(bytes)
    if (!isInternal) this.#spec.encode?.(coded, this.#spec.cipher ?? 0, Number(id))
    const packed = this.#isLarge ? deflateSync(coded) : coded
    const stored = packed.length < coded.length ? packed : coded
    const [trailer, multiple] = this.#isLarge ? [24, 512] : [this.#wide === 8 ? 16 : 12, 64]
    const padded = Buffer.alloc(Math.ceil((stored.length + trailer) / multiple) * multiple)
    stored.copy(padded)
    this.#blocks.push({ id, at: this.append(padded), bytes: stored.length, whole: bytes.length })
    return id
  }

  private node(id: number, parent: number, properties: PropertyList): void {
    const subnodes: NodeEntry[] = []
    const data = this.store(this.propertyContext(properties, subnodes))
    this.#nodes.push({ id, data, subnodes: this.subnodes(subnodes), parent })
  }

  private message(message: PstMessage): { data: bigint; subnodes: bigint } {
    const subnodes: NodeEntry[] = []
    const data = this.store(this.propertyContext(message.properties, subnodes))
    if (message.recipients !== undefined)
      subnodes.push({ id: 0x692, data: this.store(this.table(message.recipients)), subnodes: 0n, parent: 0 })
    for (const attachment of message.attachments ?? []) {
      const inner: NodeEntry[] = []
      const object = attachment.message === undefined ? undefined : this.message(attachment.message)
      const id = (this.#local++ << 5) | 0x04
      if (object !== undefined) inner.push({ id, ...object, parent: 0 })
      const bytes = this.propertyContext(attachment.properties, inner, object === undefined ? undefined : id)
      const own = (this.#local++ << 5) | 0x05
      subnodes.push({ id: own, data: this.store(bytes), subnodes: this.subnodes(inner), parent: 0 })
    }
    return { data, subnodes: this.subnodes(subnodes) }
  }

  private subnodes(nodes: readonly NodeEntry[]): bigint {
    if (nodes.length === 0) return 0n
    const head = Buffer.alloc(this.#wide === 8 ? 8 : 4)
    head[0] = 2
    head.writeUInt16LE(nodes.length, 2)
    const entries = [...nodes]
      .sort((a, b) => a.id - b.id)
      .flatMap((node) => [this.wide(node.id), this.wide(node.data), this.wide(node.subnodes)])
    return this.block(Buffer.concat([head, ...entries]), true)
  }

  /** A heap whose root is a tree of property id -> value. @param object node id of an embedded message */
  private propertyContext(list: PropertyList, subnodes: NodeEntry[], object?: number): Buffer {
    const heap = new HeapWriter(0xbc)
    const rows = Object.entries(list)
      .map(([key, value]) => ({ id: Number(key), ...encodeValue(value) }))
      .sort((a, b) => a.id - b.id)
    const leaf = Buffer.alloc((rows.length + (object === undefined ? 0 : 1)) * 8)
    let at = 0
    const put = (id: number, type: number, value: Buffer): void => {
      leaf.writeUInt16LE(id, at)
      leaf.writeUInt16LE(type, at + 2)
      value.copy(leaf, at + 4, 0, 4)
      at += 8
    }
    if (object !== undefined) {
      const pair = Buffer.alloc(8)
      pair.writeUInt32LE(object)
      put(0x3701, 0x0d, heap.add(pair))
    }
    for (const { id, type, bytes } of rows) {
      if (bytes.length <= 4 && (type === 0x03 || type === 0x0b)) put(id, type, bytes)
      else if (bytes.length <= MAX_HEAP_ITEM) put(id, type, heap.add(bytes))
      else {
        const node = (this.#local++ << 5) | 0x1f
        subnodes.push({ id: node, data: this.store(bytes), subnodes: 0n, parent: 0 })
        const reference = Buffer.alloc(4)
        reference.writeUInt32LE(node)
        put(id, type, reference)
      }
    }
    const root = heap.add(leaf)
    return heap.finish(heap.add(Buffer.concat([Buffer.from([0xb5, 2, 6, 0]), root])))
  }

  /** A table with one column per property that any row has. */
  private table(rows: readonly PropertyList[]): Buffer {
    const heap = new HeapWriter(0x7c)
    const ids = [...new Set(rows.flatMap((row) => Object.keys(row).map(Number)))].sort((a, b) => a - b)
    const types = ids.map((id) => encodeValue(rows.find((row) => row[id] !== undefined)![id]!).type)
    const cellMap = ids.length * 4
    const rowBytes = cellMap + Math.ceil(ids.length / 8)
    const matrix = Buffer.alloc(rowBytes * rows.length)
    for (const [number, row] of rows.entries()) {
      for (const [column, id] of ids.entries()) {
        const value = row[id]
        if (value === undefined) continue
        const { type, bytes } = encodeValue(value)
        const cell = type === 0x03 || type === 0x0b ? bytes : heap.add(bytes)
        cell.copy(matrix, number * rowBytes + column * 4)
        matrix[number * rowBytes + cellMap + (column >> 3)]! |= 0x80 >> (column & 7)
      }
    }
    const head = Buffer.alloc(22 + ids.length * 8)
    head[0] = 0x7c
    head[1] = ids.length
    head.writeUInt16LE(cellMap, 2)
    head.writeUInt16LE(cellMap, 4)
    head.writeUInt16LE(cellMap, 6)
    head.writeUInt16LE(rowBytes, 8)
    heap.add(matrix).copy(head, 14)
    for (const [column, id] of ids.entries()) {
      const at = 22 + column * 8
      head.writeUInt16LE(types[column]!, at)
      head.writeUInt16LE(id, at + 2)
      head.writeUInt16LE(column * 4, at + 4)
      head[at + 6] = 4
      head[at + 7] = column
    }
    return heap.finish(heap.add(head))
  }

  private nodeEntry(node: NodeEntry): { key: Buffer; bytes: Buffer } {
    const parent = Buffer.alloc(this.#wide === 8 ? 8 : 4)
    parent.writeUInt32LE(node.parent)
    const key = this.wide(node.id)
    return { key, bytes: Buffer.concat([key, this.wide(node.data), this.wide(node.subnodes), parent]) }
  }

  private blockEntry(block: { id: bigint; at: number; bytes: number; whole: number }): {
    key: Buffer
    bytes: Buffer
  } {
    const sizes = Buffer.alloc(this.#wide === 8 ? 8 : 4)
    sizes.writeUInt16LE(block.bytes, 0)
    sizes.writeUInt16LE(this.#isLarge ? block.whole : 2, 2)
    const key = this.wide(block.id)
    return { key, bytes: Buffer.concat([key, this.wide(block.at), sizes]) }
  }

  /** Pages of a tree, leaves first. @returns where its root page lies */
  private tree(type: number, leaves: readonly { key: Buffer; bytes: Buffer }[]): number {
    let level = 0
    let entries = leaves
    for (;;) {
      const entryBytes = entries[0]?.bytes.length ?? this.#wide * 3
      const room = Math.floor((this.#isLarge ? 4_056 : this.#wide === 8 ? 488 : 496) / entryBytes)
      const above: { key: Buffer; bytes: Buffer }[] = []
      let first = -1
      for (let from = 0; from < Math.max(entries.length, 1); from += room) {
        const piece = entries.slice(from, from + room)
        const at = this.page(type, level, entryBytes, piece)
        if (first === -1) first = at
        const key = piece[0]?.key ?? this.wide(0)
        above.push({ key, bytes: Buffer.concat([key, this.wide(1), this.wide(at)]) })
      }
      if (above.length === 1) return first
      entries = above
      level++
    }
  }

  private page(
    type: number,
    level: number,
    entryBytes: number,
    entries: readonly { bytes: Buffer }[],
  ): number {
    const page = Buffer.alloc(this.#isLarge ? 4_096 : 512)
    Buffer.concat(entries.map((entry) => entry.bytes)).copy(page)
    const countAt = this.#isLarge ? 4_056 : this.#wide === 8 ? 488 : 496
    const most = Math.floor(countAt / entryBytes)
    const counts = this.#isLarge
      ? [entries.length & 255, entries.length >> 8, most & 255, most >> 8]
      : [entries.length, most]
    page.set([...counts, entryBytes, level], countAt)
    // pages lie at multiples of their size
    this.append(Buffer.alloc((page.length - (this.#size % page.length)) % page.length))
    const trailer = countAt + trailerAt(this.#isLarge, this.#wide)
    const id = this.#page++
    // [MS-PST] 5.5: the signature ties a page to its place
    const mixed = this.#size ^ id
    page.fill(type, trailer, trailer + 2)
    page.writeUInt16LE((mixed >>> 16) ^ (mixed & 0xffff), trailer + 2)
    page.writeUInt32LE(id, trailer + (this.#wide === 8 ? 8 : 4))
    return this.append(page)
  }
}

const trailerAt = (isLarge: boolean, wide: 4 | 8): number => (isLarge ? 16 : wide)

/** A heap of one block. */
class HeapWriter {
  readonly #items: Buffer[] = []
  readonly #client: number

  constructor(client: number) {
    this.#client = client
  }

  /** @returns the id of the item, as bytes */
  add(bytes: Buffer): Buffer {
    this.#items.push(bytes)
    const id = Buffer.alloc(4)
    id.writeUInt32LE(this.#items.length << 5)
    return id
  }

  finish(root: Buffer): Buffer {
    const head = Buffer.alloc(12)
    head[2] = 0xec
    head[3] = this.#client
    root.copy(head, 4)
    const offsets: number[] = [12]
    for (const item of this.#items) offsets.push(offsets.at(-1)! + item.length)
    const end = offsets.at(-1)!
    head.writeUInt16LE(end + (end & 1), 0)
    const map = Buffer.alloc(4 + offsets.length * 2)
    map.writeUInt16LE(this.#items.length, 0)
    for (const [index, offset] of offsets.entries()) map.writeUInt16LE(offset, 4 + index * 2)
    return Buffer.concat([head, ...this.#items, Buffer.alloc(end & 1), map])
  }
}
