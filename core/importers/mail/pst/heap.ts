import { MapiProperties, type MapiValue } from '../mapi/properties.ts'
import type { NodeDatabase, PstNode } from './node-database.ts'

/** Levels of a tree on a heap; real ones have one or two. */
const MAX_LEVELS = 8
/** Entries of one tree and rows of one table: properties, recipients. */
const MAX_ENTRIES = 100_000

/** A node's data as a heap of small items ([MS-PST] 2.3.1), with its subnodes for the large ones. */
export class Heap {
  readonly #blocks: readonly Buffer[]
  readonly #database: NodeDatabase
  readonly subnodes: ReadonlyMap<number, PstNode>

  private constructor(
    database: NodeDatabase,
    blocks: readonly Buffer[],
    subnodes: ReadonlyMap<number, PstNode>,
  ) {
    this.#database = database
    this.#blocks = blocks
    this.subnodes = subnodes
  }

  /** @returns undefined when the node's data cannot be read or is no heap */
  static open(database: NodeDatabase, node: PstNode): Heap | undefined {
    const blocks = database.readBlocks(node.data)
    const first = blocks?.[0]
    if (blocks === undefined || first === undefined || first.length < 12 || first[2] !== 0xec)
      return undefined
    return new Heap(database, blocks, database.readSubnodes(node.subnodes))
  }

  /** Id of the item where reading begins. */
  get root(): number {
    return this.#blocks[0]?.readUInt32LE(4) ?? 0
  }

  /** One item; undefined for an id that is not there. */
  item(id: number): Buffer | undefined {
    if ((id & 0x1f) !== 0 || id === 0) return undefined
    const shift = this.#database.layout.heapBlockShift
    const index = (id >>> 5) & ((1 << (shift - 5)) - 1)
    const block = this.#blocks[id >>> shift]
    if (block === undefined || block.length < 4 || index === 0) return undefined
    const map = block.readUInt16LE(0)
    if (map + 4 > block.length || index > block.readUInt16LE(map)) return undefined
    const at = map + 4 + (index - 1) * 2
    if (at + 4 > block.length) return undefined
    const start = block.readUInt16LE(at)
    const end = block.readUInt16LE(at + 2)
    return end >= start && end <= block.length ? block.subarray(start, end) : undefined
  }

  /** Bytes behind an id that is either an item or a subnode. */
  value(id: number): Buffer | undefined {
    if (id === 0) return Buffer.alloc(0)
    if ((id & 0x1f) === 0) return this.item(id)
    const node = this.subnodes.get(id)
    return node === undefined ? undefined : this.#database.readData(node.data)
  }

  /** Data blocks behind an id: the rows of a table never cross a block. */
  blocks(id: number): readonly Buffer[] {
    const item = this.item(id)
    if (item !== undefined) return [item]
    const node = this.subnodes.get(id)
    return node === undefined ? [] : (this.#database.readBlocks(node.data) ?? [])
  }

  /** Leaves of the tree whose header is item `id` ([MS-PST] 2.3.2): key and value each. */
  tree(id: number): { readonly key: Buffer; readonly value: Buffer }[] {
    const header = this.item(id)
    if (header === undefined || header.length < 8 || header[0] !== 0xb5) return []
    const keyBytes = header[1] ?? 0
    const valueBytes = header[2] ?? 0
    const levels = header[3] ?? 0
    const found: { key: Buffer; value: Buffer }[] = []
    if (keyBytes === 0 || levels > MAX_LEVELS) return found
    const seen = new Set<number>()
    const visit = (item: number, level: number): void => {
      if (seen.has(item)) return
      seen.add(item)
      const bytes = this.item(item) ?? Buffer.alloc(0)
      const step = keyBytes + (level === 0 ? valueBytes : 4)
      for (let at = 0; at + step <= bytes.length && found.length < MAX_ENTRIES; at += step) {
        if (level > 0) visit(bytes.readUInt32LE(at + keyBytes), level - 1)
        else
          found.push({
            key: bytes.subarray(at, at + keyBytes),
            value: bytes.subarray(at + keyBytes, at + step),
          })
      }
    }
    visit(header.readUInt32LE(4), levels)
    return found
  }

  /** The heap as one object's properties ([MS-PST] 2.3.3). */
  properties(codePage: number | undefined): MapiProperties {
    const values = new Map<number, MapiValue>()
    for (const { key, value } of this.tree(this.root)) {
      if (key.length < 2 || value.length < 6) continue
      const type = value.readUInt16LE(0)
      values.set(key.readUInt16LE(0), { type, read: () => this.read(type, value.subarray(2, 6)) })
    }
    return new MapiProperties(values, codePage)
  }

  /** Values of up to four bytes stand in place, others behind an id. */
  private read(type: number, bytes: Buffer): Buffer {
    if (SMALL_TYPES.has(type)) return bytes
    return this.value(bytes.readUInt32LE(0)) ?? Buffer.alloc(0)
  }

  /** Rows of a table ([MS-PST] 2.3.4), each as properties. */
  rows(codePage: number | undefined): MapiProperties[] {
    const table = this.item(this.root)
    if (table === undefined || table.length < 22 || table[0] !== 0x7c) return []
    const columns = readColumns(table)
    const cellMap = table.readUInt16LE(6)
    const rowBytes = table.readUInt16LE(8)
    if (rowBytes === 0) return []
    const found: MapiProperties[] = []
    for (const block of this.blocks(table.readUInt32LE(14)))
      for (let at = 0; at + rowBytes <= block.length && found.length < MAX_ENTRIES; at += rowBytes)
        found.push(this.row(block.subarray(at, at + rowBytes), columns, cellMap, codePage))
    return found
  }

  private row(
    row: Buffer,
    columns: readonly Column[],
    cellMap: number,
    codePage: number | undefined,
  ): MapiProperties {
    const values = new Map<number, MapiValue>()
    for (const { id, type, at, bytes, bit } of columns) {
      const isThere = ((row[cellMap + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) !== 0
      const cell = row.subarray(at, at + bytes)
      if (!isThere || cell.length < bytes) continue
      const isPlain = SMALL_TYPES.has(type) || bytes > 4
      values.set(id, { type, read: () => (isPlain ? cell : this.read(type, cell)) })
    }
    return new MapiProperties(values, codePage)
  }
}

/** Types whose value has at most four bytes. */
const SMALL_TYPES = new Set([0x02, 0x03, 0x04, 0x0a, 0x0b])

interface Column {
  readonly id: number
  readonly type: number
  readonly at: number
  readonly bytes: number
  readonly bit: number
}

function readColumns(table: Buffer): Column[] {
  const columns: Column[] = []
  for (let index = 0, at = 22; index < (table[1] ?? 0) && at + 8 <= table.length; index++, at += 8)
    columns.push({
      type: table.readUInt16LE(at),
      id: table.readUInt16LE(at + 2),
      at: table.readUInt16LE(at + 4),
      bytes: table[at + 6] ?? 0,
      bit: table[at + 7] ?? 0,
    })
  return columns
}
