import type { ReadStore, WriteStore } from '../../store/store.ts'
import { Growing } from './growing.ts'
import { addByte, finish, HASH_START } from './hash.ts'
import { Lines } from './lines.ts'
import { toUint32 } from './typed.ts'

/**
 * The hosts of all URLs of the case as one text, with the hashes of them and of their parent domains and the row ids of their URLs: going through a million rows costs ten times as much as
 * going through these bytes. New URLs come in parts of their own; a trigger drops everything as soon as a URL is deleted or changed
 * (migration 0030), so that what is there is never wrong, only incomplete.
 */
const parts = 'SELECT hosts, starts, names, name_counts, first, ids FROM url_table ORDER BY part'
const state = 'SELECT coalesce(max(last_id), 0) AS last, count(*) AS parts FROM url_table'
const newest = 'SELECT coalesce(max(id), 0) FROM url'
const clear = 'DELETE FROM url_table'
const insert =
  'INSERT INTO url_table (last_id, hosts, starts, names, name_counts, first, ids) VALUES (?, ?, ?, ?, ?, ?, ?)'
const rows = 'SELECT id, host FROM url WHERE id > ? ORDER BY host, id'
/** More parts than this are made one: each is gone through by itself. */
const MAX_PARTS = 8

/** Hosts, a line feed between them, and the URLs of each. */
export interface UrlPart {
  readonly hosts: Uint8Array
  /** Per host where it begins; ends one below the beginning of the next. */
  readonly starts: Uint32Array
  /** Hashes (see `finish`) of all names of all hosts: of each host its parent domains, shortest first, and then itself. */
  readonly names: Uint32Array
  /** Per host how many names it has. */
  readonly nameCounts: Uint8Array
  /** Per host the place of its first id; one more at the end. */
  readonly first: Uint32Array
  readonly ids: Uint32Array
}

interface Row {
  readonly hosts: Buffer
  readonly starts: Buffer
  readonly names: Buffer
  readonly name_counts: Buffer
  readonly first: Buffer
  readonly ids: Buffer
}

/** @returns undefined when the parts do not hold every URL of the case */
export function readPackedUrls(db: ReadStore): UrlPart[] | undefined {
  const { last } = db.prepare(state).get() as { last: number }
  if (last !== (db.prepare(newest).pluck().get() as number)) return undefined
  return (db.prepare(parts).all() as Row[]).map((row) => ({
    hosts: row.hosts,
    starts: toUint32(row.starts),
    names: toUint32(row.names),
    nameCounts: row.name_counts,
    first: toUint32(row.first),
    ids: toUint32(row.ids),
  }))
}

/** Adds what is new as a part; makes one of many. Cheap when there is nothing to do. Inside a transaction of the caller. */
export function packUrls(db: WriteStore): void {
  const before = db.prepare(state).get() as { last: number; parts: number }
  const last = db.prepare(newest).pluck().get() as number
  if (before.last === last) return
  const isAppended = before.parts < MAX_PARTS && before.last < last
  if (!isAppended) db.prepare(clear).run()
  const hosts = new Lines()
  const [starts, names, first, ids] = [new Growing(), new Growing(), new Growing(), new Growing()]
  const nameCounts: number[] = []
  let host: string | undefined
  for (const [id, name] of db
    .prepare(rows)
    .raw()
    .iterate(isAppended ? before.last : 0) as IterableIterator<[number, string]>) {
    if (name !== host) {
      starts.add(hosts.length)
      hosts.add(name)
      nameCounts.push(addNames(names, name))
      first.add(ids.length)
      host = name
    }
    ids.add(id)
  }
  first.add(ids.length)
  db.prepare(insert).run(
    last,
    hosts.bytes().subarray(0, -1),
    starts.bytes(),
    names.bytes(),
    Uint8Array.from(nameCounts),
    first.bytes(),
    ids.bytes(),
  )
}

const DOT = 0x2e
/** DNS names have at most 127 labels; of a crafted host with thousands the longer parents are left out, as `suffixesOf` does. */
const MAX_LABELS = 127

/** The hashes of a host and of its parents, read from the end: each falls off on the way. @returns how many */
function addNames(names: Growing, host: string): number {
  let hash = HASH_START
  let labels = 0
  let count = 1
  for (let at = host.length - 1; at >= 0; at--) {
    const byte = host.charCodeAt(at) & 0xff
    // No pattern is about a single label (see toPattern): `com` needs no asking.
    if (byte === DOT && labels++ > 0 && labels <= MAX_LABELS) {
      names.add(finish(hash))
      count += 1
    }
    hash = addByte(hash, byte)
  }
  names.add(finish(hash))
  return count
}
