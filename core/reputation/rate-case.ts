import type { ReadStore } from '../store/store.ts'
import { parseUrl } from '../normalise/url.ts'
import { listShelfPacks } from './packs-stored.ts'
import { loadShelfByRows, readEntriesById } from './shelf-load.ts'
import { severityOf } from './severity.ts'
import { newestOf, Shelf, type InForce, type ShelfPack } from './shelf.ts'
import type { PackedCase, HostMatch } from './shelf/scan-packed.ts'
import { readPackedCase, scanPacked } from './shelf/scan-packed.ts'

/** What decides about a URL now. */
export interface Decided {
  /** Row id of the entry. */
  readonly entry: number
  /** Severity: 0 dangerous ... 4 safe. */
  readonly rank: number
}

const urlsOf = 'SELECT u.id, u.url FROM json_each(?) n CROSS JOIN url u ON u.id = n.value'
/** Names per look-up: see shelf-load.ts. */
const AT_ONCE = 50_000

/**
 * The deciding entry of every URL of the case that some pack in force speaks about. Hosts and domains are decided on the bytes; only
 * pages, paths, ports and entries with an end need the text of the URL.
 * @param at judge time in microseconds
 * @returns URL row id -> what decides
 */
export function rateCase(db: ReadStore, at: number): Map<number, Decided> {
  const packs = listShelfPacks(db)
  const inForce = newestOf(packs, (pack) => pack.isOff !== true)
  const packed = packs.length === 0 ? undefined : readPackedCase(db, packs)
  return packed === undefined ? rateByRows(db, at) : ratePacked(db, packs, packed, inForce, at)
}

/** The same by the rows of the case, where nothing is packed. */
export function rateByRows(db: ReadStore, at: number): Map<number, Decided> {
  const { shelf, touched } = loadShelfByRows(db)
  const inForce = shelf.inForceNow()
  const decided = new Map<number, Decided>()
  for (const { id, url } of touched) note(decided, shelf, inForce, id, url, at)
  return decided
}

function note(
  decided: Map<number, Decided>,
  shelf: Shelf,
  inForce: InForce,
  id: number,
  text: string,
  at: number,
): void {
  const url = parseUrl(text)
  const entry = url === undefined ? null : shelf.rate(url, inForce, at).entry
  if (entry?.id !== undefined) decided.set(id, { entry: entry.id, rank: severityOf(entry.level) })
}

function ratePacked(
  db: ReadStore,
  packs: readonly ShelfPack[],
  packed: PackedCase,
  inForce: InForce,
  at: number,
): Map<number, Decided> {
  const decided = new Map<number, Decided>()
  // Hosts of which an entry needs the text of the URL: all their entries go onto a shelf of their own.
  const entries = packs.map((): number[] => [])
  const urls: number[] = []
  scanPacked(packed, (part, host, all) => {
    const matches = all.filter(({ pack }) => inForce[pack] === 1)
    if (matches.length === 0) return
    const from = part.first[host] ?? 0
    const to = part.first[host + 1] ?? from
    if (matches.some(({ pack, entry }) => packed.packs[pack]?.isSpecial(entry))) {
      for (const { pack, entry } of matches) entries[pack]?.push(packed.packs[pack]?.ids[entry] ?? 0)
      for (let place = from; place < to; place++) urls.push(part.ids[place] ?? 0)
      return
    }
    const best = bestOf(matches, packed)
    if (best === undefined) return
    const table = packed.packs[best.pack]
    const found = { entry: table?.ids[best.entry] ?? 0, rank: table?.levelOf(best.entry) ?? 0 }
    for (let place = from; place < to; place++) decided.set(part.ids[place] ?? 0, found)
  })
  if (urls.length === 0) return decided
  const shelf = new Shelf(packs, readEntriesById(db, entries))
  const read = db.prepare(urlsOf).raw()
  urls.sort((a, b) => a - b)
  for (let place = 0; place < urls.length; place += AT_ONCE)
    for (const [id, text] of read.all(JSON.stringify(urls.slice(place, place + AT_ONCE))) as [
      number,
      string,
    ][])
      note(decided, shelf, inForce, id, text, at)
  return decided
}

/** Of entries about hosts and domains alone: the host, then the longest domain, then the newer pack, then the more severe. */
function bestOf(matches: readonly HostMatch[], packed: PackedCase): HostMatch | undefined {
  let best: HostMatch | undefined
  for (const match of matches) if (best === undefined || isBetter(match, best, packed)) best = match
  return best
}

function isBetter(match: HostMatch, best: HostMatch, { packs }: PackedCase): boolean {
  const isHost = packs[match.pack]?.scopeOf(match.entry) === 'host'
  const wasHost = packs[best.pack]?.scopeOf(best.entry) === 'host'
  if (isHost !== wasHost) return isHost
  if (match.length !== best.length) return match.length > best.length
  if (match.pack !== best.pack) return match.pack > best.pack
  return (packs[match.pack]?.levelOf(match.entry) ?? 0) < (packs[best.pack]?.levelOf(best.entry) ?? 0)
}
