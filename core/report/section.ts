import type { ReportContext } from './context.ts'
import type { Block, SectionLayout } from './document.ts'
import type { Texts } from '../model/text.ts'

/** What an analyst can set of a section. Words: `option.<id>`, and `option.<id>.<value>` for each choice. */
export type SectionOption =
  | {
      readonly id: string
      readonly kind: 'number'
      readonly default: number
      readonly min: number
      readonly max: number
    }
  | { readonly id: string; readonly kind: 'flag'; readonly default: boolean }
  | {
      readonly id: string
      readonly kind: 'choice'
      readonly default: string
      readonly values: readonly string[]
    }

/**
 * One part of the report: one file `sections/<id>.section.ts` with this as default export, found by registry.ts.
 * A section reads the case only through `context.ask` (the queries the screens read) and cites every claim with
 * `context.cite`. Its words are `texts`, among them `title` and `description`; they are keys `report.<id>.<key>`.
 */
export interface Section {
  /** Lower-case words with dashes; equals the file name. */
  readonly id: string
  /** Place in the default order (UX.md section 8, times ten). */
  readonly order: number
  readonly texts: Texts
  readonly layout?: SectionLayout
  /** The section whose part it is: numbered 19.1, 19.2 where that section is printed. */
  readonly within?: string
  /** Lists what the other sections cited, asked or drew: built after them, wherever it is printed. */
  readonly collects?: boolean
  readonly options?: readonly SectionOption[]
  /** The content; an empty case yields a sentence that says so, never an empty section. */
  build(context: ReportContext): Promise<readonly Block[]>
}
