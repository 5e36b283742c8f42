import { type ChainCheck, type ChainRow, chainRows, verifyChain } from './audit.ts'
import type { ReadStore, WriteStore } from './store.ts'

const chains = 'SELECT id FROM merged_chain WHERE case_id = ? ORDER BY id'
const headOf = 'SELECT seq, hash FROM merged_audit WHERE chain_id = ? ORDER BY seq DESC LIMIT 1'
const insertChain = 'INSERT INTO merged_chain (case_id) VALUES (?) RETURNING id'
const insertEntry = `INSERT INTO merged_audit (chain_id, seq, at, actor, action, details, evidence_id, previous, hash)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
const entryOf = 'SELECT hash FROM merged_audit WHERE chain_id = ? AND seq = ?'
const rowsOf = 'SELECT * FROM merged_audit WHERE chain_id = ? ORDER BY seq'
const ownEntry = 'SELECT hash FROM audit WHERE seq = ?'
const later = 'SELECT * FROM audit WHERE seq > ? ORDER BY seq'

/** A chain of another case that is kept here already, and how far it goes. */
export interface KnownChain {
  readonly id: number
  readonly entries: number
  readonly head: string
}

const known = (db: ReadStore, id: number): KnownChain => {
  const last = db.prepare(headOf).get(id) as { seq: number; hash: string } | undefined
  return { id, entries: last?.seq ?? 0, head: last?.hash ?? '' }
}

/**
 * The chain kept here that the log of another case goes on from, or is a part of; undefined when there is none. Two cases can have one
 * id (a copied file) and part later: what counts are the hashes.
 */
export function findChain(db: ReadStore, other: ReadStore, caseId: string): KnownChain | undefined {
  for (const id of db.prepare(chains).pluck().all(caseId) as number[]) {
    const chain = known(db, id)
    const last = db.prepare(entryOf)
    const theirs = other.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1').get() as
      { seq: number; hash: string } | undefined
    if (theirs === undefined || chain.entries === 0) continue
    const common = Math.min(chain.entries, theirs.seq)
    if (other.prepare(ownEntry).pluck().get(common) === last.pluck().get(id, common)) return chain
  }
  return undefined
}

/** Keeps the log of another case, or what it says beyond what is kept. @returns id of the chain. */
export function keepChain(db: WriteStore, other: ReadStore, caseId: string): number {
  const found = findChain(db, other, caseId)
  const id = found?.id ?? (db.prepare(insertChain).pluck().get(caseId) as number)
  const insert = db.prepare(insertEntry)
  for (const row of other.prepare(later).iterate(found?.entries ?? 0) as IterableIterator<ChainRow>)
    insert.run(
      id, row.seq, row.at, row.actor, row.action, row.details, row.evidence_id, row.previous, row.hash,
    ) // prettier-ignore
  return id
}

/** Keeps the chains that the other case itself keeps of others: who merges a merged case has all its logs. */
export function keepChainsWithin(db: WriteStore, other: ReadStore): void {
  const theirs = other.prepare('SELECT id, case_id FROM merged_chain ORDER BY id').all() as {
    id: number
    case_id: string
  }[]
  const insert = db.prepare(insertEntry)
  for (const chain of theirs) {
    const { entries, head } = known(other, chain.id)
    if (entries === 0) continue
    const present = (db.prepare(chains).pluck().all(chain.case_id) as number[]).find(
      (id) => db.prepare(entryOf).pluck().get(id, entries) === head,
    )
    if (present !== undefined) continue
    const id = db.prepare(insertChain).pluck().get(chain.case_id) as number
    for (const row of other.prepare(rowsOf).iterate(chain.id) as IterableIterator<ChainRow>)
      insert.run(
        id, row.seq, row.at, row.actor, row.action, row.details, row.evidence_id, row.previous, row.hash,
      ) // prettier-ignore
  }
}

/** How many entries two logs have in common from their start: two copies of one case share what was done before they parted. */
export function sharedEntries(db: ReadStore, other: ReadStore): number {
  const theirs = chainRows(other)
  let shared = 0
  for (const row of chainRows(db)) {
    const next = theirs.next()
    if (next.done === true || next.value.hash !== row.hash) break
    shared += 1
  }
  theirs.return?.()
  return shared
}

export interface MergedChain extends ChainCheck {
  readonly merge: number
  readonly by: string
  /** The chain holds the entry that the merge names, and the log of this case says so. */
  readonly isAnchored: boolean
}

const merges = 'SELECT id, by_name AS by, case_id, chain_id, entries, head FROM case_merge ORDER BY id'
const logged = `SELECT 1 FROM audit WHERE action = 'case.merge' AND json_extract(details, '$.merge') = @id
  AND json_extract(details, '$.head') = @head AND json_extract(details, '$.entries') = @entries`

/** Recomputes every chain that merges brought, and holds it against what our own log says of the merge. */
export function verifyMergedChains(db: ReadStore): MergedChain[] {
  const checked = new Map<number, ChainCheck>()
  return (
    db.prepare(merges).all() as { id: number; by: string; chain_id: number; entries: number; head: string }[]
  ).map((merge) => {
    const before = checked.get(merge.chain_id)
    const check =
      before ?? verifyChain(db.prepare(rowsOf).iterate(merge.chain_id) as IterableIterator<ChainRow>)
    checked.set(merge.chain_id, check)
    const { id, head, entries } = merge
    return {
      ...check,
      merge: id,
      by: merge.by,
      isAnchored:
        db.prepare(entryOf).pluck().get(merge.chain_id, entries) === head &&
        db.prepare(logged).get({ id, head, entries }) !== undefined,
    }
  })
}

/** Merges that the log names and the case does not hold any more. */
export const missingMerges = (db: ReadStore): number[] =>
  db
    .prepare(
      `SELECT json_extract(details, '$.merge') FROM audit WHERE action = 'case.merge'
        AND json_extract(details, '$.merge') NOT IN (SELECT id FROM case_merge) ORDER BY seq`,
    )
    .pluck()
    .all() as number[]
