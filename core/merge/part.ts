import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { MergeChoice, MergeDifference, MergeSide, MergeSubject } from '../contract/nouns/merge.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import type { KeyBook } from './keys.ts'
import { relate } from './relate.ts'

/** A forged case could hold work without end: more than this of one kind is none of an analyst. */
const MAX_ITEMS = 100_000

/** One of the two cases that are compared. */
export interface Side {
  readonly db: ReadStore
  readonly keys: KeyBook
  /** What whoever works in it is called here. */
  readonly who: string
}

export interface Unreadable {
  readonly item: string
  readonly problem: string
}

/** The work of one kind in one case, by names that both cases use for the same thing. */
export interface Reading<S> {
  readonly items: ReadonlyMap<string, S>
  /** What stood there before, as {@link PartSpec.lineage} says it. */
  readonly history: ReadonlyMap<string, ReadonlySet<string>>
  readonly unreadable: readonly Unreadable[]
}

export interface Change<S> {
  readonly item: string
  readonly before: S | null
  readonly after: S | null
}

export interface WriteContext {
  readonly db: WriteStore
  /** The other case; null when a merge is taken back. */
  readonly other: ReadStore | null
  readonly at: number
  readonly who: string
}

/** One kind of work that is brought together: one file `<id>.part.ts`, found by registry.ts. */
export interface PartSpec<S> {
  readonly id: string
  /** Identities first: later parts name what they made. */
  readonly order: number
  /** A state as it is kept with the merge, to be told and taken back. */
  readonly state: z.ZodType<S>
  /** Tables it reads; a case from an older version without them holds no such work. */
  readonly tables: readonly string[]
  read(side: Side): Reading<S>
  /** Two states that say the same are one text. */
  same(state: S): string
  /** Names a state in a history; the same as `same` unless two who said the same independently must be told apart. */
  lineage?(state: S): string
  sort(state: S): string
  /** @param beside the other side of a conflict, where only what differs is worth telling */
  show(state: S, beside: S | null): MergeSide
  subject(mine: ReadStore, other: ReadStore | null, item: string, state: S): MergeSubject
  /** Both at once, where that makes sense. */
  join?(mine: S, theirs: S): S | null
  /** One of ours that speaks against one of theirs though they are about different items, and what becomes of it if theirs counts. */
  rival?(
    theirs: S,
    mine: ReadonlyMap<string, S>,
    others: ReadonlyMap<string, S>,
  ): { item: string; state: S } | undefined
  write(context: WriteContext, changes: readonly Change<S>[]): void
}

/** A change as it is kept: states as JSON. */
export interface KeptChange {
  readonly item: string
  readonly before: string | null
  readonly after: string | null
}

export interface Difference {
  readonly id: string
  readonly part: string
  readonly item: string
  readonly action: MergeDifference['action']
  /** What either side says, hashed: what a settled conflict is known by. */
  readonly mine: string
  readonly theirs: string
  readonly choices: readonly MergeChoice[]
  /** What is written for a choice; of what is no conflict, for `theirs`. */
  changesFor(choice: MergeChoice): readonly KeptChange[]
  describe(): MergeDifference
}

export interface Compared {
  readonly differences: readonly Difference[]
  readonly same: number
  readonly kept: number
  readonly unreadable: readonly Unreadable[]
}

/** Conflicts settled before, by part and item. */
export type Settled = ReadonlyMap<string, { readonly mine: string; readonly theirs: string }>
export const settledKey = (part: string, item: string): string => `${part}|${item}`

/** A part without the type of its states. */
export interface Part {
  readonly id: string
  readonly order: number
  readonly tables: readonly string[]
  compare(mine: Side, theirs: Side, settled: Settled, theirSettled: Settled): Compared
  /** How its items stand now, hashed as in {@link Difference}. */
  standing(mine: Side): Map<string, string>
  digest(state: string | null): string
  write(context: WriteContext, changes: readonly KeptChange[]): void
  describe(
    mine: ReadStore,
    change: KeptChange,
  ): { sort: string; subject: MergeSubject; before: MergeSide | null; after: MergeSide | null }
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)

const hasTables = (db: ReadStore, tables: readonly string[]): boolean =>
  tables.every(
    (name) =>
      db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`).get(name) !== undefined,
  )
const nothing = <S>(): Reading<S> => ({ items: new Map<string, S>(), history: new Map(), unreadable: [] })

/** Makes a part of what it says of itself: comparing, conflicts and keeping are the same for every kind of work. */
export function definePart<S>(spec: PartSpec<S>): Part {
  const lineage = (state: S): string => digestOf(spec.lineage?.(state) ?? spec.same(state))
  const digest = (state: S | undefined): string => (state === undefined ? '' : digestOf(spec.same(state)))
  const pack = (state: S | undefined): string | null => (state === undefined ? null : JSON.stringify(state))
  const unpack = (text: string | null): S | null =>
    text === null ? null : spec.state.parse(JSON.parse(text))
  const read = (side: Side): Reading<S> => {
    const reading = hasTables(side.db, spec.tables) ? spec.read(side) : nothing<S>()
    if (reading.items.size > MAX_ITEMS)
      throw new WorkbenchError('merge.too_large', { what: spec.id, limit: MAX_ITEMS })
    return reading
  }
  return {
    id: spec.id,
    order: spec.order,
    tables: spec.tables,
    compare(mineSide, theirSide, settled, theirSettled) {
      const mine = read(mineSide)
      const theirs = read(theirSide)
      const differences: Difference[] = []
      let [same, kept] = [0, 0]
      for (const item of new Set([...theirs.items.keys(), ...mine.items.keys()])) {
        const [ours, other] = [mine.items.get(item), theirs.items.get(item)]
        const before = settled.get(settledKey(spec.id, item))
        const seen = theirSettled.get(settledKey(spec.id, item))
        const rival = ours === undefined && other ? spec.rival?.(other, mine.items, theirs.items) : undefined
        const [mineDigest, theirDigest] = [digest(rival?.state ?? ours), digest(other)]
        const relation = relate({
          mine: ours && { same: digest(ours), lineage: lineage(ours) },
          theirs: other && { same: theirDigest, lineage: lineage(other) },
          mineBefore: new Set([...(mine.history.get(item) ?? [])].map(digestOf)),
          theirsBefore: new Set([
            ...[...(theirs.history.get(item) ?? [])].map(digestOf),
            ...(seen === undefined ? [] : [seen.theirs]),
          ]),
        })
        if (relation === 'same') same += 1
        else if (
          relation === 'kept' ||
          (before !== undefined && before.mine === mineDigest && before.theirs === theirDigest)
        )
          kept += 1
        else {
          const isConflict = relation === 'conflict' || (relation === 'add' && rival !== undefined)
          const joined = ours !== undefined && other !== undefined ? spec.join?.(ours, other) : undefined
          const canBoth = (joined !== undefined && joined !== null) || rival !== undefined
          const [packedMine, packedTheirs] = [pack(ours), pack(other)]
          const taken: KeptChange = { item, before: packedMine, after: packedTheirs }
          differences.push({
            id: digestOf(`${spec.id}|${item}`).slice(0, 16),
            part: spec.id,
            item,
            action: isConflict ? 'conflict' : relation,
            mine: mineDigest,
            theirs: theirDigest,
            choices: isConflict ? ['mine', 'theirs', ...(canBoth ? (['both'] as const) : [])] : [],
            changesFor(choice) {
              if (choice === 'mine') return []
              if (choice === 'both' && joined != null)
                return [{ item, before: packedMine, after: JSON.stringify(joined) }]
              if (choice === 'both' || rival === undefined) return [taken]
              return [{ item: rival.item, before: JSON.stringify(rival.state), after: null }, taken]
            },
            describe() {
              const state = other ?? ours
              if (state === undefined) throw new WorkbenchError('internal', { name: 'merge' })
              const here = rival?.state ?? ours
              const isMixed =
                here !== undefined && other !== undefined && spec.sort(here) !== spec.sort(other)
              const show = (side: S | undefined, beside: S | undefined): MergeSide | null =>
                side === undefined
                  ? null
                  : { ...spec.show(side, beside ?? null), ...(isMixed ? { sort: spec.sort(side) } : {}) }
              return {
                id: this.id,
                part: spec.id,
                action: this.action,
                sort: spec.sort(state),
                subject: spec.subject(mineSide.db, theirSide.db, item, state),
                mine: show(here, other),
                theirs: show(other, here),
                choices: [...this.choices],
              }
            },
          })
        }
      }
      return { differences, same, kept, unreadable: theirs.unreadable }
    },
    standing: (side) => new Map([...read(side).items].map(([item, state]) => [item, digest(state)])),
    digest: (text) => digest(unpack(text) ?? undefined),
    write: (context, changes) =>
      spec.write(
        context,
        changes.map(({ item, before, after }) => ({ item, before: unpack(before), after: unpack(after) })),
      ),
    describe(mine, { item, before, after }) {
      const [was, is] = [unpack(before), unpack(after)]
      const state = is ?? was
      if (state === null) throw new WorkbenchError('internal', { name: 'merge' })
      return {
        sort: spec.sort(state),
        subject: spec.subject(mine, null, item, state),
        before: was && spec.show(was, is),
        after: is && spec.show(is, was),
      }
    },
  }
}
