import { hash } from 'node:crypto'
import type { TextRef } from '../contract/shapes.ts'
import type { AliasKind, EntityKind } from '../model/relation.ts'
import type { ReadStore, WriteStore } from '../store/store.ts'
import { type BookEntity, foldAlias, type Proof } from './entity-book.ts'
import { FIRST_RECORD, toProof } from './first-record.ts'

/**
 * Kinds of entity that mail brings by the hundred thousand. They are not in the book: what they are follows from rows of the mail
 * tables alone, so they are read, put together and written some at a time, and read back when a rule asks for one.
 */
export const MAIL_ENTITIES = ['message', 'attachment', 'url'] as const satisfies readonly EntityKind[]
export type MailEntityKind = (typeof MAIL_ENTITIES)[number]
export const isMailEntity = (kind: EntityKind): kind is MailEntityKind =>
  MAIL_ENTITIES.some((one) => one === kind)

/** Rows read at once. */
const PAGE = 1_000

const namedMessages = `SELECT id, entity_id, message_id, from_address FROM message WHERE message_id IS NOT NULL AND id > ? ORDER BY id LIMIT ${PAGE}`
/** Tables of links and attachments only know the network id of a message. */
const otherMessages = `SELECT id, entity_id, unique_id, evidence_id, record, subject FROM message WHERE message_id IS NULL AND id > ? ORDER BY id LIMIT ${PAGE}`
const networkIds = `SELECT id, unique_id FROM message WHERE message_id IS NOT NULL AND unique_id IS NOT NULL`
const attachmentRows = `SELECT a.id, a.entity_id, a.name, coalesce(a.sha256, a.sha1) AS hash, e.key FROM attachment a JOIN message m ON m.id = a.message
  JOIN entity e ON e.id = m.entity_id WHERE a.id > ? ORDER BY a.id LIMIT ${PAGE}`
const urlRows = `SELECT u.id, u.entity_id, u.url FROM url u WHERE u.id > ? AND EXISTS (SELECT 1 FROM message_url l WHERE l.url_id = u.id) ORDER BY u.id LIMIT ${PAGE}`

/**
 * Writes who is who in mail: messages (all copies of one Message-ID from one sender), attachments and URLs; and notes on the rows
 * of the mail tables which entity they mean.
 * @param save gets every entity as it now is, with its row id, and writes what has changed
 */
export function saveMailEntities(db: WriteStore, run: number, save: (entity: BookEntity) => void): void {
  const ids = new EntityIds(db, run)
  linkNamedMessages(db, ids)
  linkOtherMessages(db, ids)
  linkAttachments(db, ids)
  linkUrls(db, ids)
  for (const entity of messagesOf(db)) save(entity)
  for (const entity of attachmentsOf(db)) save(entity)
  for (const entity of urlsOf(db)) save(entity)
}

/** Row ids of entities by key: known keys keep theirs. */
class EntityIds {
  readonly #run: number
  readonly #known
  readonly #make

  constructor(db: WriteStore, run: number) {
    this.#run = run
    this.#known = db.prepare('SELECT id FROM entity WHERE key = ?').pluck()
    this.#make = db
      .prepare(`INSERT INTO entity (key, kind, name, attributes, run) VALUES (?, ?, ?, '{}', ?) RETURNING id`)
      .pluck()
  }

  of(kind: MailEntityKind, key: string): number {
    return (this.#known.get(key) ?? this.#make.get(key, kind, '', this.#run)) as number
  }
}

/** Rows in pages by id, so that they can be written to between two of them. */
function* paged<T extends { readonly id: number }>(db: WriteStore, sql: string): Generator<T> {
  const statement = db.prepare(sql)
  let rows = statement.all(0) as T[]
  while (rows.length > 0) {
    yield* rows
    rows = statement.all(rows.at(-1)?.id ?? 0) as T[]
  }
}

function linkNamedMessages(db: WriteStore, ids: EntityIds): void {
  const link = db.prepare('UPDATE message SET entity_id = ? WHERE id = ?')
  for (const row of paged<{
    id: number
    entity_id: number | null
    message_id: string
    from_address: string | null
  }>(db, namedMessages)) {
    // A Message-ID is not unique by itself: forgers reuse it. Sender and id together name the message.
    const id = ids.of('message', `message:${row.message_id}|${row.from_address ?? ''}`)
    if (id !== row.entity_id) link.run(id, row.id)
  }
}

function linkOtherMessages(db: WriteStore, ids: EntityIds): void {
  const link = db.prepare('UPDATE message SET entity_id = ? WHERE id = ?')
  let networks: NetworkIds | undefined
  for (const row of paged<{
    id: number
    entity_id: number | null
    unique_id: string | null
    evidence_id: number
    record: number
  }>(db, otherMessages)) {
    const whole = row.unique_id === null ? undefined : (networks ??= new NetworkIds(db)).find(row.unique_id)
    const id =
      whole ??
      ids.of(
        'message',
        row.unique_id === null ? `message:${row.evidence_id}:${row.record}` : `message:copy:${row.unique_id}`,
      )
    if (id !== row.entity_id) link.run(id, row.id)
  }
}

/** Messages that carry a Message-ID by their network id, as twelve bytes each: a 52-bit sum and the row that has it. */
class NetworkIds {
  readonly #sums: Float64Array
  readonly #rows: Uint32Array
  readonly #row

  constructor(db: WriteStore) {
    const count = db
      .prepare('SELECT count(*) FROM message WHERE message_id IS NOT NULL AND unique_id IS NOT NULL')
      .pluck()
      .get() as number
    const sums = new Float64Array(count)
    const rows = new Uint32Array(count)
    let size = 0
    for (const [id, text] of db.prepare(networkIds).raw().iterate() as IterableIterator<[number, string]>) {
      sums[size] = sumOf(text)
      rows[size] = id
      size += 1
    }
    const order = Uint32Array.from({ length: count }, (_, index) => index)
    order.sort((a, b) => (sums[a] ?? 0) - (sums[b] ?? 0) || a - b)
    this.#sums = Float64Array.from(order, (place) => sums[place] ?? 0)
    this.#rows = Uint32Array.from(order, (place) => rows[place] ?? 0)
    this.#row = db.prepare('SELECT entity_id, unique_id FROM message WHERE id = ?')
  }

  /** The one message with that network id; undefined when none or several have it. */
  find(text: string): number | undefined {
    const wanted = sumOf(text)
    let low = 0
    let high = this.#sums.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sums[middle] ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    let found: number | undefined
    for (let place = low; this.#sums[place] === wanted; place += 1) {
      const row = this.#row.get(this.#rows[place]) as { entity_id: number; unique_id: string }
      if (fold(row.unique_id) !== fold(text)) continue
      if (found !== undefined && found !== row.entity_id) return undefined
      found = row.entity_id
    }
    return found
  }
}
const fold = (text: string): string => foldAlias('network-message-id', text)
const sumOf = (text: string): number => parseInt(hash('sha1', fold(text)).slice(0, 13), 16)

function linkAttachments(db: WriteStore, ids: EntityIds): void {
  const link = db.prepare('UPDATE attachment SET entity_id = ? WHERE id = ?')
  for (const row of paged<{
    id: number
    entity_id: number | null
    name: string
    hash: string | null
    key: string
  }>(db, attachmentRows)) {
    const key =
      row.hash === null ? `attachment:${row.key}|${row.name.toLowerCase()}` : `attachment:${row.hash}`
    const id = ids.of('attachment', key)
    if (id !== row.entity_id) link.run(id, row.id)
  }
}

function linkUrls(db: WriteStore, ids: EntityIds): void {
  const link = db.prepare('UPDATE url SET entity_id = ? WHERE id = ?')
  for (const row of paged<{ id: number; entity_id: number | null; url: string }>(db, urlRows)) {
    const id = ids.of('url', `url:${row.url}`)
    if (id !== row.entity_id) link.run(id, row.id)
  }
}

/** Entities of a mail table, one after the other, out of all rows that mean them. */
function* gathered<T extends { readonly entity_id: number; readonly key: string }>(
  db: WriteStore,
  table: MailEntityKind,
  rowsOf: string,
  make: (entity: BookEntity, row: T) => void,
): Generator<BookEntity> {
  const page = db.prepare(PAGES[table]).pluck()
  const rows = db.prepare(rowsOf)
  let ids = page.all(0) as number[]
  while (ids.length > 0) {
    const entities = new Map<number, BookEntity>()
    for (const row of rows.all(ids[0], ids.at(-1)) as T[]) {
      const entity = entities.get(row.entity_id) ?? newEntity(table, row.entity_id, row.key)
      entities.set(row.entity_id, entity)
      make(entity, row)
    }
    yield* entities.values()
    ids = page.all(ids.at(-1)) as number[]
  }
}
const PAGES: Readonly<Record<MailEntityKind, string>> = {
  message: `SELECT DISTINCT entity_id FROM message WHERE entity_id > ? ORDER BY entity_id LIMIT ${PAGE}`,
  attachment: `SELECT DISTINCT entity_id FROM attachment WHERE entity_id > ? ORDER BY entity_id LIMIT ${PAGE}`,
  url: `SELECT DISTINCT entity_id FROM url WHERE entity_id > ? ORDER BY entity_id LIMIT ${PAGE}`,
}

const newEntity = (kind: MailEntityKind, id: number, key: string): BookEntity => ({
  kind,
  key,
  name: '',
  first: null,
  last: null,
  attributes: {},
  aliases: new Map(),
  id,
})

const messageRows = `SELECT m.entity_id, e.key, m.evidence_id, m.record, m.message_id, m.unique_id, m.subject, m.from_address, m.sent_at, m.delivered_at
  FROM message m JOIN entity e ON e.id = m.entity_id WHERE m.entity_id BETWEEN ? AND ? ORDER BY m.entity_id, m.message_id IS NULL, m.id`
interface MessageRow {
  readonly entity_id: number
  readonly key: string
  readonly evidence_id: number
  readonly record: number
  readonly message_id: string | null
  readonly unique_id: string | null
  readonly subject: string
  readonly from_address: string | null
  readonly sent_at: number | null
  readonly delivered_at: number | null
}

const messagesOf = (db: WriteStore): Generator<BookEntity> =>
  gathered<MessageRow>(db, 'message', messageRows, (entity, row) => {
    const proof = { evidenceId: row.evidence_id, record: row.record }
    if (entity.name === '' && entity.aliases.size === 0)
      entity.name = row.subject === '' ? (row.message_id ?? row.unique_id ?? '') : row.subject
    if (row.message_id !== null) addName(entity, 'message-id', row.message_id, proof, 0.98, 'message_id')
    if (row.unique_id !== null)
      addName(entity, 'network-message-id', row.unique_id, proof, 0.98, 'message_copy')
    if (row.from_address !== null) entity.attributes['from'] = row.from_address
    for (const at of [row.sent_at, row.delivered_at]) {
      if (at === null) continue
      if (entity.first === null || at < entity.first) entity.first = at
      if (entity.last === null || at > entity.last) entity.last = at
    }
  })

const attachmentContents = `SELECT a.entity_id, e.key, a.name, a.sha256, a.sha1, a.md5, a.bytes, m.evidence_id, m.record FROM attachment a
  JOIN message m ON m.id = a.message JOIN entity e ON e.id = a.entity_id WHERE a.entity_id BETWEEN ? AND ? ORDER BY a.entity_id, a.id`
interface AttachmentRow {
  readonly entity_id: number
  readonly key: string
  readonly name: string
  readonly sha256: string | null
  readonly sha1: string | null
  readonly md5: string | null
  readonly bytes: number | null
  readonly evidence_id: number
  readonly record: number
}

const attachmentsOf = (db: WriteStore): Generator<BookEntity> =>
  gathered<AttachmentRow>(db, 'attachment', attachmentContents, (entity, row) => {
    const proof = { evidenceId: row.evidence_id, record: row.record }
    if (entity.aliases.size === 0) entity.name = row.name
    addName(entity, 'name', row.name, proof, 0.6, 'attachment_name')
    if (row.sha256 !== null) addName(entity, 'sha256', row.sha256, proof, 0.99, 'attachment_hash')
    if (row.sha1 !== null) addName(entity, 'sha1', row.sha1, proof, 0.99, 'attachment_hash')
    if (row.md5 !== null) addName(entity, 'md5', row.md5, proof, 0.95, 'attachment_hash')
    if (row.bytes !== null) entity.attributes['bytes'] = row.bytes
  })

const urlContents = `SELECT u.entity_id, e.key, u.url, u.host, (SELECT ${FIRST_RECORD} FROM message_url l JOIN message m ON m.id = l.message WHERE l.url_id = u.id) AS proof
  FROM url u JOIN entity e ON e.id = u.entity_id WHERE u.entity_id BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM message_url l WHERE l.url_id = u.id) ORDER BY u.entity_id, u.id`
interface UrlRow {
  readonly entity_id: number
  readonly key: string
  readonly url: string
  readonly host: string
  readonly proof: number
}

const urlsOf = (db: WriteStore): Generator<BookEntity> =>
  gathered<UrlRow>(db, 'url', urlContents, (entity, row) => {
    entity.name = row.url
    addName(entity, 'url', row.url, toProof(row.proof), 0.99, 'message_url')
    entity.attributes['host'] = row.host
  })

/** The first proof of a name stands. */
function addName(
  entity: BookEntity,
  kind: AliasKind,
  value: string,
  proof: Proof,
  confidence: number,
  reason: string,
): void {
  const own = `${kind}|${foldAlias(kind, value)}`
  if (value === '' || entity.aliases.has(own)) return
  entity.aliases.set(own, {
    kind,
    value,
    proof,
    confidence,
    reason: { key: `identity.${reason}`, params: {} },
  })
}

const NO_LONGER = `SELECT c.entity_id AS id, e.key FROM correlation_identity c JOIN entity e ON e.id = c.entity_id WHERE
  (e.kind = 'message' AND NOT EXISTS (SELECT 1 FROM message m WHERE m.entity_id = e.id))
  OR (e.kind = 'attachment' AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.entity_id = e.id))
  OR (e.kind = 'url' AND NOT EXISTS (SELECT 1 FROM url u JOIN message_url l ON l.url_id = u.id WHERE u.entity_id = e.id))`

/** Entities of mail that identity wrote once and that no row means any more, of those that `correlation_identity` tells of. */
export const listGoneMail = (db: WriteStore): { readonly id: number; readonly key: string }[] =>
  db.prepare(NO_LONGER).all() as { id: number; key: string }[]

const row =
  'SELECT id, key, kind, name, first_seen AS first, last_seen AS last, attributes FROM entity WHERE id = ?'
const names =
  'SELECT kind, value, evidence_id AS evidenceId, record, confidence, reason FROM alias WHERE entity_id = ?'

/** Reads messages, attachments and URLs back as they were written. */
export class MailEntityReader {
  readonly #row
  readonly #names

  constructor(db: ReadStore) {
    this.#row = db.prepare(row)
    this.#names = db.prepare(names)
  }

  /** @returns undefined for what is none of them */
  read(id: number): BookEntity | undefined {
    const stored = this.#row.get(id) as
      (Omit<BookEntity, 'attributes' | 'aliases'> & { attributes: string }) | undefined
    if (!stored || !isMailEntity(stored.kind)) return undefined
    let aliases: BookEntity['aliases'] | undefined
    const readNames = (): BookEntity['aliases'] => (aliases ??= this.#read(id))
    return {
      ...stored,
      attributes: JSON.parse(stored.attributes) as BookEntity['attributes'],
      // Most are read for their keys.
      get aliases() {
        return readNames()
      },
    }
  }

  #read(id: number): BookEntity['aliases'] {
    const rows = this.#names.all(id) as (Proof & {
      kind: AliasKind
      value: string
      confidence: number
      reason: string
    })[]
    return new Map(
      rows.map(({ kind, value, evidenceId, record, confidence, reason }) => [
        `${kind}|${foldAlias(kind, value)}`,
        { kind, value, proof: { evidenceId, record }, confidence, reason: JSON.parse(reason) as TextRef },
      ]),
    )
  }
}

/** Row ids of the entities of a kind that mail names, in their order. */
export function* listMailEntities(db: ReadStore, kind: MailEntityKind): Generator<number> {
  const page = db.prepare(PAGES[kind]).pluck()
  let ids = page.all(0) as number[]
  while (ids.length > 0) {
    yield* ids
    ids = page.all(ids.at(-1)) as number[]
  }
}
