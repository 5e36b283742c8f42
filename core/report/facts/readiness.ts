import type { ResultOf } from '../../contract/types.ts'
import type { ReportContext } from '../context.ts'
import type { Block } from '../document.ts'

/**
 * What correlation needs and whether the case has it, a row each.
 * @param words of the section: `state`, `condition`, `meaning`, `state.met` and so on, `noReadiness`
 * @param caption key of the table's caption in the section's words
 */
export const readinessTable = (
  { words }: Pick<ReportContext, 'words'>,
  overview: ResultOf<'overview.get'>,
  caption: string,
): Block => ({
  block: 'table',
  caption: words(caption),
  columns: [
    { header: words('state'), width: 14 },
    { header: words('condition'), width: 36 },
    { header: words('meaning'), width: 50 },
  ],
  rows: overview.readiness.map((row) => ({
    cells: [
      [words(`state.${row.state}`)],
      [{ kind: 'words', ...row.title }],
      [{ kind: 'words', ...row.detail }],
    ],
  })),
  empty: words('noReadiness'),
})
