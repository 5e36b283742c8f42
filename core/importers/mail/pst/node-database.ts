import { inflateSync } from 'node:zlib'
import { decodeBlock } from './cipher.ts'
import type { PstLayout } from './layout.ts'
import type { RandomAccess } from './random-access.ts'
import { BLOCK_PAGE, findLeaves, MAX_LEVEL, NODE_PAGE, parsePage, type TreePage } from './tree-page.ts'

/** Tree pages kept: the upper levels and the neighbourhood. */
const MAX_CACHED_PAGES = 4_000
/** A block may be named by any number of nodes: the bytes read in all, as a multiple of the file. */
const MAX_READ_FACTOR = 16
const MIN_READ_BYTES = 8 << 20
/** Subnodes of one node: attachments and recipients. */
const MAX_SUBNODES = 100_000
/** One node's data: Outlook refuses attachments beyond 150 MB. */
const MAX_NODE_BYTES = 192 << 20
/** Entries kept of pages found by searching a damaged file. */
const MAX_SALVAGED = 2_000_000

export interface PstNode {
  readonly id: number
  /** Block id of its data; 0 when there is none. */
  readonly data: bigint
  /** Block id of its subnodes; 0 when there are none. */
  readonly subnodes: bigint
  readonly parent: number
}

interface Block {
  readonly at: number
  readonly bytes: number
  /** Size after inflating, for 4 KiB stores; else as `bytes`. */
  readonly whole: number
}

/** The lowest layer of a store: nodes by id, and their blocks. Whatever cannot be read is undefined, never an error. */
export class NodeDatabase {
  readonly layout: PstLayout
  readonly #file: RandomAccess
  readonly #cipher: number
  readonly #nodeRoot: number
  readonly #blockRoot: number
  readonly #pages = new Map<number, TreePage | undefined>()
  /** Entries of pages found by searching the file, each with the id of its page. */
  readonly #salvaged = new Map<string, { readonly page: bigint; readonly entry: Buffer }>()
  #isSalvaged = false
  #toRead: number
  /** The read limit was met: what follows is unread. */
  isExhausted = false

  /** @param header the first 564 bytes or more */
  constructor(file: RandomAccess, header: Buffer, layout: PstLayout) {
    this.#file = file
    this.layout = layout
    this.#cipher = header[layout.cipherAt] ?? 0
    this.#nodeRoot = this.offset(header, layout.nodeRootAt)
    this.#blockRoot = this.offset(header, layout.blockRootAt)
    this.#toRead = Math.max(file.size * MAX_READ_FACTOR, MIN_READ_BYTES)
  }

  get cipher(): number {
    return this.#cipher
  }

  private wide(bytes: Buffer, at: number): bigint {
    if (at + this.layout.wide > bytes.length) return 0n
    return this.layout.wide === 4 ? BigInt(bytes.readUInt32LE(at)) : bytes.readBigUInt64LE(at)
  }

  private offset(bytes: Buffer, at: number): number {
    const value = this.wide(bytes, at)
    return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value)
  }

  private take(at: number, length: number): Buffer | undefined {
    this.#toRead -= length
    if (this.#toRead < 0) {
      this.isExhausted = true
      return undefined
    }
    if (at + length > this.#file.size) return undefined
    return this.#file.read(at, length)
  }

  private page(at: number, type: number): TreePage | undefined {
    if (this.#pages.has(at)) return this.#pages.get(at)
    if (this.#pages.size >= MAX_CACHED_PAGES) this.#pages.clear()
    const page = parsePage(this.take(at, this.layout.pageBytes), type, this.layout)
    this.#pages.set(at, page)
    return page
  }

  /** Entry of a tree leaf whose key is `key`; what the tree has lost may have been found by {@link salvage}. */
  private find(root: number, type: number, key: bigint): Buffer | undefined {
    return this.findInTree(root, type, key) ?? this.#salvaged.get(`${type} ${key}`)?.entry
  }

  private findInTree(root: number, type: number, key: bigint): Buffer | undefined {
    let page = this.page(root, type)
    let above = MAX_LEVEL + 1
    while (page !== undefined && page.level < above) {
      above = page.level
      let low = 0
      let high = page.count - 1
      // the last entry whose key is not above the wanted one
      while (low < high) {
        const middle = (low + high + 1) >> 1
        if (this.wide(page.entries, middle * page.entryBytes) <= key) low = middle
        else high = middle - 1
      }
      const entry = page.entries.subarray(low * page.entryBytes, (low + 1) * page.entryBytes)
      if (page.level === 0) return entry.length > 0 && this.wide(entry, 0) === key ? entry : undefined
      if (entry.length === 0 || this.wide(entry, 0) > key) return undefined
      page = this.page(this.offset(entry, this.layout.wide * 2), type)
    }
    return undefined
  }

  findNode(id: number): PstNode | undefined {
    const entry = this.find(this.#nodeRoot, NODE_PAGE, BigInt(id))
    return entry === undefined ? undefined : this.toNode(entry)
  }

  private toNode(entry: Buffer): PstNode {
    const { wide } = this.layout
    return {
      id: entry.readUInt32LE(0),
      data: this.wide(entry, wide),
      subnodes: this.wide(entry, wide * 2),
      parent: entry.length >= wide * 3 + 4 ? entry.readUInt32LE(wide * 3) : 0,
    }
  }

  /** Whether the roots of both trees can be read. */
  get hasRoots(): boolean {
    return (
      this.page(this.#nodeRoot, NODE_PAGE) !== undefined &&
      this.page(this.#blockRoot, BLOCK_PAGE) !== undefined
    )
  }

  /** Searches the whole file for pages of both trees, for what the trees themselves no longer reach; once. */
  salvage(): void {
    if (this.#isSalvaged) return
    this.#isSalvaged = true
    for (const leaf of findLeaves(this.#file, this.layout))
      for (let index = 0; index < leaf.count && this.#salvaged.size < MAX_SALVAGED; index++) {
        const entry = leaf.entries.subarray(index * leaf.entryBytes, (index + 1) * leaf.entryBytes)
        const key = `${leaf.type} ${this.wide(entry, 0)}`
        const known = this.#salvaged.get(key)
        if (known === undefined || known.page < leaf.id) this.#salvaged.set(key, { page: leaf.id, entry })
      }
  }

  /** Nodes that only {@link salvage} found, in order of their id. */
  *salvagedNodes(): Generator<PstNode> {
    const found = [...this.#salvaged]
      .filter(([key]) => key.startsWith(`${NODE_PAGE} `))
      .map(([, { entry }]) => this.toNode(entry))
      .sort((a, b) => a.id - b.id)
    for (const node of found)
      if (this.findInTree(this.#nodeRoot, NODE_PAGE, BigInt(node.id)) === undefined) yield node
  }

  /**
   * Every node in order of its id. Each page is read once, so that pages pointing at each other end.
   * @param onLost called with the offset of every page that cannot be read
   */
  *nodes(onLost: (offset: number) => void): Generator<PstNode> {
    const seen = new Set<number>()
    const open: { at: number; below: number }[] = [{ at: this.#nodeRoot, below: MAX_LEVEL + 1 }]
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next.at)) continue
      seen.add(next.at)
      const page = this.page(next.at, NODE_PAGE)
      if (page === undefined || page.level >= next.below) {
        onLost(next.at)
        continue
      }
      const children: { at: number; below: number }[] = []
      for (let index = 0; index < page.count; index++) {
        const entry = page.entries.subarray(index * page.entryBytes, (index + 1) * page.entryBytes)
        if (page.level === 0) yield this.toNode(entry)
        else children.push({ at: this.offset(entry, this.layout.wide * 2), below: page.level })
      }
      open.push(...children.reverse())
    }
  }

  private findBlock(id: bigint): Block | undefined {
    const { wide, kind } = this.layout
    const entry = this.find(this.#blockRoot, BLOCK_PAGE, id & ~1n)
    if (entry === undefined || entry.length < wide * 2 + 4) return undefined
    const bytes = entry.readUInt16LE(wide * 2)
    const whole = kind === 'unicode-4k' ? entry.readUInt16LE(wide * 2 + 2) : bytes
    return { at: this.offset(entry, wide), bytes, whole }
  }

  /** One block's content, deciphered and inflated. */
  private readBlock(id: bigint): Buffer | undefined {
    const block = this.findBlock(id)
    if (block === undefined) return undefined
    const bytes = this.take(block.at, block.bytes)
    if (bytes === undefined) return undefined
    const isInternal = (id & 2n) !== 0n
    const plain = block.whole > block.bytes ? inflate(bytes, block.whole) : bytes
    if (plain !== undefined && !isInternal) decodeBlock(plain, this.#cipher, Number(id & 0xffffffffn))
    return plain
  }

  /** Data blocks of a node in order; undefined when one cannot be read. */
  readBlocks(id: bigint): Buffer[] | undefined {
    if (id === 0n) return []
    const blocks: Buffer[] = []
    let bytes = 0
    const visit = (block: bigint, below: number): boolean => {
      const content = this.readBlock(block)
      if (content === undefined) return false
      if ((block & 2n) === 0n) {
        bytes += content.length
        blocks.push(content)
        return bytes <= MAX_NODE_BYTES
      }
      const level = content[1] ?? 0
      if (content[0] !== 1 || level === 0 || level >= below || content.length < 8) return false
      const count = content.readUInt16LE(2)
      for (let index = 0; index < count; index++)
        if (!visit(this.wide(content, 8 + index * this.layout.wide), level)) return false
      return true
    }
    return visit(id, 3) ? blocks : undefined
  }

  /** All data of a node as one piece. */
  readData(id: bigint): Buffer | undefined {
    const blocks = this.readBlocks(id)
    return blocks?.length === 1 ? blocks[0] : blocks && Buffer.concat(blocks)
  }

  /** Subnodes by id ([MS-PST] 2.2.2.8.3.3). What is damaged is left out. */
  readSubnodes(id: bigint): ReadonlyMap<number, PstNode> {
    const found = new Map<number, PstNode>()
    const { wide } = this.layout
    const visit = (block: bigint, below: number): void => {
      const content = block === 0n ? undefined : this.readBlock(block)
      if (content === undefined || content.length < 4 || content[0] !== 2) return
      const level = content[1] ?? 0
      if (level >= below) return
      const count = content.readUInt16LE(2)
      const start = wide === 8 ? 8 : 4
      const entryBytes = wide * (level === 0 ? 3 : 2)
      for (let index = 0; index < count && found.size < MAX_SUBNODES; index++) {
        const at = start + index * entryBytes
        if (at + entryBytes > content.length) return
        const child = this.wide(content, at + wide)
        if (level > 0) visit(child, level)
        else {
          const node = content.readUInt32LE(at)
          found.set(node, { id: node, data: child, subnodes: this.wide(content, at + wide * 2), parent: 0 })
        }
      }
    }
    visit(id, 2)
    return found
  }
}

function inflate(bytes: Buffer, whole: number): Buffer | undefined {
  try {
    return inflateSync(bytes, { maxOutputLength: Math.max(whole, 1) })
  } catch (error) {
    // a damaged block is one that cannot be read
    if (error instanceof Error && 'code' in error) return undefined
    throw error
  }
}
