import type { ImportContext } from '../../importer.ts'
import type { JsonObject } from '../../json/parse-object.ts'
import type { WindowsEvent } from '../windows-event.ts'

/** How times without a zone, and dates such as `3/4/2031`, are to be read. */
export type Times = Pick<ImportContext, 'zone' | 'dateOrder'>

/**
 * What a product's detection said about the event, in its own words.
 * @property id tells two detections of one event apart; the rule's own id, else its title
 * @property technique ATT&CK ids joined by a blank
 */
export interface Judgement {
  readonly id: string
  readonly rule?: string | undefined
  readonly severity?: string | undefined
  readonly technique?: string | undefined
}

/** What the collector knows about the endpoint beyond its name. */
export interface Origin {
  readonly hostId?: string | undefined
  readonly hostIp?: string | undefined
}

/** A Windows event as one tool rendered it, with that tool's judgement where it passes one. */
export interface Rendering {
  readonly event: WindowsEvent
  readonly judgement?: Judgement | undefined
  readonly origin?: Origin | undefined
}

/** One way of writing a Windows event as an object of named members; undefined when the object is not of this kind. */
export type Dialect = (object: JsonObject, times: Times) => Rendering | undefined
