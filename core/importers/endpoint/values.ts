import type { EventFieldName, EventFields } from '../../model/event.ts'
import { toHash } from '../../normalise/hash.ts'
import { toInteger, toIp } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import { parseTime } from '../../normalise/time.ts'
import type { ImportContext, RecordIssue } from '../importer.ts'
import { member, scalarText } from '../json/parse-object.ts'
import { cut, DETAIL_LIMIT } from '../windows/picks.ts'

/** A list in a record can have millions of entries; beyond this they are not joined into a field. */
const MAX_LIST = 100

/** The first argument that says something; placeholders do not. */
export function firstText(...texts: readonly (string | undefined)[]): string | undefined {
  for (const text of texts) {
    const value = present(text)
    if (value !== undefined) return value
  }
  return undefined
}

/** The scalar texts of a member that is a list, or one text; objects inside are left out. */
export function listOf(value: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, MAX_LIST) : [value]
  return items.flatMap((item) => present(scalarText(item)) ?? [])
}

/** The texts of a list joined by `; `; undefined when there is none. */
export function joined(texts: readonly (string | undefined)[], separator = '; '): string | undefined {
  const known = [...new Set(texts.flatMap((text) => present(text) ?? []))].slice(0, MAX_LIST)
  return known.length === 0 ? undefined : cut(known.join(separator), DETAIL_LIMIT)
}

/** A PID; 0 is the idle process and stands for "unknown". */
export function toPid(text: string | undefined): number | undefined {
  const pid = toInteger(text)
  return pid === 0 ? undefined : pid
}

/** A count of bytes, a status code: any integer from 0. */
export function toCount(text: string | undefined): number | undefined {
  return toInteger(text)
}

/** The hash if it is one of this kind and not all zeros. */
export function hashOf(kind: 'sha256' | 'sha1' | 'md5', text: string | undefined): string | undefined {
  const hash = toHash(text)
  return hash?.kind === kind ? hash.hash : undefined
}

/** Searchable short text `Name: value; Name: value` of what is there. */
export function detailOf(pairs: readonly (readonly [string, string | undefined])[]): string | undefined {
  const parts: string[] = []
  for (const [name, value] of pairs) {
    const text = present(value)
    if (text !== undefined) parts.push(`${name}: ${cut(text, DETAIL_LIMIT).replace(/\s+/g, ' ')}`)
  }
  return parts.length === 0 ? undefined : cut(parts.join('; '), DETAIL_LIMIT)
}

/** A text for reading, cut where it is endless. */
export function shortText(text: string | undefined): string | undefined {
  const value = present(text)
  return value === undefined ? undefined : cut(value, DETAIL_LIMIT)
}

const TECHNIQUE = /\bT\d{4}(?:\.\d{3})?\b/gi

/** ATT&CK technique ids named in the texts, each once, joined by a blank. */
export function techniquesOf(texts: readonly string[]): string | undefined {
  const ids = texts
    .flatMap((text) => text.slice(0, 10_000).match(TECHNIQUE) ?? [])
    .map((id) => id.toUpperCase())
  return ids.length === 0 ? undefined : [...new Set(ids)].slice(0, MAX_LIST).join(' ')
}

const INTEGRITY: ReadonlyMap<number, string> = new Map([
  [0, 'Untrusted'],
  [4096, 'Low'],
  [8192, 'Medium'],
  [8448, 'MediumPlus'],
  [12288, 'High'],
  [16384, 'System'],
  [20480, 'ProtectedProcess'],
])

/** Windows integrity level: the last part of its SID (S-1-16-x) in words; other texts as they are. */
export function toIntegrity(text: string | undefined): string | undefined {
  const value = present(text)
  if (value === undefined) return undefined
  const number = toInteger(value)
  return number === undefined ? value : (INTEGRITY.get(number) ?? value)
}

/** The address to know a host by: the first that is not link-local or loopback, IPv4 before IPv6. */
export function hostAddress(texts: readonly string[]): string | undefined {
  const addresses = texts
    .flatMap((text) => toIp(text) ?? [])
    .filter((address) => !/^(?:fe80:|169\.254\.|127\.|::1$)/.test(address))
  return addresses.find((address) => address.includes('.')) ?? addresses[0]
}

/** How times without a zone and dates of unclear order are to be read. */
export type Times = Pick<ImportContext, 'zone' | 'dateOrder'>

/** Time of a record as an importer yields it, with the issue when it says a time that cannot be. */
export interface RecordTime {
  readonly at: number | null
  readonly zoneAssumed?: true
  readonly issues: readonly RecordIssue[]
}

/**
 * The first of the texts that is a time. A text that is there but no plausible time is the issue `<importer>.time`; the
 * event is then undated unless another text helps.
 * @param times zone for texts without one, order of day and month where it is known
 */
export function timeOf(
  importer: string,
  times: Times,
  ...texts: readonly (string | undefined)[]
): RecordTime {
  let odd: string | undefined
  for (const text of texts) {
    const value = present(text)
    if (value === undefined) continue
    const time = parseTime(value, times.zone, times.dateOrder)
    if (time !== undefined) {
      const issues = odd === undefined ? [] : [{ code: `${importer}.time`, excerpt: odd }]
      return time.zoneAssumed ? { at: time.us, zoneAssumed: true, issues } : { at: time.us, issues }
    }
    odd ??= value
  }
  return { at: null, issues: odd === undefined ? [] : [{ code: `${importer}.time`, excerpt: cut(odd, 200) }] }
}

/** A copy without the fields the record does not say. */
export function compact(fields: EventFields): EventFields {
  const kept: { [name: string]: string | number } = {}
  // The names are our own, never those of the evidence; entries would cost an array for each of them in every record.
  for (const name in fields) {
    const value = fields[name as EventFieldName]
    if (value !== undefined) kept[name] = value
  }
  return kept
}

/** Scalar text of a member; undefined for null, objects, lists and placeholders. */
export function textAt(object: unknown, name: string): string | undefined {
  return present(scalarText(member(object, name)))
}
