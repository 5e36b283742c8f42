import type { Page } from '../../contract/shapes.ts'
import type { Invocation } from './command.ts'
import { MAX_PAGE } from './options.ts'

/** Rows per request while `--all` streams. */
const STREAM_PAGE = 2000

export interface PageRequest {
  readonly limit: number
  readonly cursor?: string | null
}

/**
 * Prints one page of a list, or with `--all` every row as JSON lines. Rows are asked for page by page, so the size of the
 * case does not matter.
 * @param name field of the document that holds the rows
 */
export async function printPages<T, D>(
  invocation: Invocation,
  name: string,
  fetch: (page: PageRequest) => Promise<Page<T>>,
  toDocument: (row: T) => D,
  toCells: (row: T) => readonly string[],
  extra: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { options, output, t } = invocation
  const limit = options.integer('limit', 1, MAX_PAGE) ?? 100
  let cursor = options.text('cursor') ?? null
  if (options.flag('all')) {
    do {
      const page = await fetch({ limit: STREAM_PAGE, cursor })
      for (const row of page.rows) output.row(toDocument(row))
      cursor = page.next
    } while (cursor !== null)
    return
  }
  const page = await fetch({ limit, cursor })
  if (output.json) {
    output.document({ ...extra, [name]: page.rows.map(toDocument), total: page.total, next: page.next })
    return
  }
  output.table(page.rows.map(toCells))
  const total = page.total ?? page.rows.length
  output.note(t('cli.page.shown', { shown: page.rows.length, total }))
  if (page.next !== null) output.note(t('cli.page.more', { cursor: page.next }))
}
