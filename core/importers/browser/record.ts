import type { EventFields, EventItem, EventKind } from '../../model/event.ts'
import type { ForeignRow, NumberedRow } from '../../store/foreign-database.ts'
import type { ParsedRecord } from '../importer.ts'

/** Where a history lies tells the browser and the profile; neither is written into it. */
export interface Profile {
  readonly browser: string | undefined
  /** Name of the folder of the person below `Users` or `home`. */
  readonly person: string | undefined
}

/** Folders of the browsers, the narrower first. */
const BROWSERS: readonly (readonly [string, RegExp])[] = [
  ['Microsoft Edge', /[\\/]Microsoft[\\/]Edge[^\\/]*[\\/]/i],
  ['Google Chrome', /[\\/](?:Google[\\/]Chrome[^\\/]*|google-chrome[^\\/]*)[\\/]/i],
  ['Brave', /[\\/]Brave-?(?:Software|Browser)[\\/]/i],
  ['Opera', /[\\/]Opera[^\\/]*[\\/]/i],
  ['Vivaldi', /[\\/]Vivaldi[\\/]/i],
  ['Chromium', /[\\/]Chromium[\\/]/i],
  ['Mozilla Firefox', /[\\/](?:Firefox|\.mozilla)[\\/]/i],
]
const PERSON = /(?:^|[\\/])(?:Users|home|Documents and Settings)[\\/]([^\\/]{1,120})[\\/]/i

/** @param path of the database, as far as it is known */
export function profileOf(path: string): Profile {
  const person = PERSON.exec(path)?.[1]
  return {
    browser: BROWSERS.find(([, folder]) => folder.test(path))?.[0],
    person: person === undefined || /^(?:Public|Default|All Users)$/i.test(person) ? undefined : person,
  }
}

/** An event of a history; times of 1601 and 1970 are none. */
export function item(kind: EventKind, us: number | null, fields: EventFields): EventItem {
  const filled = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
  return { type: 'event', kind, at: us, fields: filled }
}

/** The row as it is stored, with names; hashes in hexadecimal. */
function rawOf(row: ForeignRow): string {
  return JSON.stringify(row, (_key, value: unknown) =>
    typeof value === 'bigint'
      ? String(value)
      : Buffer.isBuffer(value) || (value as { type?: unknown } | null)?.type === 'Buffer'
        ? Buffer.from(value as Buffer).toString('hex')
        : value,
  )
}

/** A record of a table. The number of a row with its time is the same in every copy of a history. */
export function record(
  table: string,
  row: NumberedRow,
  items: readonly EventItem[],
  key: string | undefined,
): ParsedRecord {
  const locator = `${table} ${row.rowid}`
  return {
    kind: 'record',
    locator,
    raw: rawOf(row),
    ...(key !== undefined && { key: `browser-history|${locator}|${key}` }),
    items,
  }
}

export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
export const integerOf = (value: unknown): number | undefined =>
  typeof value === 'bigint' && value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : undefined
