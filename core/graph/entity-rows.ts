import type { AliasRow, EntityRow } from '../contract/nouns/graph.ts'
import type { EntityRef, Page } from '../contract/shapes.ts'
import { WorkbenchError } from '../model/errors.ts'
import { ALIAS_KINDS, ENTITY_KINDS, type EntityKind } from '../model/relation.ts'
import { refang } from '../normalise/defang.ts'
import { parseUrl } from '../normalise/url.ts'
import { readIdCursor } from '../store/cursor.ts'
import { escapeLike } from '../store/strings.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { type RawReader } from '../store/raw.ts'

export interface StoredEntity {
  readonly id: number
  readonly kind: EntityKind
  readonly key: string
  readonly name: string
  readonly first_seen: number | null
  readonly last_seen: number | null
  readonly attributes: string
}

const byId = 'SELECT * FROM entity WHERE id = ?'
const byIds = 'SELECT * FROM entity WHERE id IN (SELECT value FROM json_each(?))'
const degree =
  'SELECT (SELECT count(*) FROM relation WHERE from_id = @id) + (SELECT count(*) FROM relation WHERE to_id = @id)'

export const toRef = (row: { id: number; kind: EntityKind; name: string }): EntityRef => ({
  id: String(row.id),
  kind: row.kind,
  name: row.name,
})

export function loadEntities(db: ReadStore, ids: Iterable<number>): Map<number, StoredEntity> {
  const rows = db.prepare(byIds).all(JSON.stringify([...ids])) as StoredEntity[]
  return new Map(rows.map((row) => [row.id, row]))
}

/** Attributes as shown: times of facts become ISO text. */
export function attributesOf(row: StoredEntity): Record<string, string | number | boolean> {
  const attributes = JSON.parse(row.attributes) as Record<string, string | number | boolean>
  const started = attributes['startedAt']
  return typeof started === 'number' ? { ...attributes, startedAt: toIso(started) } : attributes
}

export function toEntityRow(db: ReadStore, row: StoredEntity): EntityRow {
  return {
    ...toRef(row),
    firstSeenAt: toIsoOrNull(row.first_seen),
    lastSeenAt: toIsoOrNull(row.last_seen),
    attributes: attributesOf(row),
    relations: db.prepare(degree).pluck().get({ id: row.id }) as number,
    risk: null,
  }
}

const aliases = 'SELECT * FROM alias WHERE entity_id = ? ORDER BY kind, value'

/** All names of an entity, each with the record that gave it. */
export function aliasesOf(db: ReadStore, raw: RawReader, id: number): AliasRow[] {
  const rows = db.prepare(aliases).all(id) as {
    kind: AliasRow['kind']
    value: string
    evidence_id: number | null
    record: number | null
    confidence: number
    reason: string
  }[]
  return rows.map((row) => ({
    kind: row.kind,
    value: row.value,
    source:
      row.evidence_id === null || row.record === null
        ? null
        : {
            evidenceId: String(row.evidence_id),
            record: row.record,
            locator: raw.find(row.evidence_id, row.record)?.locator ?? '',
          },
    confidence: row.confidence,
    reason: JSON.parse(row.reason) as AliasRow['reason'],
  }))
}

const byAlias = `SELECT DISTINCT e.* FROM alias a JOIN entity e ON e.id = a.entity_id WHERE e.kind = ? AND a.kind IN (SELECT value FROM json_each(?)) AND a.value = ? COLLATE NOCASE ORDER BY e.id LIMIT 20`
const byName = 'SELECT * FROM entity WHERE kind = ? AND name = ? COLLATE NOCASE ORDER BY id LIMIT 20'

/**
 * The entity an argument names: an id, or `kind:alias` (CLI.md). Message ids may stand in `<>`, URLs may be defanged.
 * @throws WorkbenchError `request.not_found`, or `request.ambiguous` with the candidates
 */
export function resolveEntity(db: ReadStore, argument: string): StoredEntity {
  if (/^\d+$/.test(argument)) {
    const row = db.prepare(byId).get(Number(argument)) as StoredEntity | undefined
    if (!row) throw new WorkbenchError('request.not_found', { what: argument })
    return row
  }
  const cut = argument.indexOf(':')
  const kind = ENTITY_KINDS.find((one) => one === argument.slice(0, cut))
  if (!kind) throw new WorkbenchError('request.invalid', { field: 'entity', problem: argument })
  let value = argument.slice(cut + 1)
  if (kind === 'message') value = value.replace(/^<|>$/g, '')
  if (kind === 'url' || kind === 'domain' || kind === 'ip') value = refang(value)
  if (kind === 'url') value = parseUrl(value)?.text ?? value
  const kinds = ALIAS_KINDS.filter((alias) => alias !== 'name')
  let found = db.prepare(byAlias).all(kind, JSON.stringify(kinds), value) as StoredEntity[]
  if (found.length === 0)
    found = db.prepare(byAlias).all(kind, JSON.stringify(['name']), value) as StoredEntity[]
  if (found.length === 0) found = db.prepare(byName).all(kind, value) as StoredEntity[]
  const [only, second] = found
  if (!only) throw new WorkbenchError('request.not_found', { what: argument })
  if (second)
    throw new WorkbenchError('request.ambiguous', {
      what: argument,
      candidates: found.map((row) => `${row.id} ${row.name}`),
    })
  return only
}

const search = `SELECT * FROM entity e WHERE id > @after AND (@kind IS NULL OR kind = @kind)
  AND (@pattern IS NULL OR name LIKE @pattern ESCAPE '\\' OR EXISTS (SELECT 1 FROM alias a WHERE a.entity_id = e.id AND a.value LIKE @pattern ESCAPE '\\'))
  ORDER BY id LIMIT @limit`
const searchTotal = `SELECT count(*) FROM entity e WHERE (@kind IS NULL OR kind = @kind)
  AND (@pattern IS NULL OR name LIKE @pattern ESCAPE '\\' OR EXISTS (SELECT 1 FROM alias a WHERE a.entity_id = e.id AND a.value LIKE @pattern ESCAPE '\\'))`

/** Entities by kind and part of a name or alias. */
export function searchEntities(
  db: ReadStore,
  input: {
    kind?: EntityKind | null | undefined
    text: string
    limit: number
    cursor?: string | null | undefined
  },
): Page<StoredEntity> {
  const text = refang(input.text.trim())
  const match = { kind: input.kind ?? null, pattern: text === '' ? null : `%${escapeLike(text)}%` }
  const rows = db
    .prepare(search)
    .all({ ...match, after: readIdCursor(input.cursor), limit: input.limit + 1 }) as StoredEntity[]
  const shown = rows.slice(0, input.limit)
  return {
    rows: shown,
    next: rows.length > input.limit ? String(shown.at(-1)?.id) : null,
    total: db.prepare(searchTotal).pluck().get(match) as number,
  }
}
