import { P, type MapiAttachment, type MapiMessage } from '../mapi/message.ts'
import { Heap } from './heap.ts'
import type { NodeDatabase, PstNode } from './node-database.ts'

/** Node types and the fixed ids inside a message ([MS-PST] 2.2.2.1, 2.4.1). */
export const NODE = { folder: 0x02, message: 0x04, attachment: 0x05, store: 0x21, recipients: 0x692 } as const

export const nodeType = (id: number): number => id & 0x1f

/** Folders inside folders; a parent chain that loops ends here. */
const MAX_FOLDER_DEPTH = 64
const SEPARATOR = '/'

/** Folder names and the store's own name and code page, read once. */
export class PstStore {
  readonly #database: NodeDatabase
  readonly #folders = new Map<number, { name: string; parent: number }>()
  readonly #paths = new Map<number, string>()
  /** Display name of the store: exports of one mailbox have its address here. */
  readonly name: string | undefined
  readonly codePage: number | undefined

  constructor(database: NodeDatabase) {
    this.#database = database
    const store = database.findNode(NODE.store)
    const properties = store === undefined ? undefined : Heap.open(database, store)?.properties(undefined)
    this.name = properties?.text(P.displayName)
    this.codePage = properties?.number(0x3ffd) ?? properties?.number(0x3fde)
  }

  addFolder(node: PstNode): void {
    const heap = Heap.open(this.#database, node)
    const name = heap?.properties(this.codePage).text(P.displayName) ?? ''
    this.#folders.set(node.id, { name: name.replaceAll(SEPARATOR, '∕').slice(0, 256), parent: node.parent })
  }

  /** Path of folder names; the root, whose name is empty, is left out. */
  pathOf(folder: number): string {
    const known = this.#paths.get(folder)
    if (known !== undefined) return known
    const names: string[] = []
    let id = folder
    for (let depth = 0; depth < MAX_FOLDER_DEPTH; depth++) {
      const entry = this.#folders.get(id)
      if (entry === undefined) break
      if (entry.name !== '') names.unshift(entry.name)
      if (entry.parent === id) break
      id = entry.parent
    }
    const path = names.join(SEPARATOR)
    this.#paths.set(folder, path)
    return path
  }

  /** @returns undefined when the node's data cannot be read */
  openMessage(node: PstNode): MapiMessage | undefined {
    const heap = Heap.open(this.#database, node)
    if (heap === undefined) return undefined
    const properties = heap.properties(this.codePage)
    const page = properties.number(0x3ffd) ?? properties.number(0x3fde) ?? this.codePage
    return {
      properties,
      recipients: () => {
        const table = heap.subnodes.get(NODE.recipients)
        return table === undefined ? [] : (Heap.open(this.#database, table)?.rows(page) ?? [])
      },
      attachments: () => this.listAttachments(heap, page),
    }
  }

  private *listAttachments(heap: Heap, codePage: number | undefined): Generator<MapiAttachment> {
    for (const node of heap.subnodes.values()) {
      if (nodeType(node.id) !== NODE.attachment) continue
      const content = Heap.open(this.#database, node)
      if (content === undefined) continue
      const properties = content.properties(codePage)
      yield {
        properties,
        embedded: () => {
          // attach method 5: the value is the id of a subnode and its size ([MS-PST] 2.3.3.5)
          const object = properties.number(P.attachMethod) === 5 ? properties.bytes(P.attachData) : undefined
          const inner = object === undefined || object.length < 4 ? undefined : object.readUInt32LE(0)
          const node = inner === undefined ? undefined : content.subnodes.get(inner)
          return node === undefined ? undefined : this.openMessage(node)
        },
      }
    }
  }
}
