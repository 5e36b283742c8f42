import type { EventItem } from '../../model/event.ts'
import type { WindowsEvent } from './windows-event.ts'
import { sysmonTime } from './to-event.ts'

const MINUTE_US = 60 * 1_000_000
/** Sysmon's own UTC time and the collector's time differ by queue delay; by more than this, a zone was mistaken. */
const LARGEST_DELAY_US = 30 * MINUTE_US
/** Zones differ by quarters of an hour; what is left beside them is delay. */
const QUARTER_US = 15 * MINUTE_US
const LARGEST_REST_US = 5 * MINUTE_US
/** So many Sysmon records in a row that agree on a shift prove it. */
const ENOUGH = 2
/** A file may name a computer of its own in every record. */
const MAX_COMPUTERS = 10_000

interface Clock {
  shift: number
  agreeing: number
  /** The last shift that enough records agreed on; undefined as long as there is none. */
  proven: number | undefined
}

/**
 * How far the times a collector wrote lie from UTC, as Sysmon's `UtcTime` proves it record by record: some write local time and
 * call it UTC (formats.md A4), some lose the half of the day. Learned in the order of the file, for each computer.
 */
export class OwnClocks {
  readonly #clocks = new Map<string, Clock>()
  /** What the last computer proved, for those without Sysmon; undefined when they do not agree. */
  #common: number | undefined
  contradictions = 0
  shifted = 0
  /** Whether any record spoke of another shift than none: as long as none does, what was learned changes nothing. */
  isOff = false
  /** Smallest and largest contradiction in minutes: one constant figure points at a zone. */
  #least = Infinity
  #most = -Infinity

  /** Learns from a Sysmon record; true when this is one. */
  learn(event: WindowsEvent): boolean {
    const own = sysmonTime(event)
    if (own === undefined) return false
    if (event.timeUs === null) return true
    const difference = own - event.timeUs
    const shift = Math.round(difference / QUARTER_US) * QUARTER_US
    if (shift !== 0) this.isOff = true
    if (Math.abs(difference) > LARGEST_DELAY_US) {
      this.contradictions += 1
      const minutes = Math.round(difference / MINUTE_US)
      this.#least = Math.min(this.#least, minutes)
      this.#most = Math.max(this.#most, minutes)
    }
    if (Math.abs(difference - shift) <= LARGEST_REST_US) this.#note(event.computer.toLowerCase(), shift)
    return true
  }

  #note(computer: string, shift: number): void {
    let clock = this.#clocks.get(computer)
    if (clock === undefined) {
      if (this.#clocks.size >= MAX_COMPUTERS) return
      this.#clocks.set(computer, (clock = { shift, agreeing: 0, proven: undefined }))
    }
    clock.agreeing = clock.shift === shift ? clock.agreeing + 1 : 1
    clock.shift = shift
    if (clock.agreeing < ENOUGH || clock.proven === shift) return
    clock.proven = shift
    this.#common = [...this.#clocks.values()].every(({ proven }) => proven === undefined || proven === shift)
      ? shift
      : undefined
  }

  /** The event at the time that Sysmon's records around it prove; marked, because it is worked out. */
  correct(item: EventItem, event: WindowsEvent): EventItem {
    if (item.at === null || event.timeUs === null) return item
    const shift = this.#clocks.get(event.computer.toLowerCase())?.proven ?? this.#common ?? 0
    if (shift === 0) return item
    this.shifted += 1
    return { ...item, at: item.at + shift, zoneAssumed: true }
  }

  describe(): string {
    return `${this.contradictions} x UtcTime - TimeCreated = ${this.#least}..${this.#most} min; ${this.shifted} other events shifted`
  }
}
