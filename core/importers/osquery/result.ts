import { present } from '../../normalise/placeholder.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'

/** How rows came into a result: new or gone since the last run, or all rows there are. */
export type RowAction = 'added' | 'removed' | 'snapshot'

/** One row of a query with what became of it. */
export interface OsqueryRow {
  readonly action: RowAction
  readonly columns: JsonObject
}

/** Attack: a snapshot of empty rows fills the record limit a million times. */
export const MAX_ROWS = 100_000

/**
 * One line of the results log: a differential event, a snapshot or a batch (formats.md A7.3).
 * @property isInitial the first run of a query adds everything there is; that is inventory, nothing happened
 */
export interface OsqueryResult {
  readonly name: string
  readonly rows: readonly OsqueryRow[]
  readonly hasMoreRows: boolean
  readonly isInitial: boolean
}

/** The rows of a record; undefined when it is no result. */
export function resultOf(object: JsonObject): OsqueryResult | undefined {
  const name = textOf(object, 'name')
  if (name === undefined) return undefined
  const rows: OsqueryRow[] = []
  let count = 0
  const take = (action: RowAction, value: unknown): void => {
    for (const columns of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (!isObject(columns)) continue
      count += 1
      if (rows.length < MAX_ROWS) rows.push({ action, columns })
    }
  }
  const snapshot = member(object, 'snapshot')
  const batch = member(object, 'diffResults')
  const columns = member(object, 'columns')
  if (Array.isArray(snapshot)) take('snapshot', snapshot)
  else if (isObject(batch)) {
    take('added', member(batch, 'added'))
    take('removed', member(batch, 'removed'))
  } else if (isObject(columns)) take(actionOf(object), columns)
  else return undefined
  return {
    name,
    rows,
    hasMoreRows: count > rows.length,
    isInitial: textOf(object, 'counter') === '0',
  }
}

function actionOf(object: JsonObject): RowAction {
  const action = textOf(object, 'action')?.toLowerCase()
  return action === 'removed' || action === 'snapshot' ? action : 'added'
}

/** A scalar member as text; all values of osquery are texts, numbers when it was told so. */
export function textOf(object: unknown, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = present(scalarText(member(object, name)))
    if (text !== undefined) return text
  }
  return undefined
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Tue Sep 30 17:37:30 2014 UTC` as ISO 8601; undefined for anything else. */
export function calendarTime(text: string | undefined): string | undefined {
  const match = /^\w{3} (\w{3}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})(?: UTC)?$/.exec(text ?? '')
  const month = MONTHS.indexOf(match?.[1] ?? '') + 1
  if (match === null || month === 0) return undefined
  return `${match[4]}-${String(month).padStart(2, '0')}-${(match[2] ?? '').padStart(2, '0')}T${match[3]}Z`
}
