import { onScopeDispose, shallowRef, watch } from 'vue'
import type { EntityRef } from '../../../core/contract/shapes.ts'
import type { MatrixRow } from '../../../core/contract/nouns/exposure.ts'
import { getClient, onChanged } from '../../client/client.ts'
import { toPlainError } from '../../../core/model/errors.ts'

/** A lure sent as a thousand single messages is asked about so often; then the figure is a lower bound and says so. */
const MOST_MESSAGES = 60
const MOST_ROWS = 10_000

interface Exposed {
  readonly count: number
  /** Those of them the case has a user or mailbox for. */
  readonly entities: readonly EntityRef[]
  /** More messages or recipients than were looked at. */
  readonly isAtLeast: boolean
}

/**
 * Who has mail of a story in the mailbox and was not seen to act on any of it: to be warned. A story has more than the mail that
 * carried it: all its messages count, each person once, nobody who clicked (also where the click was stopped) or ran it, or who is
 * among `actors`.
 */
export function useExposed(messages: () => readonly string[], actors: () => readonly string[]) {
  const value = shallowRef<Exposed>()
  let asked = 0
  async function refresh(): Promise<void> {
    const mine = ++asked
    const all = messages()
    try {
      const pages = await Promise.all(
        all
          .slice(0, MOST_MESSAGES)
          .map((entity) => getClient().call('exposure.matrix', { entity, limit: MOST_ROWS })),
      )
      if (mine !== asked) return
      value.value = {
        ...waitingOf(
          pages.flatMap((page) => page.rows),
          actors(),
        ),
        isAtLeast: all.length > MOST_MESSAGES || pages.some((page) => page.next !== null),
      }
    } catch (thrown) {
      // The other answers of the story ask the same engine and say what is wrong; a figure that is not known is not shown.
      console.warn('exposed', toPlainError(thrown).code)
      if (mine === asked) value.value = undefined
    }
  }
  watch(
    () => JSON.stringify([messages(), actors()]),
    () => void refresh(),
    { immediate: true },
  )
  onScopeDispose(onChanged(['relation', 'message'], () => void refresh()))
  return value
}

/** Of the recipients of some messages those who were not seen to act on any. */
function waitingOf(
  rows: readonly MatrixRow[],
  actors: readonly string[],
): { count: number; entities: EntityRef[] } {
  const acted = new Set(actors)
  const waiting = new Map<string, EntityRef | null>()
  for (const row of rows) {
    const person = row.user ?? row.mailbox
    const key = person?.id ?? row.address
    if (row.clicked || row.blocked || row.executed) acted.add(key)
    else if (row.delivered && row.removedAt === null) waiting.set(key, person)
  }
  const left = [...waiting].filter(([key]) => !acted.has(key))
  return { count: left.length, entities: left.flatMap(([, person]) => person ?? []) }
}
