import { parseTime } from '../../normalise/time.ts'

/** `20240305110018`, also `20240305-110018` and `2024-03-05T11-00-18`, with no digit before or behind. */
const STAMP =
  /(?<!\d)((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])[-_T ]?([01]\d|2[0-3])[-_.:]?([0-5]\d)[-_.:]?([0-5]\d)(?!\d)/
/** `exportUsers_2024-3-5.csv` of the Entra portal: only the day. */
const DAY = /(?<!\d)((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?!\d)/

const two = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')

/**
 * When a collection was taken, out of its file name: collectors write the local time of the machine they ran on. A name with
 * a day only means the beginning of that day.
 * @param zone IANA zone of that machine, as the analyst said
 * @returns microseconds UTC
 */
export function timeInName(name: string, zone: string): number | undefined {
  const file = name.split('/').at(-1) ?? name
  const stamp = STAMP.exec(file)
  if (stamp !== null) {
    const [, year, month, day, hour, minute, second] = stamp
    return parseTime(`${year}-${month}-${day}T${hour}:${minute}:${second}`, zone)?.us
  }
  const day = DAY.exec(file)
  return day === null
    ? undefined
    : parseTime(`${day[1] ?? ''}-${two(day[2])}-${two(day[3])}T00:00:00`, zone)?.us
}
