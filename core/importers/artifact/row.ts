import type { EventFields, EventItem, EventKind } from '../../model/event.ts'
import { toHash } from '../../normalise/hash.ts'
import { toInteger, toIp, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import { type ParsedTime, parseTime } from '../../normalise/time.ts'
import { isObject, type JsonObject, member, parseObject, scalarText } from '../json/parse-object.ts'
import type { Times } from '../windows/dialects/dialect.ts'
import { cut, DETAIL_LIMIT } from '../windows/picks.ts'

const ZERO_TIME = /^(?:0|(?:0001|1601)-01-01[T ].*|1970-01-01[T ]00:00:00(?:\.0+)?Z?)$/

/** One row of an artifact: values by column, where dots descend (`Hash.SHA256`). */
export class ArtifactRow {
  readonly object: JsonObject
  readonly #times: Times & { readonly isZoneSure?: boolean }
  /** A time of the row that cannot be read or is impossible. */
  oddTime: string | undefined

  /** @param times with `isZoneSure` where the tool writes all its times in that zone without saying so */
  constructor(object: JsonObject, times: Times & { readonly isZoneSure?: boolean }) {
    this.object = object
    this.#times = times
  }

  /** The value of the first of these columns that the row has. */
  value(...columns: string[]): unknown {
    for (const column of columns) {
      const value = this.#at(column)
      if (value !== undefined && value !== null && value !== '') return value
    }
    return undefined
  }
  text(...columns: string[]): string | undefined {
    for (const column of columns) {
      const text = present(scalarText(this.#at(column)))
      if (text !== undefined) return text
    }
    return undefined
  }
  has(...columns: string[]): boolean {
    return columns.every((column) => this.#at(column) !== undefined)
  }
  path(...columns: string[]): string | undefined {
    return toPath(this.text(...columns))
  }
  int(...columns: string[]): number | undefined {
    return toInteger(this.text(...columns))
  }
  ip(...columns: string[]): string | undefined {
    return toIp(this.text(...columns))
  }
  port(...columns: string[]): number | undefined {
    return toPort(this.text(...columns))
  }
  /**
   * A time; Velociraptor writes ISO with zone or epoch seconds, tables of other tools may leave the zone out. A text that
   * is no possible time is remembered in `oddTime`; zero times of Go, Windows and Unix mean that there is none.
   */
  time(...columns: string[]): ParsedTime | undefined {
    for (const column of columns) {
      const text = this.text(column)
      if (text === undefined || ZERO_TIME.test(text)) continue
      const time = parseTime(text, this.#times.zone, this.#times.dateOrder)
      if (time !== undefined) return this.#times.isZoneSure ? { ...time, zoneAssumed: false } : time
      this.oddTime ??= `${column}: ${text.slice(0, 60)}`
    }
    return undefined
  }
  hashes(...columns: string[]): Pick<EventFields, 'sha256' | 'sha1' | 'md5'> {
    const found = new Map<string, string>()
    for (const column of columns) {
      for (const name of ['', '.SHA256', '.SHA1', '.MD5']) {
        const hash = toHash(this.text(`${column}${name}`))
        if (hash !== undefined && !found.has(hash.kind)) found.set(hash.kind, hash.hash)
      }
    }
    return { sha256: found.get('sha256'), sha1: found.get('sha1'), md5: found.get('md5') }
  }
  /** `Name: value; Name: value` of the columns that say something. */
  detail(...columns: string[]): string | undefined {
    const parts = columns.flatMap((column) => {
      const value = this.value(column)
      const text = present(scalarText(value) ?? (value === undefined ? undefined : JSON.stringify(value)))
      return text === undefined ? [] : [`${column}: ${cut(text, DETAIL_LIMIT).replace(/\s+/g, ' ')}`]
    })
    return parts.length === 0 ? undefined : cut(parts.join('; '), DETAIL_LIMIT)
  }

  /** Tables hold nested columns as JSON text. */
  #at(column: string): unknown {
    let value: unknown = member(this.object, column)
    if (value !== undefined || !column.includes('.')) return value
    value = this.object
    for (const part of column.split('.')) {
      const parsed =
        typeof value === 'string' && value.startsWith('{') && value.length < 65_536
          ? parseObject(value)
          : undefined
      value = member(parsed?.ok === true ? parsed.value : value, part)
    }
    return isObject(value) ? undefined : value
  }
}

/** An event with the fields that have a value. */
export function item(kind: EventKind, time: ParsedTime | undefined, fields: EventFields): EventItem {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return time?.zoneAssumed === true
    ? { type: 'event', kind, at: time.us, zoneAssumed: true, fields: filled }
    : { type: 'event', kind, at: time?.us ?? null, fields: filled }
}
