/** A column as the user keeps it. */
export interface WantedColumn {
  readonly id: string
  readonly size: number
  /** The user gave it this size, or pinned it: it keeps both. */
  readonly isFixed: boolean
}
export interface FittedColumns {
  /** Those that are shown, in their order. */
  readonly columns: readonly { readonly id: string; readonly size: number }[]
  /** The one that takes what room is left. */
  readonly elastic: string | undefined
  /** Those there is no room for. */
  readonly folded: readonly string[]
}

/** What says most of an event: of these the first that is shown takes the room there is, and gives it last. */
const TELLING = ['summary', 'process.command_line', 'email.subject', 'url.full']
/** A sentence needs so much to be told from another. */
const LEAST_TELLING = 240
/** Still told apart: an icon and some letters, a time to the second. */
const LEAST: Readonly<Record<string, number>> = { marks: 36, time: 148, source: 96 }
const LEAST_OTHER = 84
/** What goes first where a summary has no room: it names most of it itself. */
const YIELDING = ['marks', 'source', 'user', 'kind', 'endpoint']

/**
 * Widths that fit the room: first the other columns give way, down to what still tells their values apart, then the one that tells most,
 * down to a readable piece of it, then those go that it names itself. What the user sized or pinned stays as it is; if that is still too
 * wide, one scrolls.
 * @param room pixels; Infinity while nobody knows
 */
export function fitColumns(wanted: readonly WantedColumn[], room: number): FittedColumns {
  const elastic = TELLING.find((id) => wanted.some((one) => one.id === id)) ?? wanted.at(-1)?.id
  const leastOf = ({ id, size, isFixed }: WantedColumn): number =>
    isFixed ? size : Math.min(size, id === elastic ? LEAST_TELLING : (LEAST[id] ?? LEAST_OTHER))
  const shown = [...wanted]
  const folded: string[] = []
  const least = (): number => shown.reduce((sum, one) => sum + leastOf(one), 0)
  // Only beside a summary: other columns were chosen for what they alone say.
  for (const id of elastic === 'summary' ? YIELDING : []) {
    if (least() <= room) break
    const at = shown.findIndex((one) => one.id === id && !one.isFixed)
    if (at >= 0) folded.push(...shown.splice(at, 1).map((one) => one.id))
  }
  let missing = Math.max(0, shown.reduce((sum, one) => sum + one.size, 0) - room)
  const sizes = new Map(shown.map((one) => [one.id, one.size]))
  for (const some of [shown.filter(({ id }) => id !== elastic), shown.filter(({ id }) => id === elastic)]) {
    const slack = some.reduce((sum, one) => sum + one.size - leastOf(one), 0)
    const share = slack === 0 ? 0 : Math.min(1, missing / slack)
    // Down, so that no pixel too many makes it scroll.
    for (const one of some) sizes.set(one.id, Math.floor(one.size - (one.size - leastOf(one)) * share))
    missing -= slack * share
  }
  return {
    columns: shown.map(({ id, size }) => ({ id, size: sizes.get(id) ?? size })),
    elastic,
    folded,
  }
}
