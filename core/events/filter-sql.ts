import ipaddr from 'ipaddr.js'
import { WorkbenchError } from '../model/errors.ts'
import { EVENT_FIELDS, type EventFieldName } from '../model/event.ts'
import { columnOf, EVENT_COLUMNS, kindNumber } from '../store/event-columns.ts'
import { findStringsContaining, findStringsMatching } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso } from '../store/time.ts'
import type { EventFilter } from '../contract/nouns/event.ts'
import { COMMON_FIELDS, parseQuery, type Clause, type Query } from './query.ts'

/** A WHERE clause made of constant fragments and bound parameters only. */
export interface Where {
  readonly sql: string
  readonly params: Record<string, unknown>
  readonly query: Query
}

const TEXT_COLUMNS = EVENT_COLUMNS.filter((column) => column.isText).map((column) => column.column)
const IP_COLUMNS = ['source_ip', 'destination_ip', 'host_ip']
const DAY_US = 86_400_000_000

/**
 * Builds the WHERE clause for a filter.
 * @throws WorkbenchError `request.unknown_field`; `request.invalid` naming the field whose kind, time or address cannot be
 */
export function toWhere(db: ReadStore, filter: Partial<EventFilter>): Where {
  const params: Record<string, unknown> = {}
  const parts: string[] = []
  let next = 0
  const bind = (value: unknown): string => {
    const name = `p${next++}`
    params[name] = value
    return `@${name}`
  }
  const inIds = (columns: readonly string[], ids: readonly number[]): string => {
    if (ids.length === 0) return '0'
    const [only] = ids
    if (ids.length === 1) {
      const parameter = bind(only)
      return columns.length === 1 ? `${columns[0]} = ${parameter}` : `${parameter} IN (${columns.join(',')})`
    }
    const list = bind(JSON.stringify(ids))
    return `(${columns.map((column) => `${column} IN (SELECT value FROM json_each(${list}))`).join(' OR ')})`
  }
  const toSql = (clause: Clause): string => {
    const { term } = clause
    switch (term.type) {
      case 'text':
        return inIds(TEXT_COLUMNS, findStringsContaining(db, term.value))
      case 'kind':
        if (term.kinds.length === 0)
          throw new WorkbenchError('request.invalid', { field: 'kind', problem: term.value })
        return `kind IN (${term.kinds.map((kind) => bind(kindNumber(kind))).join(',')})`
      case 'time':
        return timeSql(term.from, term.to, bind)
      case 'ip':
        return inIds(IP_COLUMNS, idsOfAddresses(db, term.value))
      case 'field': {
        const conditions: string[] = []
        const texts = term.fields.filter((field) => EVENT_FIELDS[field].type === 'text').map(columnOf)
        const numbers = term.fields.filter((field) => EVENT_FIELDS[field].type === 'int').map(columnOf)
        if (texts.length > 0)
          conditions.push(
            inIds(
              texts,
              fieldIds(
                db,
                term.value,
                term.fields.some((field) => HOST_FIELDS.has(field)),
              ),
            ),
          )
        if (numbers.length > 0 && /^\d+$/.test(term.value))
          conditions.push(`${bind(Number(term.value))} IN (${numbers.join(',')})`)
        return conditions.length === 0 ? '0' : `(${conditions.join(' OR ')})`
      }
      case 'unknown-field':
        throw new WorkbenchError('request.unknown_field', { field: term.field, known: COMMON_FIELDS })
    }
  }
  const query = parseQuery(filter.text ?? '')
  for (const group of query) {
    const conditions = group.map((clause) =>
      clause.negated ? `coalesce(NOT (${toSql(clause)}), 1)` : toSql(clause),
    )
    parts.push(`(${conditions.join(' OR ')})`)
  }
  if (filter.kinds && filter.kinds.length > 0)
    parts.push(`kind IN (${filter.kinds.map((kind) => bind(kindNumber(kind))).join(',')})`)
  if (filter.from != null) parts.push(`at >= ${bind(requireTime('from', filter.from))}`)
  if (filter.to != null) parts.push(`at <= ${bind(requireTime('to', filter.to))}`)
  if (filter.evidenceId != null) parts.push(`evidence_id = ${bind(Number(filter.evidenceId))}`)
  if (filter.entityId != null) {
    const id = bind(Number(filter.entityId))
    parts.push(
      `(endpoint_id = ${id} OR user_id = ${id} OR id IN (SELECT p.event_id FROM relation r JOIN relation_proof p ON p.relation_id = r.id WHERE r.from_id = ${id} OR r.to_id = ${id}))`,
    )
  }
  return { sql: parts.length === 0 ? '1' : parts.join(' AND '), params, query }
}

/** Fields that hold host names: a short name finds the full one. */
const HOST_FIELDS: ReadonlySet<EventFieldName> = new Set(['host', 'sourceHost', 'destinationHost'])

/**
 * A whole value, or with `*` a pattern; a bare file or account name also matches the end of a path or `DOMAIN\\name`, a
 * short host name the full one, a Message-ID may stand in angle brackets.
 */
function fieldIds(db: ReadStore, value: string, isHost: boolean): number[] {
  const bare = value.replace(/^<(.*)>$/, '$1')
  const exact = findStringsMatching(db, bare)
  if (bare.includes('*')) return exact
  const asTail = findStringsMatching(db, `*\\${bare}`)
  const asLabel = isHost && !bare.includes('.') ? findStringsMatching(db, `${bare}.*`) : []
  return [...new Set([...exact, ...asTail, ...asLabel])]
}

function requireTime(field: string, text: string): number {
  const us = parseIso(text)
  if (us === undefined) throw new WorkbenchError('request.invalid', { field, problem: text })
  return us
}

/** `time:a..b`; a day or minute without more means all of it; an open side is allowed. */
function timeSql(from: string, to: string, bind: (value: unknown) => string): string {
  const conditions: string[] = []
  if (from !== '') conditions.push(`at >= ${bind(requireTime('time', from))}`)
  if (to !== '') conditions.push(`at < ${bind(requireTime('time', to) + spanOf(to))}`)
  return conditions.length === 0 ? '1' : `(${conditions.join(' AND ')})`
}
const spanOf = (text: string) =>
  /^\d{4}-\d\d-\d\d$/.test(text) ? DAY_US : /T\d\d:\d\d(Z|[+-]|$)/.test(text) ? 60_000_000 : 1_000_000

const addressLike = `SELECT id, v FROM str WHERE length(v) <= 45 AND (v GLOB '[0-9]*.[0-9]*.[0-9]*.[0-9]*' OR v GLOB '*:*:*')`

/** Part of an address with `*` for the rest. */
const ADDRESS_PATTERN = /^[\da-f.:*]+$/i

/** Ids of strings that are the address or lie inside the network. */
function idsOfAddresses(db: ReadStore, value: string): number[] {
  const isNetwork = value.includes('/')
  const isRight = isNetwork
    ? ipaddr.isValidCIDR(value)
    : value.includes('*')
      ? ADDRESS_PATTERN.test(value)
      : ipaddr.isValid(value)
  if (!isRight) throw new WorkbenchError('request.invalid', { field: 'ip', problem: value })
  if (!isNetwork) return findStringsMatching(db, value)
  const [network, bits] = ipaddr.parseCIDR(value)
  const ids: number[] = []
  for (const row of db.prepare(addressLike).iterate() as IterableIterator<{ id: number; v: string }>) {
    if (!ipaddr.isValid(row.v)) continue
    const address = ipaddr.process(row.v)
    if (address.kind() === network.kind() && address.match(network, bits)) ids.push(row.id)
  }
  return ids
}
