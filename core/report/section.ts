import type { ReportContext } from './context.ts'
import type { Block } from './document.ts'
import type { Texts } from '../model/text.ts'

/**
 * One part of the report: one file `sections/<id>.section.ts` with this as default export, found by registry.ts.
 * A section reads the case only through `context.ask` (the queries the screens read) and cites every claim with
 * `context.cite`. Its words are `texts`, among them `title` and `description`; they are keys `report.<id>.<key>`.
 */
export interface Section {
  /** Lower-case words with dashes; equals the file name. */
  readonly id: string
  /** Place in the default order; steps of ten leave room. A section that lists what others cited stands after them. */
  readonly order: number
  readonly texts: Texts
  /** `cover` has a page of its own without number and heading. */
  readonly layout?: 'cover' | 'flow'
  /** The content; an empty case yields a sentence that says so, never an empty section. */
  build(context: ReportContext): Promise<readonly Block[]>
}
