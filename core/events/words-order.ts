import type { ReadStore } from '../store/store.ts'

const collators = new Map<string, Intl.Collator>()
/** More languages than anybody reads would only be somebody filling the memory. */
const MOST_LANGUAGES = 20

/** The order of words in a language of the reader: numbers in them count as numbers, case does not. Unknown tags are English. */
export function wordsOrder(lang: string | null | undefined): Intl.Collator {
  const tag = toTag(lang ?? 'en')
  let found = collators.get(tag)
  if (!found) {
    if (collators.size >= MOST_LANGUAGES) collators.clear()
    found = new Intl.Collator(tag, { numeric: true, sensitivity: 'base' })
    collators.set(tag, found)
  }
  return found
}
function toTag(lang: string): string {
  try {
    return Intl.Collator.supportedLocalesOf(lang)[0] ?? 'en'
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown
    return 'en'
  }
}

interface Named {
  readonly id: number
  readonly text: string
}
interface Kept {
  readonly key: string
  readonly stamp: number
  readonly ids: readonly number[]
}
const orders = new WeakMap<ReadStore, Kept[]>()
const KEPT_ORDERS = 6
/** Comparing words of a language takes a microsecond or two: beyond so many values nobody waits for it, and SQL's order of letters stands. */
const MOST_WORDS = 20_000

/**
 * Ids in the order of their words in the reader's language; worked out once per state of the case, because every page asks for it.
 * @param sql selects `id`, `text`, already in the order of letters
 */
export function inWordsOrder(
  db: ReadStore,
  sql: string,
  params: readonly unknown[],
  lang: string | null | undefined,
): readonly number[] {
  const order = wordsOrder(lang)
  const key = JSON.stringify([sql, params, order.resolvedOptions().locale])
  const stamp = db.pragma('data_version', { simple: true }) as number
  const kept = orders.get(db) ?? []
  const known = kept.find((one) => one.key === key && one.stamp === stamp)
  if (known) return known.ids
  const rows = db.prepare(sql).all(...params) as Named[]
  if (rows.length <= MOST_WORDS) rows.sort((a, b) => order.compare(a.text, b.text) || a.id - b.id)
  const ids = rows.map(({ id }) => id)
  orders.set(db, [{ key, stamp, ids }, ...kept].slice(0, KEPT_ORDERS))
  return ids
}
