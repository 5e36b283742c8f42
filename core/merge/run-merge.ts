import type { MergeChoice, MergeResult } from '../contract/nouns/merge.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { findChain, keepChain, keepChainsWithin } from '../store/merged-audit.ts'
import type { WriteStore } from '../store/store.ts'
import { compareCases, type Comparison } from './compare-cases.ts'
import type { OtherCase } from './open-other.ts'
import { type Difference, type KeptChange, type Part } from './part.ts'
import { parts } from './registry.ts'

const insertMerge = `INSERT INTO case_merge (at, by_name, case_id, file, chain_id, entries, head, counts) VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
const insertItem =
  'INSERT INTO merge_item (merge_id, position, part, item, before, after) VALUES (?, ?, ?, ?, ?, ?)'
const settle = `INSERT INTO merge_settled (part, item, mine, theirs, choice, merge_id) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (part, item) DO UPDATE SET mine = excluded.mine, theirs = excluded.theirs, choice = excluded.choice, merge_id = excluded.merge_id`
/** Conflicts named in an error or an audit entry; the rest is counted. */
const MAX_NAMED = 100

export interface MergeWishes {
  readonly by: string
  readonly choices: ReadonlyMap<string, MergeChoice>
  readonly prefer: 'mine' | 'theirs' | null
  readonly without: readonly string[]
  readonly fingerprint: string | null
  readonly at: number
}

interface Decided {
  readonly difference: Difference
  readonly choice: MergeChoice
}

/** How each difference is met. @throws WorkbenchError `merge.conflicts`, `request.invalid` */
function decide(differences: readonly Difference[], { choices, prefer }: MergeWishes): Decided[] {
  const ids = new Set(differences.map(({ id }) => id))
  for (const id of choices.keys())
    if (!ids.has(id)) throw new WorkbenchError('request.invalid', { field: 'choices', problem: id })
  const open: string[] = []
  const decided = differences.flatMap((difference): Decided[] => {
    const { id, action } = difference
    const wish = choices.get(id)
    // What follows from the order of things can be refused as well: mine stays.
    if (action !== 'conflict') return [{ difference, choice: wish ?? 'theirs' }]
    const choice = wish ?? prefer
    if (choice === null || !difference.choices.includes(choice)) {
      open.push(id)
      return []
    }
    return [{ difference, choice }]
  })
  if (open.length > 0)
    throw new WorkbenchError('merge.conflicts', { count: open.length, conflicts: open.slice(0, MAX_NAMED) })
  return decided
}

/** What a part is to write, with the part. */
function changesOf(decided: readonly Decided[]): [Part, KeptChange[]][] {
  return parts.flatMap((part) => {
    const changes = decided.flatMap(({ difference, choice }) =>
      difference.part === part.id ? difference.changesFor(choice) : [],
    )
    return changes.length === 0 ? [] : [[part, changes] as [Part, KeptChange[]]]
  })
}

/** How an item stands on our side once the choice was made. */
const standingAfter = (part: Part, { difference, choice }: Decided): string => {
  const change = difference.changesFor(choice).find(({ item }) => item === difference.item)
  return change === undefined ? difference.mine : part.digest(change.after)
}

export type Merged = Pick<MergeResult, 'merge' | 'changed' | 'settled' | 'parts'>

/**
 * Compares once more and writes, all in one transaction: what was decided, where each change comes from, the log of the other case, and
 * one entry in ours. With nothing to bring and nothing to settle from a log that is kept already, nothing is written.
 * @throws WorkbenchError `merge.conflicts`, `merge.changed`, `request.invalid`
 */
export function runMerge(db: WriteStore, other: OtherCase, wishes: MergeWishes): Merged {
  return db.transaction((): Merged => {
    const { at, by } = wishes
    const compared: Comparison = compareCases(db, other, by, wishes.without)
    if (wishes.fingerprint !== null && wishes.fingerprint !== compared.fingerprint)
      throw new WorkbenchError('merge.changed', { file: other.info.file })
    const decided = decide(compared.differences, wishes)
    const isKnown = findChain(db, other.db, other.info.caseId) !== undefined
    if (decided.length === 0 && isKnown) return { merge: null, changed: 0, settled: 0, parts: compared.parts }
    const work = changesOf(decided)
    const changed = work.reduce((sum, [, changes]) => sum + changes.length, 0)
    const { caseId, file, auditEntries, auditHead, sharedEntries } = other.info
    const chain = keepChain(db, other.db, caseId)
    if (other.db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'merged_chain'`).get() !== undefined)
      keepChainsWithin(db, other.db)
    const counts = JSON.stringify(compared.parts)
    const made = db.prepare(insertMerge).pluck()
    const merge = made.get(at, by, caseId, file, chain, auditEntries, auditHead, counts) as number
    const keep = db.prepare(insertItem)
    let position = 0
    for (const [part, changes] of work) {
      part.write({ db, other: other.db, at, who: by }, changes)
      for (const { item, before, after } of changes)
        keep.run(merge, (position += 1), part.id, item, before, after)
    }
    // A refused change is settled too, or it would come back with every merge.
    const settled = decided.filter(
      ({ difference, choice }) => difference.action === 'conflict' || choice === 'mine',
    )
    for (const one of settled) {
      const { part: id, item, theirs } = one.difference
      const part = parts.find((candidate) => candidate.id === id)
      if (part) db.prepare(settle).run(id, item, standingAfter(part, one), theirs, one.choice, merge)
    }
    appendAudit(db, {
      at,
      action: 'case.merge',
      details: {
        merge,
        by,
        case: caseId,
        file,
        head: auditHead,
        entries: auditEntries,
        shared: sharedEntries,
        changed: Object.fromEntries(work.map(([part, changes]) => [part.id, changes.length])),
        without: wishes.without,
        settled: settled.length,
        choices: settled
          .slice(0, MAX_NAMED)
          .map(({ difference, choice }) => `${difference.part} ${difference.id} ${choice}`),
      },
    })
    return { merge: String(merge), changed, settled: settled.length, parts: compared.parts }
  })()
}
