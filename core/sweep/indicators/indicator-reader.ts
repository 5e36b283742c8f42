import type { CriteriaNode } from '../../contract/nouns/sweep.ts'
import type { Texts } from '../../model/text.ts'
import type { IndicatorList } from './indicator-list.ts'

/** What a file of indicators says: its own name, and how the indicators belong together. */
export interface ReadCriteria {
  readonly name?: string | undefined
  readonly nodes: readonly CriteriaNode[]
}

/**
 * A format of indicators: one file `<id>.indicators.ts` with this as default export, found by registry.ts. It puts what
 * it reads into the list; what it cannot evaluate it puts there too, as unsupported, and leaves nothing out silently.
 */
export interface IndicatorReader {
  readonly id: string
  /** `title` and `description`. Prefix: `indicators.<id>.`. */
  readonly texts: Texts
  /** Confidence 0..1 from the beginning of the text. */
  detect(head: string): number
  /** @throws WorkbenchError `sweep.invalid` when the text is broken */
  read(text: string, list: IndicatorList): ReadCriteria
}
