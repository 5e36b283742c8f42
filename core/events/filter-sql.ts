import ipaddr from 'ipaddr.js'
import { WorkbenchError } from '../model/errors.ts'
import { EVENT_FIELDS, type EventFieldName } from '../model/event.ts'
import { columnOf, EVENT_COLUMNS, kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso } from '../store/time.ts'
import type { EventFilter } from '../contract/nouns/event.ts'
import { nearKinds } from './near-kinds.ts'
import { COMMON_FIELDS, parseQuery, type Clause, type Query, type Term } from './query.ts'
import {
  asLike,
  findAddresses,
  findAddressesNow,
  findHits,
  findHitsNow,
  isCostly,
  type TextHits,
} from './text-hits.ts'
import { containing, exactly, matching, type TextPattern } from './text-pattern.ts'

/** A WHERE clause made of constant fragments and bound parameters only. */
export interface Where {
  readonly sql: string
  readonly params: Record<string, unknown>
  readonly query: Query
  /** A term that must hold fits no string of the case: nothing can be found. */
  readonly isEmpty: boolean
  /** Microseconds outside of which a `time:` of the query lets nothing be found. */
  readonly from: number | null
  readonly to: number | null
}
/** Takes a value and returns the parameter it is bound to. */
export type Bind = (value: unknown) => string
/** The condition that one of the columns holds what a term found among the strings; `0`: it found nothing. */
export type HitsSql = (columns: readonly string[], term: Term, bind: Bind) => string

const TEXT_COLUMNS = EVENT_COLUMNS.filter((column) => column.isText).map((column) => column.column)
const IP_COLUMNS = ['source_ip', 'destination_ip', 'host_ip']
const DAY_US = 86_400_000_000

/** What a term looks for among the strings; undefined: it needs none of them. */
function patternOf(term: Term): TextPattern | undefined {
  switch (term.type) {
    case 'text':
      return containing(term.value)
    case 'field':
      return matching(
        term.value,
        term.fields.some((field) => HOST_FIELDS.has(field)),
      )
    case 'ip':
      return term.value.includes('/') ? undefined : exactly(term.value)
    default:
      return undefined
  }
}

/**
 * Finds what the search looks for among the strings before `toWhere` makes a clause of it; the engine answers others meanwhile.
 * @param mayLike first rows are wanted (see `findHits`)
 */
export async function lookUp(
  db: ReadStore,
  filter: Partial<EventFilter>,
  mayLike: boolean,
): Promise<ReadonlyMap<Term, TextHits>> {
  const found = new Map<Term, TextHits>()
  for (const { term } of parsed(filter.text ?? '').flat()) {
    const pattern = patternOf(term)
    const how = { mayLike, columns: columnsOf(term) }
    if (pattern) found.set(term, await findHits(db, pattern, how))
    else if (term.type === 'ip') {
      requireAddress(term.value)
      found.set(term, await findAddresses(db, term.value, how))
    }
  }
  return found
}

/**
 * For a search whose texts take long to be looked up: the same as `lookUp`, without looking anything up. Events are compared with the
 * texts themselves, which finds first rows at once where there are many. Undefined: nothing takes long.
 */
export function withoutLookUp(
  db: ReadStore,
  filter: Partial<EventFilter>,
): ReadonlyMap<Term, TextHits> | undefined {
  const terms = parsed(filter.text ?? '')
    .flat()
    .map(({ term }) => term)
  // A network is no pattern a text can be compared with.
  if (terms.some((term) => term.type === 'ip' && patternOf(term) === undefined)) return undefined
  const patterns = terms.flatMap((term) => {
    const pattern = patternOf(term)
    return pattern ? [[term, pattern] as const] : []
  })
  if (!patterns.some(([term, pattern]) => term.type === 'text' && isCostly(db, pattern))) return undefined
  return new Map(patterns.map(([term, pattern]) => [term, asLike(pattern)]))
}

/** The columns of texts a term names; undefined: any. */
function columnsOf(term: Term): readonly string[] | undefined {
  if (term.type === 'ip') return IP_COLUMNS
  return term.type === 'field'
    ? term.fields.filter((field) => EVENT_FIELDS[field].type === 'text').map(columnOf)
    : undefined
}

/** The query of a text is one object, so that what was looked up for its terms is found again. */
const queries = new Map<string, Query>()
export function parsed(text: string): Query {
  let query = queries.get(text)
  if (!query) {
    query = parseQuery(text)
    if (queries.size >= KEPT_QUERIES) queries.clear()
    queries.set(text, query)
  }
  return query
}
const KEPT_QUERIES = 50

/**
 * Builds the WHERE clause for a filter.
 * @param found what `lookUp` found; without it strings are looked up here
 * @throws WorkbenchError `request.unknown_field`, `request.unknown_kind`; `request.invalid` naming the field whose time or address cannot be
 */
export function toWhere(
  db: ReadStore,
  filter: Partial<EventFilter>,
  found?: ReadonlyMap<Term, TextHits>,
): Where {
  const inTable = (columns: readonly string[], table: string): string =>
    `(${columns.map((column) => `${column} IN (SELECT id FROM temp.${table})`).join(' OR ')})`
  return composeWhere(db, filter, (columns, term, bind) => {
    const hits = found?.get(term) ?? { type: 'ids', ids: findNow(db, term) }
    if (hits.type === 'ids') return inIds(columns, hits.ids, bind)
    return hits.type === 'table' ? inTable(columns, hits.table) : isLike(columns, hits.likes, bind)
  })
}

/** One of the columns is a text like one of these. */
export const isLike = (columns: readonly string[], likes: readonly string[], bind: Bind): string =>
  `EXISTS (SELECT 1 FROM str WHERE id IN (${columns.join(',')}) AND (${likes.map((like) => `v LIKE ${bind(like)} ESCAPE '\\'`).join(' OR ')}))`
/** One of the columns is one of these ids. */
function inIds(columns: readonly string[], ids: readonly number[], bind: Bind): string {
  if (ids.length === 0) return '0'
  const [only] = ids
  if (ids.length === 1) {
    const parameter = bind(only)
    return columns.length === 1 ? `${columns[0]} = ${parameter}` : `${parameter} IN (${columns.join(',')})`
  }
  return inList(columns, bind(JSON.stringify(ids)))
}
/** One of the columns is one of the ids in a parameter that holds a JSON list. */
export const inList = (columns: readonly string[], parameter: string): string =>
  `(${columns.map((column) => `${column} IN (SELECT value FROM json_each(${parameter}))`).join(' OR ')})`

/** The clause of a filter, with what terms found among the strings put in by `inHits`. */
export function composeWhere(db: ReadStore, filter: Partial<EventFilter>, hitsSql: HitsSql): Where {
  const params: Record<string, unknown> = {}
  const parts: string[] = []
  let next = 0
  const bind: Bind = (value) => {
    const name = `p${next++}`
    params[name] = value
    return `@${name}`
  }
  const inHits = (columns: readonly string[], term: Term): string => hitsSql(columns, term, bind)
  const toSql = (clause: Clause): string => {
    const { term } = clause
    switch (term.type) {
      case 'text':
        return inHits(TEXT_COLUMNS, term)
      case 'kind':
        if (term.kinds.length === 0)
          throw new WorkbenchError('request.unknown_kind', { kind: term.value, known: nearKinds(term.value) })
        return `kind IN (${term.kinds.map((kind) => bind(kindNumber(kind))).join(',')})`
      case 'time':
        return timeSql(term.from, term.to, bind)
      case 'ip':
        requireAddress(term.value)
        return inHits(IP_COLUMNS, term)
      case 'field': {
        const conditions: string[] = []
        const texts = term.fields.filter((field) => EVENT_FIELDS[field].type === 'text').map(columnOf)
        const numbers = term.fields.filter((field) => EVENT_FIELDS[field].type === 'int').map(columnOf)
        if (texts.length > 0) conditions.push(inHits(texts, term))
        if (numbers.length > 0 && /^\d+$/.test(term.value))
          conditions.push(`${bind(Number(term.value))} IN (${numbers.join(',')})`)
        return conditions.every((condition) => condition === '0') ? '0' : `(${conditions.join(' OR ')})`
      }
      case 'unknown-field':
        throw new WorkbenchError('request.unknown_field', { field: term.field, known: COMMON_FIELDS })
    }
  }
  const query = parsed(filter.text ?? '')
  let isEmpty = false
  for (const group of query) {
    const conditions = group.map((clause) =>
      clause.negated ? `coalesce(NOT (${toSql(clause)}), 1)` : toSql(clause),
    )
    if (conditions.every((condition) => condition === '0')) isEmpty = true
    parts.push(`(${conditions.join(' OR ')})`)
  }
  if (filter.kinds && filter.kinds.length > 0)
    parts.push(`kind IN (${filter.kinds.map((kind) => bind(kindNumber(kind))).join(',')})`)
  if (filter.from != null) parts.push(`at >= ${bind(requireTime('from', filter.from))}`)
  if (filter.to != null) parts.push(`at <= ${bind(requireTime('to', filter.to))}`)
  if (filter.evidenceId != null)
    parts.push(
      `${isCommon(db, ofEvidence, [filter.evidenceId]) ? '+' : ''}evidence_id = ${bind(Number(filter.evidenceId))}`,
    )
  for (const [column, ids, sample] of [
    ['evidence_id', filter.evidenceIds, ofEvidence],
    ['endpoint_id', filter.endpointIds, ofEndpoint],
    ['user_id', filter.userIds, ofUser],
  ] as const)
    if (ids && ids.length > 0)
      parts.push(
        `${isCommon(db, sample, ids) ? '+' : ''}${column} IN (${ids.map((id) => bind(Number(id))).join(',')})`,
      )
  if (filter.entityId != null) {
    const id = bind(Number(filter.entityId))
    const plus =
      isCommon(db, ofEndpoint, [filter.entityId]) || isCommon(db, ofUser, [filter.entityId]) ? '+' : ''
    parts.push(
      `(${plus}endpoint_id = ${id} OR ${plus}user_id = ${id} OR id IN (SELECT p.event_id FROM relation r JOIN relation_proof p ON p.relation_id = r.id WHERE r.from_id = ${id} OR r.to_id = ${id}))`,
    )
  }
  return {
    sql: parts.length === 0 ? '1' : parts.join(' AND '),
    params,
    query,
    isEmpty,
    ...windowOf(query),
  }
}

/** The stretch that all `time:` terms of a query leave which must hold. */
function windowOf(query: Query): { readonly from: number | null; readonly to: number | null } {
  let [from, to]: (number | null)[] = [null, null]
  for (const [clause, other] of query) {
    if (clause === undefined || other !== undefined || clause.negated || clause.term.type !== 'time') continue
    const { term } = clause
    if (term.from !== '') from = Math.max(from ?? -Infinity, requireTime('time', term.from))
    if (term.to !== '') to = Math.min(to ?? Infinity, requireTime('time', term.to) + spanOf(term.to) - 1)
  }
  return { from: from ?? null, to: to ?? null }
}

/** The later of two beginnings, either of which may be open. */
export const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)
/** The earlier of two ends. */
export const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)

/** Fields that hold host names: a short name finds the full one. */
const HOST_FIELDS: ReadonlySet<EventFieldName> = new Set(['host', 'sourceHost', 'destinationHost'])

function requireTime(field: string, text: string): number {
  const us = parseIso(text)
  if (us === undefined) throw new WorkbenchError('request.invalid', { field, problem: text })
  return us
}

/** `time:a..b`; a day or minute without more means all of it; an open side is allowed. */
function timeSql(from: string, to: string, bind: (value: unknown) => string): string {
  const conditions: string[] = []
  // Nothing lies between: the two were given in the wrong order, and "no events" would be taken for an answer.
  if (from !== '' && to !== '' && requireTime('time', from) >= requireTime('time', to) + spanOf(to))
    throw new WorkbenchError('request.invalid', { field: 'time', problem: `${from}..${to}` })
  if (from !== '') conditions.push(`at >= ${bind(requireTime('time', from))}`)
  if (to !== '') conditions.push(`at < ${bind(requireTime('time', to) + spanOf(to))}`)
  return conditions.length === 0 ? '1' : `(${conditions.join(' AND ')})`
}
const spanOf = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) ? DAY_US : /T\d\d:\d\d(Z|[+-]|$)/.test(text) ? 60_000_000 : 1_000_000

/** Part of an address with `*` for the rest. */
const ADDRESS_PATTERN = /^[\da-f.:*]+$/i

function requireAddress(value: string): void {
  const isRight = value.includes('/')
    ? ipaddr.isValidCIDR(value)
    : value.includes('*')
      ? ADDRESS_PATTERN.test(value)
      : ipaddr.isValid(value)
  if (!isRight) throw new WorkbenchError('request.invalid', { field: 'ip', problem: value })
}

/**
 * Rows from which on it is quicker to go through the events in the order of time and look at each than to gather the rows behind
 * an index and sort them: a plus before a column keeps SQLite from its index.
 */
const COMMON_ROWS = 20_000
const ofEvidence = `SELECT count(*) FROM (SELECT 1 FROM event WHERE evidence_id = ? LIMIT ${COMMON_ROWS})`
const ofEndpoint = `SELECT count(*) FROM (SELECT 1 FROM event WHERE endpoint_id = ? LIMIT ${COMMON_ROWS})`
const ofUser = `SELECT count(*) FROM (SELECT 1 FROM event WHERE user_id = ? LIMIT ${COMMON_ROWS})`

function isCommon(db: ReadStore, sample: string, ids: readonly string[]): boolean {
  const count = db.prepare(sample).pluck()
  let rows = 0
  for (const id of ids) {
    rows += count.get(Number(id)) as number
    if (rows >= COMMON_ROWS) return true
  }
  return false
}

function findNow(db: ReadStore, term: Term): readonly number[] {
  const pattern = patternOf(term)
  if (pattern) return findHitsNow(db, pattern)
  return term.type === 'ip' ? findAddressesNow(db, term.value) : []
}
