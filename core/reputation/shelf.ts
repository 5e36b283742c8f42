import type { RiskLevel } from '../model/verdict.ts'
import type { NormalUrl } from '../normalise/url.ts'
import { portOf, restOf, type Pattern } from './pattern.ts'
import { severityOf } from './severity.ts'

/** One stored pack as matching needs it; `position` is its place in time (oldest 0), order of import breaking ties. */
export interface ShelfPack {
  readonly id: number
  readonly name: string
  readonly version: string
  /** Microseconds UTC. */
  readonly createdAt: number
  /** Switched off by the analyst: it does not count now, but it did then. */
  readonly isOff?: boolean
}

/** A pattern with what its pack says of it. */
export interface ShelfEntry extends Pattern {
  /** Row id in the case; absent for a pack that is not stored. */
  readonly id?: number
  /** As the pack wrote it. */
  readonly text: string
  readonly level: RiskLevel
  /** Index into the shelf's packs. */
  readonly pack: number
  /** From then on the entry does not count; null: never. */
  readonly expiresAt: number | null
}

/** What the packs say of a URL: `entry` is null and `level` untested when no pattern covers it. */
export interface Rating {
  readonly level: RiskLevel
  readonly entry: ShelfEntry | null
}

const UNTESTED: Rating = Object.freeze({ level: 'untested', entry: null })

/** DNS names have at most 127 labels; a crafted host with thousands would make the suffix walk quadratic. */
const MAX_LABELS = 127

/** Which packs count: by index into {@link Shelf.packs}. */
export type InForce = Uint8Array

type Bucket = ShelfEntry | ShelfEntry[]

/** Path patterns of one host. Only lengths that exist are cut out of a URL's path, so long paths cost nothing. */
interface PathBucket {
  readonly lengths: Set<number>
  /** The lengths, longest first. */
  longestFirst: readonly number[]
  readonly byPath: Map<string, Bucket>
}

const newPathBucket = (): PathBucket => ({ lengths: new Set(), longestFirst: [], byPath: new Map() })

/**
 * All patterns of a case, or of one page of URLs, ready to be asked (JUDGE.md, "Matching URLs"): hash look-ups only, by page,
 * by path prefix, by host, and by each parent domain.
 */
export class Shelf {
  readonly packs: readonly ShelfPack[]
  /** Hosts with page or path patterns: most URLs are of other hosts, and need no key of host and path. */
  readonly #inner = new Set<string>()
  readonly #exact = new Map<string, Bucket>()
  readonly #paths = new Map<string, PathBucket>()
  readonly #hosts = new Map<string, Bucket>()
  readonly #domains = new Map<string, Bucket>()

  /** @param packs oldest first (createdAt, then order of import); entries refer to them by index */
  constructor(packs: readonly ShelfPack[], entries: Iterable<ShelfEntry>) {
    this.packs = packs
    for (const entry of entries) this.#add(entry)
    for (const bucket of this.#paths.values()) bucket.longestFirst = [...bucket.lengths].sort((a, b) => b - a)
  }

  #add(entry: ShelfEntry): void {
    switch (entry.scope) {
      case 'exact':
        this.#inner.add(entry.host)
        return put(this.#exact, `${entry.host}${entry.rest}`, entry)
      case 'host':
        return put(this.#hosts, entry.host, entry)
      case 'domain':
        return put(this.#domains, entry.host, entry)
      case 'path': {
        this.#inner.add(entry.host)
        const bucket = this.#paths.get(entry.host) ?? newPathBucket()
        this.#paths.set(entry.host, bucket)
        bucket.lengths.add(entry.rest.length)
        put(bucket.byPath, entry.rest, entry)
      }
    }
  }

  /** The newest version of every pack that existed at `at` (JUDGE.md: a newer version replaces the older). */
  inForceAt(at: number): InForce {
    return this.#newest((pack) => pack.createdAt <= at)
  }

  /**
   * The newest version of every pack up to and including pack `upTo` in time; of all packs without it. What is switched off does not
   * count: of a pack whose newest version is off, the one before it does.
   */
  inForceNow(upTo?: number): InForce {
    const last = upTo === undefined ? this.packs.length : this.packs.findIndex((pack) => pack.id === upTo)
    return this.#newest((pack, index) => index <= last && pack.isOff !== true)
  }

  #newest(counts: (pack: ShelfPack, index: number) => boolean): InForce {
    return newestOf(this.packs, counts)
  }

  /**
   * Rates a URL by the most specific pattern: page, longest path, host, longest domain; then the newer pack; within one pack
   * the more severe level.
   * @param at judge time in microseconds: entries expired by then do not count
   */
  rate(url: NormalUrl, inForce: InForce, at: number): Rating {
    const port = portOf(url)
    const best = (bucket: Bucket | undefined): ShelfEntry | undefined =>
      bucket === undefined ? undefined : pick(bucket, inForce, at, port, url.scheme === 'ftp')
    const isInner = this.#inner.has(url.host)
    const found =
      (isInner
        ? (best(this.#exact.get(`${url.host}${restOf(url)}`)) ?? this.#ratePath(url, best))
        : undefined) ??
      best(this.#hosts.get(url.host)) ??
      this.#rateDomain(url.host, best)
    return found === undefined ? UNTESTED : { level: found.level, entry: found }
  }

  #ratePath(
    url: NormalUrl,
    best: (bucket: Bucket | undefined) => ShelfEntry | undefined,
  ): ShelfEntry | undefined {
    const paths = this.#paths.get(url.host)
    if (paths === undefined) return undefined
    for (const length of paths.longestFirst) {
      if (length > url.path.length) continue
      if (length !== url.path.length && url.path.charCodeAt(length) !== 0x2f) continue
      const found = best(paths.byPath.get(url.path.slice(0, length)))
      if (found !== undefined) return found
    }
    return undefined
  }

  #rateDomain(
    host: string,
    best: (bucket: Bucket | undefined) => ShelfEntry | undefined,
  ): ShelfEntry | undefined {
    if (this.#domains.size === 0) return undefined
    let suffix = cutLabels(host)
    for (;;) {
      const found = best(this.#domains.get(suffix))
      if (found !== undefined) return found
      const dot = suffix.indexOf('.')
      if (dot < 0) return undefined
      suffix = suffix.slice(dot + 1)
    }
  }
}

/** Of the packs that count, the newest of each name. @param packs oldest first */
export function newestOf(
  packs: readonly ShelfPack[],
  counts: (pack: ShelfPack, index: number) => boolean,
): InForce {
  const newest = new Map<string, number>()
  for (const [index, pack] of packs.entries()) if (counts(pack, index)) newest.set(pack.name, index)
  const inForce = new Uint8Array(packs.length)
  for (const index of newest.values()) inForce[index] = 1
  return inForce
}

/** The last {@link MAX_LABELS} labels; a name within the limit of DNS (253 characters) has no more. */
const cutLabels = (host: string): string =>
  host.length <= 253 ? host : host.split('.').slice(-MAX_LABELS).join('.')

/** The host and its parent domains, longest first, at most {@link MAX_LABELS} of them; an address has no parents. */
export function suffixesOf(host: string): string[] {
  if (host.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(host)) return [host]
  let rest = cutLabels(host)
  const suffixes = [rest]
  for (let dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
    rest = rest.slice(dot + 1)
    suffixes.push(rest)
  }
  return suffixes
}

function put(map: Map<string, Bucket>, key: string, entry: ShelfEntry): void {
  const known = map.get(key)
  if (known === undefined) map.set(key, entry)
  else if (Array.isArray(known)) known.push(entry)
  else map.set(key, [known, entry])
}

function pick(
  bucket: Bucket,
  inForce: InForce,
  at: number,
  port: number,
  ftp: boolean,
): ShelfEntry | undefined {
  if (!Array.isArray(bucket)) return counts(bucket, inForce, at, port, ftp) ? bucket : undefined
  let best: ShelfEntry | undefined
  for (const entry of bucket) {
    if (!counts(entry, inForce, at, port, ftp)) continue
    if (best === undefined || isPreferred(entry, best)) best = entry
  }
  return best
}

/** `host` and `domain` patterns without a port cover ftp too; pages of web and ftp are different pages. */
function counts(entry: ShelfEntry, inForce: InForce, at: number, port: number, ftp: boolean): boolean {
  if (inForce[entry.pack] !== 1) return false
  if (entry.port !== null && entry.port !== port) return false
  if (entry.rest !== '' && entry.ftp !== ftp) return false
  return entry.expiresAt === null || entry.expiresAt > at
}

function isPreferred(entry: ShelfEntry, best: ShelfEntry): boolean {
  if (entry.pack !== best.pack) return entry.pack > best.pack
  return severityOf(entry.level) < severityOf(best.level)
}
