import { ByteReader } from './byte-stream.ts'
import { problem, reasonOf, type Container, type Problem } from './container.ts'
import { memberName, NameCounter } from './member-name.ts'
import { PassMember } from './pass-member.ts'
import { BLOCK, isTarHeader, readPax, readTarHeader, text } from './tar-header.ts'

/** A tar of a million empty files; beyond this the rest is an issue. */
const MAX_MEMBERS = 100_000
/** A long name or a pax header of gigabytes would have to be held in memory. */
const MAX_META_BYTES = 1024 * 1024

const FILES = new Set(['', '0', '7'])
const META = new Set(['L', 'K', 'x', 'g'])
/** Folders and the label of a volume hold nothing. */
const NOTHING = new Set(['5', 'V'])

const padded = (size: number) => Math.ceil(size / BLOCK) * BLOCK

/**
 * tar: ustar, GNU (long names, sizes above 8 GiB) and pax, read in one pass; sparse files and links are named and left
 * out. Written here because a reader is needed that hands on what stood before a cut, holds no header of any size in
 * memory, and knows the offset of each member to open it twice.
 */
const container: Container = {
  id: 'tar',
  isCoding: false,
  recognises: (head) => isTarHeader(head.subarray(0, BLOCK)),
  async *list(source) {
    const reader = new ByteReader(source.open())
    const names = new NameCounter()
    let pax: ReadonlyMap<string, string> = new Map()
    let global: ReadonlyMap<string, string> = new Map()
    let longName: string | undefined
    let members = 0
    try {
      for (;;) {
        const block = await reader.take(BLOCK)
        if (block.length === 0) return
        if (block.every((byte) => byte === 0)) {
          if (block.length === BLOCK) yield* rest(await reader.countRest())
          return
        }
        if (!isTarHeader(block)) {
          yield problem('', block.length < BLOCK ? 'archive.cut_off' : 'archive.broken_header', place(reader))
          return
        }
        const header = readTarHeader(block)
        const stated = pax.get('size') ?? global.get('size')
        const size = stated !== undefined && FILES.has(header.type) ? Number(stated) : header.size
        if (!Number.isSafeInteger(size) || size < 0) {
          yield problem(memberName(header.name), 'archive.broken_header', place(reader))
          return
        }
        const start = reader.position
        const end = start + padded(size)
        if (META.has(header.type)) {
          if (size > MAX_META_BYTES) yield problem('', 'archive.header_too_long', `${size} bytes`)
          else {
            const meta = await reader.take(size)
            if (header.type === 'x') pax = readPax(meta)
            else if (header.type === 'g') global = new Map([...global, ...readPax(meta)])
            else if (header.type === 'L') longName = text(meta)
          }
          if (!(await reader.skipTo(end))) yield problem('', 'archive.cut_off', place(reader))
          continue
        }
        const isSparse = header.type === 'S' || [...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))
        const raw =
          pax.get('GNU.sparse.name') ?? pax.get('path') ?? longName ?? global.get('path') ?? header.name
        const link = pax.get('linkpath') ?? header.link
        pax = new Map()
        longName = undefined
        const isFolder = NOTHING.has(header.type) || (raw.endsWith('/') && size === 0)
        if (!isFolder) {
          if (++members > MAX_MEMBERS) {
            yield problem('', 'archive.too_many_members', String(MAX_MEMBERS))
            return
          }
          const name = names.next(memberName(raw))
          if (isSparse) yield problem(name, 'archive.sparse_member', `${size} bytes`)
          else if (FILES.has(header.type))
            yield new PassMember(name, size, reader, (from) => source.open(start + from))
          else yield problem(name, 'archive.link_member', memberName(link))
        }
        if (!(await reader.skipTo(start + size))) {
          yield problem('', 'archive.cut_off', place(reader))
          return
        }
        // A last member without its padding is whole all the same.
        if (!(await reader.skipTo(end))) return
      }
    } catch (thrown) {
      yield problem('', 'archive.cut_off', `${place(reader)}: ${reasonOf(thrown)}`)
    } finally {
      await reader.close()
    }
  },
}
export default container

const place = (reader: ByteReader) => `byte ${reader.position}`

function* rest(bytes: number): Generator<Problem> {
  if (bytes > 0) yield problem('', 'archive.trailing_bytes', `${bytes} bytes`)
}
