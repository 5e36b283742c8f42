import { toAccount, toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { parseHashes } from '../../normalise/hash.ts'
import { toHost, toInteger, toIp, toLogonId, toPort } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import type { EventFields, EventKind } from '../../model/event.ts'
import { remember, rememberPair } from '../remember.ts'
import { resolveMessages } from './message-table.ts'
import type { WindowsEvent } from './windows-event.ts'

/** How one field of the case's event is taken from a Windows event; undefined leaves it absent. */
export type Pick<T> = (event: WindowsEvent) => T | undefined
export type FieldPicks = { readonly [K in keyof EventFields]?: Pick<NonNullable<EventFields[K]>> }

/** What one event id means: its kind (or a choice by its data) and where the fields come from. */
export interface EventRow {
  readonly kind: EventKind | ((event: WindowsEvent) => EventKind)
  readonly fields: FieldPicks
}
/** Event id -> meaning, for one provider. */
export type EventTable = ReadonlyMap<number, EventRow>

/** Rows of several ids, written as `rows([4634, 4647], row)`. */
export function rows(ids: readonly number[], row: EventRow): [number, EventRow][] {
  return ids.map((id) => [id, row])
}

function first<T>(names: readonly string[], read: (text: string) => T | undefined): Pick<T> {
  return (event) => {
    for (const name of names) {
      const text = event.data.get(name)
      const value = text === undefined ? undefined : read(text)
      if (value !== undefined) return value
    }
    return undefined
  }
}

const knownPath = remember(toPath)
const knownSid = remember(toSid)
const knownHost = remember(toHost)
const knownHashes = remember(parseHashes)
const knownAccount = rememberPair(toAccount)
const knownLogonId = remember(toLogonId)
const knownIp = remember(toIp)

/** Each takes the first of the named data that has a value. */
export const text = (...names: string[]): Pick<string> => first(names, present)
/** Text whose `%%NNNN` ids are put into words (formats.md A3.3); lists keep one entry per line as `a, b`. */
export const words = (...names: string[]): Pick<string> =>
  first(names, (value) => {
    const said = present(value)
    return said === undefined
      ? undefined
      : cut(resolveMessages(said).replace(/\s*[\r\n\t]+\s*/g, ', '), DETAIL_LIMIT)
  })
export const path = (...names: string[]): Pick<string> => first(names, knownPath)
export const int = (...names: string[]): Pick<number> => first(names, toInteger)
export const guid = (...names: string[]): Pick<string> => first(names, toGuid)
export const sid = (...names: string[]): Pick<string> => first(names, knownSid)
export const ip = (...names: string[]): Pick<string> => first(names, knownIp)
export const port = (...names: string[]): Pick<number> => first(names, toPort)
export const host = (...names: string[]): Pick<string> => first(names, knownHost)
export const logonId = (...names: string[]): Pick<string> => first(names, knownLogonId)
/** Status codes and masks in lower case, zero kept (it says "success"). */
export const code = (...names: string[]): Pick<string> =>
  first(names, (value) => present(value)?.toLowerCase())

/** PIDs: zero is the idle process and stands for "unknown" in events. */
export const pid = (...names: string[]): Pick<number> =>
  first(names, (value) => {
    const number = toInteger(value)
    return number === 0 ? undefined : number
  })

/** PID of the process that wrote the event: only for providers that write from inside the program they tell of. */
export const executionPid: Pick<number> = (event) =>
  event.executionPid === 0 ? undefined : event.executionPid

/** PIDs as hexadecimal without `0x`, as crash records have them. */
export const hexPid = (...names: string[]): Pick<number> =>
  first(names, (value) => toInteger(/^[0-9a-f]{1,8}$/i.test(value.trim()) ? `0x${value.trim()}` : value))

/** ATT&CK ids inside a text (`technique_id=T1059.001,...`), joined by a blank. */
export const technique = (...names: string[]): Pick<string> =>
  first(names, (value) => {
    if (!value.includes('T1')) return undefined
    const ids = value.match(/\bT1\d{3}(?:\.\d{3})?\b/g)
    return ids === null ? undefined : [...new Set(ids)].join(' ')
  })

const INTEGRITY = new Map([
  ['0', 'Untrusted'],
  ['4096', 'Low'],
  ['8192', 'Medium'],
  ['8448', 'Medium Plus'],
  ['12288', 'High'],
  ['16384', 'System'],
  ['20480', 'Protected'],
])
/** A mandatory label SID `S-1-16-x` in the words Sysmon uses; Sysmon's own words stay (formats.md A3.3). */
export const integrity = (...names: string[]): Pick<string> =>
  first(names, (value) => {
    const said = present(value)
    const label = /^S-1-16-(\d{1,5})$/i.exec(said ?? '')?.[1]
    return label === undefined ? said : (INTEGRITY.get(label) ?? said)
  })

/** Numbers of IP protocols in words. */
const PROTOCOLS = new Map([
  ['1', 'icmp'],
  ['2', 'igmp'],
  ['6', 'tcp'],
  ['17', 'udp'],
  ['47', 'gre'],
  ['50', 'esp'],
  ['58', 'ipv6-icmp'],
])
export const protocol = (...names: string[]): Pick<string> =>
  first(names, (value) => {
    const said = present(value)?.toLowerCase()
    return said === undefined ? undefined : (PROTOCOLS.get(said) ?? said)
  })

export const account =
  (domain: string, name: string): Pick<string> =>
  (event) =>
    knownAccount(event.data.get(domain), event.data.get(name))

export const hash = (kind: 'sha256' | 'sha1' | 'md5', ...names: string[]): Pick<string> =>
  first(names, (value) => knownHashes(value)[kind])

/** A value by a dictionary; what it does not know stays as it is. */
export const mapped =
  (pick: Pick<string>, meanings: ReadonlyMap<string, string>): Pick<string> =>
  (event) => {
    const value = pick(event)
    return value === undefined ? undefined : (meanings.get(value) ?? value)
  }

export const fixed =
  <T extends string>(value: T): Pick<T> =>
  () =>
    value

/** The first pick that finds something. */
export const either =
  <T>(...picks: Pick<T>[]): Pick<T> =>
  (event) => {
    for (const pick of picks) {
      const value = pick(event)
      if (value !== undefined) return value
    }
    return undefined
  }

/** Searchable short text `Name: value; Name: value` of the data that say something. */
export const named =
  (...names: string[]): Pick<string> =>
  (event) => {
    const parts: string[] = []
    for (const name of names) {
      const value = present(event.data.get(name))
      if (value !== undefined) parts.push(`${name}: ${resolveMessages(value).replace(/\s+/g, ' ')}`)
    }
    return parts.length === 0 ? undefined : cut(parts.join('; '), DETAIL_LIMIT)
  }

/** A detail is for reading and searching; the whole text stays in the raw record. Attack: megabytes in one field. */
export const DETAIL_LIMIT = 2_000

/** Cuts at the limit without splitting a surrogate pair, and shows that it did. */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value
  const end = /[\ud800-\udbff]/.test(value[limit - 1] ?? '') ? limit - 1 : limit
  return `${value.slice(0, end)}…`
}

/** Kind by a field's value, e.g. success or failure by a status code. */
export const kindBy =
  (pick: Pick<string>, failed: (value: string) => boolean, success: EventKind, failure: EventKind) =>
  (event: WindowsEvent): EventKind => {
    const value = pick(event)
    return value !== undefined && failed(value) ? failure : success
  }

/** Whether a status code says failure: everything but zero. */
export function isFailure(status: string): boolean {
  return !/^(?:0x)?0+$/i.test(status)
}

/** `success` or `failure` by a status field; absent when the field is. */
export const outcomeBy =
  (...names: string[]): Pick<string> =>
  (event) => {
    const status = code(...names)(event)
    return status === undefined ? undefined : isFailure(status) ? 'failure' : 'success'
  }
