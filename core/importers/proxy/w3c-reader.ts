import type { LineMeaning } from '../log/log-lines.ts'
import { readClfWhen, readWhen, timeRemarks, UNDATED, type When } from '../log/when.ts'
import { W3cColumns, type W3cRow } from './w3c-columns.ts'
import { readW3cRow, shapeOf, type W3cShape } from './w3c-meaning.ts'

/** Reads the lines of one extended log file; directives in its middle (restarts, rotation) change what follows. */
export class W3cReader {
  readonly #zone: string
  #columns: W3cColumns | undefined
  #shape: W3cShape = 'proxy'
  #software: string | undefined
  #date: string | undefined
  #isLocal = false

  constructor(zone: string) {
    this.#zone = zone
  }

  read(line: string): LineMeaning {
    if (line.startsWith('#')) return this.#direct(line)
    const columns = this.#columns
    if (columns === undefined) return { what: 'issue', code: 'no_fields' }
    const cells = columns.split(line)
    if (cells.length < Math.min(3, columns.names.length)) return { what: 'issue', code: 'line' }
    const row = columns.row(cells)
    const when = this.#when(row)
    const uuid = row('x-bluecoat-transaction-uuid')
    return {
      what: 'record',
      items: readW3cRow(this.#shape, row, when, this.#software),
      key: uuid === undefined ? undefined : JSON.stringify(['w3c', uuid, when.at]),
      remarks: [...timeRemarks(when), ...(cells.length === columns.names.length ? [] : ['columns'])],
    }
  }

  #direct(line: string): LineMeaning {
    const [, name = '', value = ''] = /^#\s*([a-z -]+?):\s*(.*)$/i.exec(line.slice(0, 2_000_000)) ?? []
    switch (name.toLowerCase()) {
      case 'fields':
        this.#columns = new W3cColumns(line)
        this.#shape = shapeOf(this.#columns)
        return { what: 'heading', text: line }
      case 'software':
        this.#software = value.trim().slice(0, 200) || undefined
        break
      case 'date':
      case 'start-date':
        this.#date = /\d{4}-\d\d-\d\d/.exec(value)?.[0]
        break
      case 'time format':
        this.#isLocal = /local/i.test(value)
    }
    return { what: 'nothing' }
  }

  /** The standard says UTC; Windows Firewall says itself that it writes local time. */
  #when(row: W3cRow): When {
    const date = row('date', 'x-date') ?? this.#date
    const time = row('time', 'x-time')
    const zone = this.#isLocal ? this.#zone : 'UTC'
    if (time !== undefined && /^\d{1,2}:/.test(time) && date !== undefined)
      return readWhen(`${date}T${time.padStart(8, '0')}`, zone, null, !this.#isLocal)
    const whole = row('timestamp', 'date-time', 'x-timestamp-unix', 'x-timestamp', 'gmttime', 'time')
    if (whole !== undefined)
      return whole.includes('/') ? readClfWhen(whole, 'UTC') : readWhen(whole, 'UTC', null, true)
    const local = row('localtime', 'x-localtime')
    return local === undefined ? UNDATED : readClfWhen(local, this.#zone)
  }
}
