import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { MergePlan } from '../contract/nouns/merge.ts'
import type { ReadStore } from '../store/store.ts'
import { KeyBook } from './keys.ts'
import type { OtherCase } from './open-other.ts'
import { type Difference, type Part, type Settled, settledKey, type Side, type Unreadable } from './part.ts'
import { parts } from './registry.ts'

const evidence = 'SELECT name, sha256, bytes, format FROM evidence ORDER BY id LIMIT ?'
const settledRows = 'SELECT part, item, mine, theirs FROM merge_settled LIMIT ?'
/** More files than this no case has; a forged one is read no further. */
const MAX_EVIDENCE = 1_000_000
const MAX_SETTLED = 200_000

const EvidenceItem = z.object({
  name: z.string().max(4000),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number().int().nonnegative(),
  format: z.string().max(200),
})
export type EvidenceItem = z.infer<typeof EvidenceItem>

/** Evidence by hash: the same hash is the same evidence, whatever it is called. */
export function compareEvidence(mine: ReadStore, other: ReadStore): MergePlan['evidence'] {
  const read = (db: ReadStore) =>
    (db.prepare(evidence).all(MAX_EVIDENCE) as unknown[]).flatMap((row) => {
      const parsed = EvidenceItem.safeParse(row)
      return parsed.success ? [parsed.data] : []
    })
  const [ours, theirs] = [read(mine), read(other)]
  const [here, there] = [new Set(ours.map((one) => one.sha256)), new Set(theirs.map((one) => one.sha256))]
  return {
    both: ours.filter(({ sha256 }) => there.has(sha256)).length,
    mineOnly: ours.filter(({ sha256 }) => !there.has(sha256)),
    theirsOnly: theirs.filter(({ sha256 }) => !here.has(sha256)),
  }
}

function readSettled(db: ReadStore): Settled {
  const settled = new Map<string, { mine: string; theirs: string }>()
  if (db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'merge_settled'`).get() === undefined)
    return settled
  const rows = db.prepare(settledRows).all(MAX_SETTLED) as Record<
    'part' | 'item' | 'mine' | 'theirs',
    string
  >[]
  for (const { part, item, mine, theirs } of rows) settled.set(settledKey(part, item), { mine, theirs })
  return settled
}

export interface Comparison {
  readonly parts: MergePlan['parts']
  readonly differences: readonly Difference[]
  readonly unreadable: MergePlan['unreadable']
  /** Of all that was compared. */
  readonly fingerprint: string
}

export const ourSide = (db: ReadStore): Side => ({ db, keys: new KeyBook(db, null), who: 'analyst' })

/** Everything in which the two cases differ, conflicts first. */
export function compareCases(
  mine: ReadStore,
  other: Pick<OtherCase, 'db' | 'info'>,
  by: string,
  without: readonly string[] = [],
): Comparison {
  const ours = ourSide(mine)
  const theirs: Side = { db: other.db, keys: new KeyBook(other.db, mine), who: by }
  const [settled, theirSettled] = [readSettled(mine), readSettled(other.db)]
  const differences: Difference[] = []
  const unreadable: MergePlan['unreadable'] = []
  const counts = parts
    .filter(({ id }) => !without.includes(id))
    .map((part: Part): MergePlan['parts'][number] => {
      const compared = part.compare(ours, theirs, settled, theirSettled)
      differences.push(...compared.differences)
      unreadable.push(...compared.unreadable.map((one: Unreadable) => ({ part: part.id, ...one })))
      const of = (action: Difference['action']) =>
        compared.differences.filter((one) => one.action === action).length
      return {
        part: part.id,
        add: of('add'),
        change: of('change'),
        remove: of('remove'),
        conflict: of('conflict'),
        same: compared.same,
        kept: compared.kept,
      }
    })
  const hash = createHash('sha256').update(JSON.stringify([other.info.auditHead, by]))
  for (const { id, action, mine: was, theirs: is } of differences)
    hash.update(`${id}|${action}|${was}|${is}\n`)
  return {
    parts: counts,
    differences: differences.sort(
      (a, b) => Number(b.action === 'conflict') - Number(a.action === 'conflict'),
    ),
    unreadable,
    fingerprint: hash.digest('hex').slice(0, 32),
  }
}
