import type { ReadStore, WriteStore } from '../../store/store.ts'
import { Lines } from './lines.ts'
import { toBytes, toUint32 } from './typed.ts'

/**
 * The hosts of all URLs of the case as one text, with the row ids of their URLs: going through a million rows costs ten times as much as
 * going through these bytes. New URLs come in parts of their own; a trigger drops everything as soon as a URL is deleted or changed
 * (migration 0030), so that what is there is never wrong, only incomplete.
 */
const parts = 'SELECT hosts, first, ids FROM url_table ORDER BY part'
const state = 'SELECT coalesce(max(last_id), 0) AS last, count(*) AS parts FROM url_table'
const newest = 'SELECT coalesce(max(id), 0) FROM url'
const clear = 'DELETE FROM url_table'
const insert = 'INSERT INTO url_table (last_id, hosts, first, ids) VALUES (?, ?, ?, ?)'
const rows = 'SELECT id, host FROM url WHERE id > ? ORDER BY host, id'
/** More parts than this are made one: each is gone through by itself. */
const MAX_PARTS = 8

/** Hosts, a line feed between them, and the URLs of each. */
export interface UrlPart {
  readonly hosts: Uint8Array
  /** Per host the place of its first id; one more at the end. */
  readonly first: Uint32Array
  readonly ids: Uint32Array
}

/** @returns undefined when the parts do not hold every URL of the case */
export function readPackedUrls(db: ReadStore): UrlPart[] | undefined {
  const { last } = db.prepare(state).get() as { last: number }
  if (last !== (db.prepare(newest).pluck().get() as number)) return undefined
  const found = db.prepare(parts).all() as { hosts: Buffer; first: Buffer; ids: Buffer }[]
  return found.map(({ hosts, first, ids }) => ({ hosts, first: toUint32(first), ids: toUint32(ids) }))
}

/** Adds what is new as a part; makes one of many. Cheap when there is nothing to do. Inside a transaction of the caller. */
export function packUrls(db: WriteStore): void {
  const before = db.prepare(state).get() as { last: number; parts: number }
  const last = db.prepare(newest).pluck().get() as number
  if (before.last === last) return
  const isAppended = before.parts < MAX_PARTS && before.last < last
  if (!isAppended) db.prepare(clear).run()
  const hosts = new Lines()
  const first: number[] = []
  const ids: number[] = []
  let host: string | undefined
  for (const [id, name] of db
    .prepare(rows)
    .raw()
    .iterate(isAppended ? before.last : 0) as IterableIterator<[number, string]>) {
    if (name !== host) {
      hosts.add(name)
      first.push(ids.length)
      host = name
    }
    ids.push(id)
  }
  first.push(ids.length)
  db.prepare(insert).run(
    last,
    hosts.bytes().subarray(0, -1),
    toBytes(Uint32Array.from(first)),
    toBytes(Uint32Array.from(ids)),
  )
}
