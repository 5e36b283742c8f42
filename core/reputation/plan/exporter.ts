import type { PlanFormat, PlanItem } from '../../contract/nouns/plan.ts'
import type { Texts } from '../../model/text.ts'

/** What a plan is written with. */
export interface ExportFacts {
  /** ISO time of the export. */
  readonly at: string
  readonly caseName: string
  /** Text of a reason, in English: the files are for other systems. */
  readonly words: (item: PlanItem) => string
}

/** What came out; `left` are steps that the other system has no way to carry out, each named in the text with the reason. */
export interface Exported {
  readonly text: string
  readonly items: number
  readonly left: number
  /** Ids of the steps counted in `left`, so that the screen can name them before anything is written. */
  readonly leftIds: readonly string[]
}

/** One format of the plan = one file `<id>.plan.ts` with this as default export, found by registry.ts. Nothing is carried out. */
export interface PlanExporter {
  readonly id: PlanFormat
  /** Ending of the file, without the dot. */
  readonly extension: string
  /** `title` and `description`; prefix `plan.format.<id>`. */
  readonly texts: Texts<'title' | 'description'>
  write(items: readonly PlanItem[], facts: ExportFacts): Exported
}
