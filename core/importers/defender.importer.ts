import { settleDates } from './csv/settle-dates.ts'
import { readRows, sniffContainer } from './defender/containers.ts'
import { detectDefender } from './defender/detect.ts'
import { TIME_COLUMNS } from './defender/read-row.ts'
import { DEFENDER_TEXTS } from './defender/texts.ts'
import type { Importer, ParsedIssue } from './importer.ts'

const ID = 'defender'
/** Rows an export of the portal, the API or Log Analytics holds at most. */
const ROW_LIMITS: ReadonlySet<number> = new Set([10_000, 30_000, 100_000, 500_000])
/** The order of day and month is settled by the columns that hold times. */
const DATE_COLUMNS = [
  ...TIME_COLUMNS,
  ...TIME_COLUMNS.flatMap((name) => [`${name} [UTC]`, `${name} [Local Time]`]),
]

/** Tables of advanced hunting out of every file they are exported to. */
const importer: Importer = {
  id: ID,
  texts: DEFENDER_TEXTS,
  detect: ({ text }) => detectDefender(text),
  async settle(part, context) {
    return (await sniffContainer(part.open())) === 'csv' ? settleDates(part, context, DATE_COLUMNS) : context
  },
  async *parse(part, context, share) {
    let rows = 0
    const container = await sniffContainer(part.open())
    for await (const units of readRows(container, () => part.open(), context, ID, share)) {
      for (const unit of units) if (unit.kind === 'record') rows += 1
      yield units
    }
    if (share === undefined) yield ofCount(rows)
  },
  sharing: { ofCount },
}

function ofCount(rows: number): readonly ParsedIssue[] {
  return ROW_LIMITS.has(rows)
    ? [{ kind: 'issue', locator: 'file', code: `${ID}.row_limit`, excerpt: String(rows), records: 0 }]
    : []
}
export default importer
