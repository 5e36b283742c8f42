import type { RawInPlace, RawSource } from '../importer.ts'
import type { WindowsEvent } from '../windows/windows-event.ts'
import { locatorInPlace, renderInPlace } from './raw-in-place.ts'

/** What can be wrong with an EVTX file; the importer prefixes its id. */
export type EvtxProblem =
  | 'header_damaged'
  | 'not_closed'
  | 'bytes_damaged'
  | 'chunk_damaged'
  | 'chunk_cut'
  | 'unused_space'
  | 'chunk_checksum'
  | 'chunk_budget'
  | 'record_unreadable'
  | 'records_missing'
  | 'truncated'
  | 'repeated'

/** Its own, one of the same id from elsewhere in the file, or none: then only values are known. */
export type TemplateUsed = 'own' | 'file' | 'values'

export type EvtxUnit =
  | LiveRecord
  | {
      readonly kind: 'record'
      readonly locator: string
      readonly event: WindowsEvent
      readonly raw: string
      readonly inPlace?: undefined
      /** Set for a left-over record (`left-overs.ts`): with which template it was read. */
      readonly recovered?: TemplateUsed
      /** Set for a live record whose template is damaged. */
      readonly patched?: TemplateUsed | undefined
    }
  | ProblemUnit

export interface ProblemUnit {
  readonly kind: 'problem'
  readonly locator: string
  readonly what: EvtxProblem
  readonly excerpt: string
  /** Records lost by it; 0 for a remark. */
  readonly records: number
}

/** A record that is whole: its texts are made when they are asked for. */
export class LiveRecord {
  readonly kind = 'record'
  readonly event: WindowsEvent
  readonly inPlace: RawInPlace
  readonly recovered?: undefined
  readonly patched?: undefined
  constructor(event: WindowsEvent, source: RawSource, at: number) {
    this.event = event
    this.inPlace = { source, at }
  }
  get locator(): string {
    const { source, at } = this.inPlace
    return source.locator + locatorInPlace(source.bytes, at)
  }
  get raw(): string {
    return renderInPlace(this.inPlace.source.bytes, this.inPlace.at).raw
  }
}

export function problem(locator: string, what: EvtxProblem, excerpt: string, records: number): ProblemUnit {
  return { kind: 'problem', locator, what, excerpt, records }
}

/** So much of damaged bytes is shown. */
export const EXCERPT_BYTES = 32
