import { toIp } from '../../../normalise/host.ts'
import { parseTime } from '../../../normalise/time.ts'
import { isObject, member, scalarText } from '../../json/parse-object.ts'
import { remember } from '../../remember.ts'
import { saysAuditFailure, type WindowsEvent } from '../windows-event.ts'
import type { Times } from './dialect.ts'

/** Text of a scalar, or of the first scalar of an array (Kibana wraps every value); '' when there is none. */
export function toText(value: unknown): string {
  return scalarText(Array.isArray(value) ? (value as readonly unknown[])[0] : value) ?? ''
}

/** Text of the first member that has one. */
export function textOf(object: unknown, ...keys: string[]): string {
  for (const key of keys) {
    const text = toText(member(object, key))
    if (text !== '') return text
  }
  return ''
}

type Split = readonly [head: string, rest: string]
/** Every way to cut a dotted name in two; the names are those of this code, so the map stays small. */
const splits = new Map<string, readonly Split[]>()
function splitsOf(path: string): readonly Split[] {
  let known = splits.get(path)
  if (known === undefined) {
    const parts = path.split('.')
    known = parts
      .slice(1)
      .map((_, index) => [parts.slice(0, index + 1).join('.'), parts.slice(index + 1).join('.')])
    splits.set(path, known)
  }
  return known
}

/**
 * The member `a.b.c`: nested, written flat with dots, or anything between (`{"a.b": {"c": 1}}`).
 * @param path a name of this code, never one of the evidence
 */
export function dig(object: unknown, path: string): unknown {
  const flat = member(object, path)
  if (flat !== undefined) return flat
  for (const [head, rest] of splitsOf(path)) {
    const inner = member(object, head)
    if (!isObject(inner)) continue
    const value = dig(inner, rest)
    if (value !== undefined) return value
  }
  return undefined
}

/** Text of the first dotted path that has one. */
export function digText(object: unknown, ...paths: string[]): string {
  for (const path of paths) {
    const text = toText(dig(object, path))
    if (text !== '') return text
  }
  return ''
}

/** The first address of a list that says where a machine is: no loopback, no link-local one. */
export function firstAddress(value: unknown): string | undefined {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  for (const one of items.slice(0, 20)) {
    const ip = toIp(scalarText(one))
    if (ip !== undefined && !/^(?:127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/.test(ip)) return ip
  }
  return undefined
}

/** An event id, version or similar small number; 0 for anything else. */
export function toId(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}

/**
 * Sets the time of the event by the first text that names its zone, else by the first that can be read at all: a time
 * that names its zone beats one that needs an assumption.
 */
export function setTime(event: WindowsEvent, times: Times, ...texts: string[]): void {
  let assumed: { readonly us: number } | undefined
  for (const text of texts) {
    if (text === '') continue
    const time = parseTime(plainTime(text), times.zone, times.dateOrder)
    if (time?.zoneAssumed === false) {
      event.timeUs = time.us
      event.zoneAssumed = false
      return
    }
    assumed ??= time
  }
  event.timeUs = assumed?.us ?? null
  event.zoneAssumed = assumed !== undefined
}

/** Kibana shows `May 6, 2031 @ 07:08:09.123`; Chinese and Japanese Windows put the half of the day before the hour. */
function plainTime(text: string): string {
  return text
    .replace(' @ ', ' ')
    .replace(/(上午|下午|午前|午後) ?(\d{1,2}:\d\d(?::\d\d)?)/, (_, half: string, clock: string) =>
      half === '上午' || half === '午前' ? `${clock} AM` : `${clock} PM`,
    )
}

/** Sets a time that the tool always writes in UTC although the text does not say so. */
export function setUtcTime(event: WindowsEvent, times: Times, ...texts: string[]): void {
  setTime(event, { zone: 'UTC', dateOrder: times.dateOrder }, ...texts)
  event.zoneAssumed = false
}

const SAYS_FAILURE = /audit[ _]?fail|^failureaudit$/i

/** Whether keywords say "audit failure": as a number, or as the words that tools show for it (also the first of a list). */
export function isFailedAudit(...texts: string[]): boolean {
  return texts.some((text) => text !== '' && saysFailure(text))
}
const saysFailure = remember((text) => saysAuditFailure(text) || SAYS_FAILURE.test(text))
