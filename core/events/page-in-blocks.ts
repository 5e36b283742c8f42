import { readTimeCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import type { BlockPlan, Match } from './block-plan.ts'
import type { StoredEvent } from './event-rows.ts'
import { type EventPage, full, type PageQuestion, share } from './page.ts'
import { BEGINNING, END, LAST_ID } from './slices.ts'

const byIds = 'SELECT * FROM event WHERE id IN (SELECT value FROM json_each(?))'

/**
 * The same page as `pageInTime`, out of the blocks in which something can be found. A block is done with when no other one that is left
 * reaches into its time.
 */
export function pageInBlocks(
  db: ReadStore,
  plan: BlockPlan,
  question: PageQuestion,
  patience: number,
): EventPage {
  const { limit, order } = question
  const isNewest = order === 'newest'
  const last = readTimeCursor(question.cursor)
  const started = performance.now()
  const isLate = () => performance.now() - started > patience
  const wanted = limit + 1
  const [from, to] = [question.from ?? BEGINNING, question.to ?? END]
  const load = (matches: readonly Match[]): StoredEvent[] => {
    const found = db.prepare(byIds).all(JSON.stringify(matches.map(([id]) => id))) as StoredEvent[]
    const rows = new Map(found.map((row) => [row.id, row]))
    return matches.flatMap(([id]) => rows.get(id) ?? [])
  }
  const inOrder = isNewest
    ? (a: Match, b: Match) => (b[1] ?? 0) - (a[1] ?? 0) || b[0] - a[0]
    : (a: Match, b: Match) => (a[1] ?? 0) - (b[1] ?? 0) || a[0] - b[0]
  let rows: StoredEvent[] = []
  if (last?.at !== null) {
    const isAhead = ([id, at]: Match): boolean => {
      if (at === null || at < from || at > to) return false
      if (last === undefined) return true
      const lastAt = last.at ?? 0
      if (at === lastAt) return isNewest ? id < last.id : id > last.id
      return isNewest ? at < lastAt : at > lastAt
    }
    const lowest = isNewest ? from : Math.max(from, last?.at ?? from)
    const highest = isNewest ? Math.min(to, last?.at ?? to) : to
    let pool: Match[] = []
    let hasLooked = false
    for (const block of isNewest ? plan.newest : plan.oldest) {
      if (block.lastAt < lowest || block.firstAt > highest) continue
      // Nothing in this block or behind it comes before what lies beyond its edge.
      const edge = isNewest ? block.lastAt : block.firstAt
      const isSure = ([, at]: Match) => (isNewest ? (at ?? 0) > edge : (at ?? 0) < edge)
      const worst = pool.at(-1)
      if (worst && pool.length >= wanted && isSure(worst)) break
      if (hasLooked && !plan.isKnown(block) && isLate()) {
        const next = isNewest ? `${edge}:${LAST_ID}` : `${edge}:0`
        return { rows: load(pool.filter(isSure)), next, searched: share(db, edge, isNewest) }
      }
      hasLooked ||= !plan.isKnown(block)
      const more = plan.matchesIn(block).filter(isAhead)
      if (more.length === 0) continue
      pool = [...pool, ...more].sort(inOrder).slice(0, wanted)
    }
    rows = load(pool)
    if (pool.length >= wanted) return full(rows, limit)
  }
  if (question.from !== null || question.to !== null) return { rows, next: null, searched: null }
  const begun = last?.at === null ? last.id : 0
  let id = begun
  for (const block of plan.blocks) {
    if (!block.hasUndated || block.upTo <= id) continue
    if ((rows.length > 0 || id > begun) && !plan.isKnown(block) && isLate())
      return { rows, next: `n:${id}`, searched: 1 }
    const found = plan.matchesIn(block).filter(([one, at]) => at === null && one > begun)
    rows = [...rows, ...load(found.slice(0, wanted - rows.length))]
    if (rows.length >= wanted) return full(rows, limit)
    id = block.upTo
  }
  return { rows, next: null, searched: null }
}
