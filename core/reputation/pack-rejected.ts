import { z } from 'zod'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { PackRejectedUnit } from './packs/pack-reader.ts'

/** Rejected entries kept of a pack, to be looked at: a file that is no pack at all could reject millions. */
export const MAX_REJECTED = 200

const put = `INSERT INTO case_info (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
const get = `SELECT iif(json_valid(i.value), i.value, NULL) FROM pack p JOIN case_info i ON i.key = 'pack_rejected:' || p.sha256 WHERE p.id = ?`

const Kept = z.array(z.object({ line: z.number(), text: z.string(), isCut: z.boolean() })).max(MAX_REJECTED)
type Rejected = z.infer<typeof Kept>

/** Keeps what a pack file held that is no pattern, by the hash of the file. */
export function keepRejected(db: WriteStore, sha256: string, rejected: readonly PackRejectedUnit[]): void {
  if (rejected.length === 0) return
  const kept: Rejected = rejected.map(({ line, text, isCut }) => ({ line, text, isCut }))
  db.prepare(put).run(`pack_rejected:${sha256}`, JSON.stringify(kept))
}

/** The first rejected entries of a pack; none of packs that were added before they were kept, or by a merge. */
export function listRejected(db: ReadStore, pack: number): Rejected {
  const text = db.prepare(get).pluck().get(pack)
  // What stands in a foreign case may be anything: what we would not have written is nothing.
  if (typeof text !== 'string') return []
  return Kept.safeParse(JSON.parse(text)).data ?? []
}
