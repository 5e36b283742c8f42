import type { DateOrder } from '../../model/date-order.ts'
import type { Mapping } from '../../model/mapping.ts'
import { present } from '../../normalise/placeholder.ts'
import { filetimeTicksToUs, parseTime } from '../../normalise/time.ts'
import type { SampleColumn } from './propose.ts'

const TIME_NAME = /time|date|timestamp|when|created|occurred|received|sent|zeit|datum|日時|時刻|時間|日期/i

/**
 * What stands in a column of times where there is none: words, zero, the largest FILETIME (`Int64.MaxValue`) and that of
 * 9999-12-31 (`DateTime.MaxValue`), and the days from which clocks count (.NET, FILETIME, spreadsheets, Unix).
 */
const NO_TIME =
  /^(?:never|none|nil|unknown|-?[01]|9223372036854775807|265046774399\d{7}|(?:0000|0001|1601|1899|1900|1970|9999)-\d\d-\d\d(?!\d).*)$/i

/** FILETIME of 1990 and of 2100: so long a number is told by itself, whatever its column is called. */
const FILETIME_RANGE = [122_756_256_000_000_000n, 157_469_184_000_000_000n] as const

/** The column whose values are times; its name only decides between several. */
export function findTime(
  columns: readonly SampleColumn[],
  order: DateOrder | null,
): NonNullable<Mapping['time']> | undefined {
  let best: { field: string; format: string; score: number } | undefined
  for (const column of columns) {
    const examples = column.examples
      .map((text) => text.trim())
      .filter((text) => present(text) !== undefined && !NO_TIME.test(text))
    if (examples.length === 0) continue
    const isNamed = TIME_NAME.test(column.name)
    const format = formatOf(examples, order, isNamed)
    if (format === undefined) continue
    const score = (isNamed ? 2 : 0) + (format === 'iso' ? 1 : 0)
    if (best === undefined || score > best.score) best = { field: column.name, format, score }
  }
  return best === undefined ? undefined : { field: best.field, format: best.format, zone: null }
}

/** A bare number is a time only in a column that is called one, unless it can hardly be anything else. */
function formatOf(
  examples: readonly string[],
  order: DateOrder | null,
  isNamed: boolean,
): string | undefined {
  if (examples.every((text) => /^\d{9,19}(?:\.\d+)?$/.test(text))) {
    if (examples.every(isFiletime)) return 'filetime'
    if (!isNamed) return undefined
    const digits = (examples[0] ?? '').replace(/\..*$/, '').length
    if (digits <= 11) return 'epoch-s'
    if (digits <= 14) return 'epoch-ms'
    if (digits <= 16) return 'epoch-us'
    return digits === 18 ? 'filetime' : 'epoch-ns'
  }
  const isTime = examples.every(
    (text) =>
      parseTime(text, 'UTC', order ?? 'day-first') !== undefined ||
      parseTime(text, 'UTC', 'month-first') !== undefined,
  )
  return isTime ? 'iso' : undefined
}

function isFiletime(text: string): boolean {
  if (!/^\d{18}$/.test(text)) return false
  const ticks = BigInt(text)
  return ticks >= FILETIME_RANGE[0] && ticks < FILETIME_RANGE[1] && filetimeTicksToUs(ticks) !== undefined
}
