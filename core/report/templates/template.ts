import type { ReportSettings } from '../../contract/nouns/report.ts'
import type { Texts } from '../../model/text.ts'

/** A choice of sections and options for a purpose: one file `<id>.template.ts`, found by the registry. Words: `title`, `description`. */
export interface Template {
  readonly id: string
  readonly order: number
  readonly texts: Texts
  /** Section ids in printing order; null: all in their default order. */
  readonly sections: readonly string[] | null
  readonly options: ReportSettings['options']
}
