import type { ShelfPack } from '../shelf.ts'
import type { ReadStore } from '../../store/store.ts'
import { addByte, finish, HASH_START } from './hash.ts'
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

/** Several entries of one host met by a host of the case. */
export type OnHost = (part: UrlPart, host: number, matches: readonly HostMatch[]) => void

/**
 * Meets all hosts of the case with all patterns in one pass over the bytes per pack. Whatever the filter lets through is looked up by its
 * hash and held against the text of the pattern.
 */
export function scanPacked({ packs, urls }: PackedCase, onHost: OnHost): void {
  for (const part of urls) {
    const perHost = new Map<number, HostMatch[]>()
    for (const [pack, patterns] of packs.entries()) {
      const found = scanHosts(part.hosts, part.first.length - 2, patterns.filter)
      for (let place = 0; place < found.length; place += FIELDS) {
        const [host = 0, whole = 0, start = 0, end = 0, hash = 0] = found.slice(place, place + FIELDS)
        let entry = patterns.find(part.hosts, start, end, hash)
        if (entry < 0) continue
        const matches = perHost.get(host) ?? []
        if (matches.length === 0) perHost.set(host, matches)
        for (; ; entry += 1) {
          if (whole === 1 || patterns.scopeOf(entry) === 'domain')
            matches.push({ pack, entry, isWhole: whole === 1, length: end - start })
          if (!patterns.hasNext(entry)) break
        }
      }
    }
    for (const [host, matches] of perHost) if (matches.length > 0) onHost(part, host, matches)
  }
}

const NEWLINE = 0x0a
const DOT = 0x2e
/** DNS names have at most 127 labels; a crafted host with thousands is cut there, as `suffixesOf` does. */
const MAX_LABELS = 127

/** Numbers per name that {@link scanHosts} lets through: host, whether it is the host itself, beginning, end, hash. */
const FIELDS = 5

/**
 * Reads the text of all hosts once, from its end: the hash of every parent domain falls off on the way. The bits of the filter are asked
 * in place, and what passes is written down as numbers: a call per name would cost more than the rest.
 * @param last number of the last host
 */
function scanHosts(hosts: Uint8Array, last: number, filter: NameFilter): number[] {
  const found: number[] = []
  const { bits } = filter
  const mask = bits.length - 1
  let host = last
  let end = hosts.length
  let hash = HASH_START
  let labels = 0
  for (let at = hosts.length - 1; at >= 0; at--) {
    const byte = hosts[at] ?? 0
    if (byte === NEWLINE) {
      const mixed = finish(hash)
      const pair = pairOf(mixed)
      if (((bits[mixed & mask] ?? 0) & pair) === pair) found.push(host, 1, at + 1, end, hash)
      host -= 1
      end = at
      hash = HASH_START
      labels = 0
      continue
    }
    if (byte === DOT) {
      // No pattern is about a single label (see toPattern): `com` needs no asking.
      if (labels > 0 && labels < MAX_LABELS) {
        const mixed = finish(hash)
        const pair = pairOf(mixed)
        if (((bits[mixed & mask] ?? 0) & pair) === pair) found.push(host, 0, at + 1, end, hash)
      }
      labels += 1
    }
    hash = addByte(hash, byte)
  }
  if (host >= 0 && filter.has(hash)) found.push(host, 1, 0, end, hash)
  return found
}
