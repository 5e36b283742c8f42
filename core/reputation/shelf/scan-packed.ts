import type { ShelfPack } from '../shelf.ts'
import type { ReadStore } from '../../store/store.ts'
import { Growing } from './growing.ts'
import { type NameFilter, pairOf } from './name-filter.ts'
import { type PackedPatterns, readPackedPatterns } from './packed-patterns.ts'
import { readPackedUrls, type UrlPart } from './packed-urls.ts'

/** Packs and URLs of a case as arrays, ready to be gone through. */
export interface PackedCase {
  /** In the order of the packs. */
  readonly packs: readonly PackedPatterns[]
  readonly urls: readonly UrlPart[]
}

/** @returns undefined when something of the case is not packed (an older case that is only read): rows have to do then */
export function readPackedCase(db: ReadStore, packs: readonly ShelfPack[]): PackedCase | undefined {
  const urls = readPackedUrls(db)
  if (urls === undefined) return undefined
  const tables: PackedPatterns[] = []
  for (const { id } of packs) {
    const table = readPackedPatterns(db, id)
    if (table === undefined) return undefined
    tables.push(table)
  }
  return { packs: tables, urls }
}

/** An entry of some pack whose host is a host of the case or a parent domain of one. */
export interface HostMatch {
  /** Place of the pack. */
  readonly pack: number
  /** Place of the entry in its {@link PackedPatterns}. */
  readonly entry: number
  /** Labels below the host of the entry: 0 when it is the host itself, which alone pages, paths and hosts are compared with. */
  readonly isWhole: boolean
  /** Length of its host: the longer the more specific. */
  readonly length: number
}

/** Entries that a host of the case meets. The list is used again for the next host. */
export type OnHost = (part: UrlPart, host: number, matches: readonly HostMatch[]) => void

/**
 * Meets all hosts of the case with all patterns in one pass over the hashes of their names per pack. Whatever the filter lets through is looked up by its
 * hash and held against the text of the pattern.
 */
export function scanPacked({ packs, urls }: PackedCase, onHost: OnHost): void {
  for (const part of urls) {
    const walks = packs.map((patterns, pack) => new Walk(part, patterns, pack))
    const matches: HostMatch[] = []
    for (;;) {
      let host = part.nameCounts.length
      for (const walk of walks) if (walk.host < host) host = walk.host
      if (host === part.nameCounts.length) break
      matches.length = 0
      for (const walk of walks) if (walk.host === host) walk.meet(matches)
      if (matches.length > 0) onHost(part, host, matches)
    }
  }
}

/** One pack on its way through the names that its filter let through, from the first host to the last. */
class Walk {
  readonly #part: UrlPart
  readonly #patterns: PackedPatterns
  readonly #pack: number
  /** Places of names that may be in a pattern. */
  readonly #passed: Uint32Array
  #place = 0
  /** Number of the next host; that of no host at the end. */
  host = -1
  /** Place of the first name behind those of {@link host}. */
  #namesEnd = 0

  constructor(part: UrlPart, patterns: PackedPatterns, pack: number) {
    this.#part = part
    this.#patterns = patterns
    this.#pack = pack
    this.#passed = passedOf(part.names, patterns.filter)
    this.#seek()
  }

  /** Goes on to the host of the next name. */
  #seek(): void {
    const { nameCounts } = this.#part
    const name = this.#passed[this.#place]
    if (name === undefined) {
      this.host = nameCounts.length
      return
    }
    while (this.#namesEnd <= name) {
      this.host += 1
      this.#namesEnd += nameCounts[this.host] ?? 1
    }
  }

  /** Looks the names of this host up and goes on to the next host. */
  meet(matches: HostMatch[]): void {
    const { hosts, names, starts } = this.#part
    const start = starts[this.host] ?? 0
    const end = (starts[this.host + 1] ?? hosts.length + 1) - 1
    for (
      let name = this.#passed[this.#place];
      name !== undefined && name < this.#namesEnd;
      name = this.#passed[++this.#place]
    ) {
      const isWhole = name + 1 === this.#namesEnd
      const nameCount = this.#part.nameCounts[this.host] ?? 1
      const from = isWhole ? start : parentStart(hosts, end, name - (this.#namesEnd - nameCount))
      const first = this.#patterns.find(hosts, from, end, names[name] ?? 0)
      if (first >= 0) this.#take(matches, first, isWhole, end - from)
    }
    this.#seek()
  }

  #take(matches: HostMatch[], first: number, isWhole: boolean, length: number): void {
    for (let entry = first; ; entry++) {
      if (isWhole || this.#patterns.scopeOf(entry) === 'domain')
        matches.push({ pack: this.#pack, entry, isWhole, length })
      if (!this.#patterns.hasNext(entry)) return
    }
  }
}

const DOT = 0x2e

/** Where the parent domain of two labels (`place` 0), of three (1) ... of a host begins. */
function parentStart(hosts: Uint8Array, end: number, place: number): number {
  let at = end
  for (let dots = place + 2; dots > 0; dots--) at = hosts.lastIndexOf(DOT, at - 1)
  return at + 1
}

/** Places of the names that the filter lets through: it is asked in place, a call per name would cost more than the rest. */
function passedOf(names: Uint32Array, filter: NameFilter): Uint32Array {
  const { bits } = filter
  const mask = bits.length - 1
  const passed = new Growing()
  for (let name = 0; name < names.length; name++) {
    const mixed = names[name] ?? 0
    const pair = pairOf(mixed)
    if (((bits[mixed & mask] ?? 0) & pair) === pair) passed.add(name)
  }
  return passed.numbers()
}
