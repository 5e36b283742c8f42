import type { MarkTarget } from '../contract/nouns/work.ts'
import type { SweepCriteria } from '../contract/nouns/sweep.ts'
import { type StoredEvent, toEventRows } from '../events/event-rows.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { takeStep, type StoredCriteria, type WorkRow } from './steps.ts'

const entityOf = 'SELECT id, kind, name FROM entity WHERE id = ?'
const urlOf = 'SELECT url FROM url WHERE id = ?'
const eventOf = 'SELECT * FROM event WHERE id = ?'
const aliasesOf =
  'SELECT kind, value FROM alias WHERE entity_id = ? AND kind IN (SELECT value FROM json_each(?)) ORDER BY kind, value'
const byName = 'SELECT * FROM sweep_criteria WHERE name = ?'
const nextId = 'SELECT coalesce(max(id), 0) + 1 FROM sweep_criteria'

/** The surest name of a file: what it holds, not what it is called. */
const HASHES = ['sha256', 'sha1', 'md5']
/** Fields of an event that name something an attacker brings, with the word of a typed list. */
const FIELDS: readonly (readonly [field: string, word: string])[] = [
  ['url.full', 'url'],
  ['file.hash.sha256', 'sha256'],
  ['file.hash.sha1', 'sha1'],
  ['file.hash.md5', 'md5'],
  ['destination.ip', 'ip'],
  ['destination.host', 'domain'],
  ['email.from', 'email'],
]

interface Entity {
  readonly id: number
  readonly kind: string
  readonly name: string
}

const lastOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

function linesOfEntity(db: ReadStore, { id, kind, name }: Entity): string[] {
  const aliases = (kinds: readonly string[]) =>
    db.prepare(aliasesOf).all(id, JSON.stringify(kinds)) as { kind: string; value: string }[]
  switch (kind) {
    case 'ip':
    case 'domain':
    case 'url':
      return [`${kind}:${name}`]
    case 'file':
    case 'attachment':
    case 'process': {
      const hashes = aliases(HASHES)
      const [best] = HASHES.flatMap((hash) => hashes.filter((alias) => alias.kind === hash))
      return [best ? `${best.kind}:${best.value}` : `file-name:${lastOf(name)}`]
    }
    case 'mailbox':
      return aliases(['smtp']).map(({ value }) => `email:${value}`)
    case 'user': {
      const mail = aliases(['smtp', 'upn']).map(({ value }) => `email:${value}`)
      return mail.length > 0 ? mail.slice(0, 1) : [`account:${name}`]
    }
    case 'endpoint':
      return [`host:${name}`]
    case 'message':
      return name === '' ? [] : [`subject:${name}`]
    case 'registry-key':
      return [`registry:${name}`]
    case 'service':
      return [`service:${name}`]
    case 'scheduled-task':
      return [`task:${name}`]
    default:
      return []
  }
}

/**
 * What of these things can be looked for, one line each as an analyst would type it; what an event or entity offers nothing
 * for is left out. Lines hold no line ends: a value that has one cannot be typed, and is left out, too.
 * @throws WorkbenchError `request.not_found`
 */
export function indicatorLines(db: ReadStore, targets: readonly MarkTarget[]): string[] {
  const lines = targets.flatMap((target) => {
    const get = <T>(sql: string): T => {
      const row = /^\d{1,19}$/.test(target.id) ? db.prepare(sql).get(Number(target.id)) : undefined
      if (row === undefined)
        throw new WorkbenchError('request.not_found', { what: `${target.kind} ${target.id}` })
      return row as T
    }
    switch (target.kind) {
      case 'entity':
      case 'message':
        return linesOfEntity(db, get<Entity>(entityOf))
      case 'url':
        return [`url:${get<{ url: string }>(urlOf).url}`]
      case 'event': {
        const [event] = toEventRows(db, [get<StoredEvent>(eventOf)])
        const named = FIELDS.flatMap(([field, word]) => {
          const value = event?.fields[field]
          return value === undefined ? [] : [`${word}:${value}`]
        })
        // One hash says it; the shorter ones add nothing.
        const [hash] = named.filter((line) => /^(?:sha256|sha1|md5):/.test(line))
        return named.filter((line) => !/^(?:sha256|sha1|md5):/.test(line) || line === hash)
      }
      case 'relation':
      case 'detection':
      case 'story':
      case 'view':
      case 'plan-item':
        return []
    }
  })
  return [...new Set(lines)].filter((line) => !/[\r\n]/.test(line))
}

/** What an entity or URL is, unbroken. @throws WorkbenchError `request.not_found` */
export function liveValue(
  db: ReadStore,
  target: { readonly kind: 'entity' | 'message' | 'url'; readonly id: string },
): string {
  const sql = target.kind === 'url' ? urlOf : entityOf
  const row = db.prepare(sql).get(Number(target.id)) as { name?: string; url?: string } | undefined
  if (row === undefined)
    throw new WorkbenchError('request.not_found', { what: `${target.kind} ${target.id}` })
  return row.name ?? row.url ?? ''
}

const sameAs = (one: SweepCriteria['indicators'][number]): string =>
  `${one.kind} ${one.operator} ${one.value.toLowerCase()}`

/**
 * Adds indicators to criteria saved under a name, made when there are none: any of them is a sighting. What is in it already is
 * not added again.
 * @returns how many were added
 */
export function addToCriteria(db: WriteStore, at: number, name: string, found: SweepCriteria): number {
  const present = db.prepare(byName).get(name) as StoredCriteria | undefined
  const before = present ? (JSON.parse(present.document) as SweepCriteria) : undefined
  const known = new Set(before?.indicators.map(sameAs))
  const fresh = found.indicators.filter((one) => !known.has(sameAs(one)))
  if (fresh.length === 0) return 0
  const taken = new Set(before?.indicators.map(({ id }) => id))
  let number = taken.size
  const named = fresh.map((one) => {
    do number += 1
    while (taken.has(`w${number}`))
    return { ...one, id: `w${number}` }
  })
  const leaves = named.map(({ id }) => ({ indicator: id }))
  const document: SweepCriteria = {
    name,
    format: before?.format ?? found.format,
    indicators: [...(before?.indicators ?? []), ...named],
    tree: { any: [...(before ? (before.tree.any ?? [before.tree]) : []), ...leaves] },
  }
  const row: StoredCriteria = {
    id: present?.id ?? (db.prepare(nextId).pluck().get() as number),
    name,
    at,
    format: document.format,
    indicators: document.indicators.length,
    document: JSON.stringify(document),
  }
  const asRow = (one: StoredCriteria): WorkRow => ({ table: 'sweep_criteria', row: one })
  takeStep(db, at, present ? [asRow(present)] : [], [asRow(row)])
  return fresh.length
}
