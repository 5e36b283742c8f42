import { present } from '../../normalise/placeholder.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'

/** Splunk and older exports put the notation behind the name: `TargetProcessId_decimal`, `UserSid_readable`. */
const SUFFIXES = ['', '_decimal', '_readable', '_hex'] as const

/** One line of Falcon Data Replicator: flat, every value a text, numbers decimal (formats.md A7.4). */
export class FdrRecord {
  readonly source: JsonObject

  constructor(object: JsonObject) {
    // Splunk's export command puts every line into `result`.
    const result = member(object, 'result')
    this.source = isObject(result) ? result : object
  }

  /** The first of the fields that has a text, under its name or with the suffix of a notation. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      for (const suffix of SUFFIXES) {
        const text = present(scalarText(member(this.source, name + suffix)))
        if (text !== undefined) return suffix === '_hex' && !/^0x/i.test(text) ? `0x${text}` : text
      }
    }
    return undefined
  }

  /** Which event it is; undefined for the inventory files beside the events. */
  get event(): string | undefined {
    // The second is how LogScale marks a field it tags its data with.
    return this.text('event_simpleName', '#event_simpleName')
  }

  /** Falcon's process id: unique on its sensor only, so the sensor belongs to it. Beyond 2^53, hence text. */
  processId(name: string): string | undefined {
    const id = this.text(name)
    const sensor = this.text('aid')
    if (id === undefined || id === '0' || !/^\d{1,20}$/.test(id)) return undefined
    return sensor === undefined ? id : `${id}@${sensor.toLowerCase()}`
  }
}
