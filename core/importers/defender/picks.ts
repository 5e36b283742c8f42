import type { EventFields, EventKind } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHash } from '../../normalise/hash.ts'
import { toHost, toInteger, toIp, toLogonId, toPort } from '../../normalise/host.ts'
import { toAddressKey, toMessageId } from '../../normalise/mail.ts'
import { toPath } from '../../normalise/path.ts'
import { present } from '../../normalise/placeholder.ts'
import { toReachedUrl } from '../../normalise/url.ts'
import { unwrapUrl } from '../../normalise/url-unwrap.ts'
import { remember, rememberPair } from '../remember.ts'
import type { DefenderRow } from './row.ts'

/** How one field of the case's event is taken from a row; undefined leaves it absent. */
export type Pick<T> = (row: DefenderRow) => T | undefined
export type FieldPicks = { readonly [K in keyof EventFields]?: Pick<NonNullable<EventFields[K]>> }

/** What a row means: its kind (or a choice by its cells) and where the fields come from. */
export interface RowMeaning {
  readonly kind: EventKind | ((row: DefenderRow) => EventKind)
  readonly fields: FieldPicks
}

const knownSid = remember(toSid)
const knownHost = remember(toHost)
const knownAddress = remember(toAddressKey)
const knownHash = remember(toHash)
export const knownAccount = rememberPair(toAccount)

/** Every pick takes the first of the columns that has a usable value. */
function first<T>(columns: readonly string[], read: (text: string) => T | undefined): Pick<T> {
  return (row) => {
    for (const column of columns) {
      const text = row.text(column)
      const value = text === undefined ? undefined : read(text)
      if (value !== undefined) return value
    }
    return undefined
  }
}
export const text = (...columns: string[]): Pick<string> => first(columns, present)
export const sid = (...columns: string[]): Pick<string> => first(columns, knownSid)
export const guid = (...columns: string[]): Pick<string> => first(columns, toGuid)
export const ip = (...columns: string[]): Pick<string> => first(columns, toAddress)
export const port = (...columns: string[]): Pick<number> => first(columns, toPort)
export const int = (...columns: string[]): Pick<number> => first(columns, toInteger)
export const host = (...columns: string[]): Pick<string> => first(columns, knownHost)
export const logonId = (...columns: string[]): Pick<string> => first(columns, toLogonId)
export const mail = (...columns: string[]): Pick<string> => first(columns, knownAddress)
export const messageId = (...columns: string[]): Pick<string> =>
  first(columns, (value) => toMessageId(value) ?? undefined)
/** PIDs: zero is the idle process and stands for "unknown". */
export const pid = (...columns: string[]): Pick<number> =>
  first(columns, (value) => toInteger(value) || undefined)

/** An address, also with a port behind it (`203.0.113.7:5555`, `[2001:db8::1]:443`). */
export function toAddress(value: string): string | undefined {
  return toIp(value) ?? toIp(value.replace(/^\[([^\]]*)\]:\d+$/, '$1').replace(/^([\d.]+):\d+$/, '$1'))
}

export const hash = (kind: 'sha256' | 'sha1' | 'md5', ...columns: string[]): Pick<string> =>
  first(columns, (value) => {
    const found = knownHash(value)
    return found?.kind === kind ? found.hash : undefined
  })
export const hashes = (prefix: string): FieldPicks => ({
  sha256: hash('sha256', `${prefix}SHA256`),
  sha1: hash('sha1', `${prefix}SHA1`),
  md5: hash('md5', `${prefix}MD5`),
})

/** `DOMAIN\name` from `<prefix>Domain` and `<prefix>Name`. */
export const account =
  (prefix: string): Pick<string> =>
  (row) =>
    knownAccount(row.text(`${prefix}Domain`), row.text(`${prefix}Name`)) ?? present(row.text(`${prefix}Upn`))

/** The web address as the reader reaches it, link rewriting undone; text that is no address is no URL. */
export const url = (...columns: string[]): Pick<string> => first(columns, toUrl)
export function toUrl(value: string): string | undefined {
  const reached = toReachedUrl(value)
  return reached === undefined ? undefined : (unwrapUrl(reached) ?? reached)
}

/** `FolderPath` normally holds the file name; where it does not, it is put behind. */
export const filePath =
  (folder: string, name: string): Pick<string> =>
  (row) =>
    knownPath(row.text(folder), row.text(name))
export function joinPath(folder: string | undefined, name: string | undefined): string | undefined {
  const path = toPath(folder)
  const file = toPath(name)
  if (path === undefined || file === undefined) return path ?? file
  if (path.toLowerCase().endsWith(file.toLowerCase())) return path
  const separator = path.includes('/') && !path.includes('\\') ? '/' : '\\'
  return path.endsWith(separator) ? path + file : path + separator + file
}

const knownPath = rememberPair(joinPath)

/** Members of `AdditionalFields`. */
export const extra =
  (...paths: string[]): Pick<string> =>
  (row) =>
    present(row.extra(...paths))

export const fixed =
  <T extends string | number>(value: T): Pick<T> =>
  () =>
    value

/** The first pick that finds something. */
export const either =
  <T>(...picks: Pick<T>[]): Pick<T> =>
  (row) => {
    for (const pick of picks) {
      const value = pick(row)
      if (value !== undefined) return value
    }
    return undefined
  }

/** A detail is for reading and searching; the whole text stays in the raw record. Attack: megabytes in one cell. */
export const DETAIL_LIMIT = 2_000

/**
 * Searchable short text `Name: value; Name: value` of the columns that say something. `+Name` reads AdditionalFields,
 * `?Name` is a flag that is told only when it is set.
 */
export const named =
  (...columns: string[]): Pick<string> =>
  (row) => {
    const parts: string[] = []
    let length = 0
    for (const column of columns) {
      const isExtra = column.startsWith('+')
      const isFlag = column.startsWith('?')
      const name = isExtra || isFlag ? column.slice(1) : column
      const value = present(isExtra ? row.extra(name) : row.text(name))
      if (value === undefined || (isFlag && toBoolean(value) !== true)) continue
      parts.push(`${name}: ${value.slice(0, DETAIL_LIMIT).replace(/\s+/g, ' ')}`)
      length += value.length
      if (length > DETAIL_LIMIT) break
    }
    return parts.length === 0 ? undefined : cut(parts.join('; '), DETAIL_LIMIT)
  }

/** Cuts at the limit without splitting a surrogate pair, and shows that it did. */
export function cut(value: string, limit: number): string {
  if (value.length <= limit) return value
  const end = /[\ud800-\udbff]/.test(value[limit - 1] ?? '') ? limit - 1 : limit
  return `${value.slice(0, end)}…`
}

/** Yes and no as exports spell them: `true`, `True`, `1`, `0`. */
export function toBoolean(value: string | undefined): boolean | undefined {
  const word = value?.trim().toLowerCase()
  if (word === 'true' || word === '1' || word === 'yes') return true
  return word === 'false' || word === '0' || word === 'no' ? false : undefined
}

const TECHNIQUE = /\bT\d{4}(?:\.\d{3})?\b/g
/** A crafted cell could name thousands. */
const MAX_TECHNIQUES = 50
/** ATT&CK ids of the columns, each once, joined by a blank: cells hold names and ids in JSON or plain text. */
export const techniques =
  (...columns: string[]): Pick<string> =>
  (row) => {
    const found = new Set<string>()
    for (const column of columns) for (const id of row.text(column)?.match(TECHNIQUE) ?? []) found.add(id)
    return found.size === 0 ? undefined : [...found].slice(0, MAX_TECHNIQUES).join(' ')
  }

/** NetworkMessageId as a key: with or without dashes and braces it is the same id. */
export function networkMessageId(row: DefenderRow): string | undefined {
  const id = present(row.text('NetworkMessageId'))?.toLowerCase()
  const match = /^\{?([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})\}?$/.exec(
    id ?? '',
  )
  return match === null ? id : match.slice(1).join('-')
}
