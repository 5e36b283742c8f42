import { WorkbenchError } from '../model/errors.ts'

/** Cursor of a list in the order of its ids: the last id shown. */
const ID = /^\d{1,16}$/
/** Cursor of a list in the order of time: microseconds (may be before 1970), or `n` for undated rows, and the last id. */
const TIME_AND_ID = /^(-?\d{1,17}|n):(\d{1,16})$/

const refused = () => new WorkbenchError('request.invalid', { field: 'cursor' })

/**
 * The id after which the page begins; 0 for the first page.
 * @throws WorkbenchError `request.invalid` when the cursor is none of such a list
 */
export function readIdCursor(cursor: string | null | undefined): number {
  if (cursor == null || cursor === '') return 0
  if (!ID.test(cursor)) throw refused()
  return Number(cursor)
}

/**
 * Time (null among the undated) and id after which the page begins; undefined for the first page.
 * @throws WorkbenchError `request.invalid` when the cursor is none of such a list
 */
export function readTimeCursor(
  cursor: string | null | undefined,
): { readonly at: number | null; readonly id: number } | undefined {
  if (cursor == null || cursor === '') return undefined
  const [, at, id] = TIME_AND_ID.exec(cursor) ?? []
  if (at === undefined) throw refused()
  return { at: at === 'n' ? null : Number(at), id: Number(id) }
}
