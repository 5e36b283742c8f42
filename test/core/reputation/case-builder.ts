import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { CommandContext } from '../../../core/jobs/handlers.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import type { MessageItem } from '../../../core/model/message.ts'
import type { EntityKind, RelationKind } from '../../../core/model/relation.ts'
import { createCase, openForWriting } from '../../../core/store/case-file.ts'
import { EventWriter } from '../../../core/store/event-writer.ts'
import { MessageWriter } from '../../../core/store/message-writer.ts'
import { StringWriter } from '../../../core/store/strings.ts'
import type { WriteStore } from '../../../core/store/store.ts'

/** A message with one link and one recipient unless said otherwise; times in microseconds. */
export const aMessage = (
  overrides: Partial<MessageItem> & {
    at?: number | null
    links?: readonly string[]
    to?: readonly string[]
  } = {},
): MessageItem => {
  const { at = null, links = ['http://evil.test/a'], to = ['amy@corp.test'], ...rest } = overrides
  return {
    type: 'message',
    messageId: 'm1@mail.test',
    subject: 'Invoice',
    from: { address: 'bad@evil.test', name: 'Bad' },
    replyTo: [],
    recipients: to.map((address) => ({ address, role: 'to' as const })),
    mailbox: to[0],
    sentAt: at,
    deliveredAt: at,
    headers: [],
    authentication: {},
    urls: links.map((url) => ({ url, where: 'body' as const })),
    attachments: [],
    references: [],
    ...rest,
  }
}

/** A real case in a temporary folder, removed after the test. Rows are put in as import and correlation would. */
export class TestCase {
  readonly db: WriteStore
  readonly folder: string
  nowUs: number
  readonly changed: string[] = []
  readonly #messages
  #record = 0

  constructor(nowUs: number) {
    this.nowUs = nowUs
    this.folder = mkdtempSync(join(tmpdir(), 'redthread-reputation-'))
    const path = join(this.folder, 'test.redthread')
    createCase(path, 'UTC', 'test', nowUs)
    const opened = openForWriting(path)
    onTestFinished(() => {
      opened.close()
      rmSync(this.folder, { recursive: true, force: true })
    })
    this.db = opened.db
    this.#messages = new MessageWriter(this.db)
    this.db
      .prepare(
        `INSERT INTO evidence (id, name, sha256, bytes, mtime_us, zone, status, imported_at, path, cursor) VALUES (1, 'e', 'e', 1, 0, 'UTC', 'done', 0, 'e', '{}')`,
      )
      .run()
  }

  get context(): CommandContext {
    return {
      db: this.db,
      ask: () => Promise.reject(new Error('not asked here')),
      now: () => this.nowUs,
      casePath: join(this.folder, 'test.redthread'),
      resolveGrant: (grant) => grant,
      print: () => Promise.reject(new Error('nothing is printed here')),
      signal: new AbortController().signal,
      progress: () => undefined,
      isReadOnly: false,
      changed: (...nouns) => void this.changed.push(...nouns),
    }
  }

  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name)
    writeFileSync(path, content)
    return path
  }

  entity(kind: EntityKind, name: string): number {
    const insert = `INSERT INTO entity (key, kind, name, attributes, run) VALUES (?, ?, ?, '{}', 1)
      ON CONFLICT (key) DO UPDATE SET run = 1 RETURNING id`
    return this.db.prepare(insert).pluck().get(`${kind}:${name}`, kind, name) as number
  }

  mailbox(address: string, user: string): number {
    const id = this.entity('mailbox', address)
    this.db
      .prepare(
        `INSERT OR IGNORE INTO alias (entity_id, kind, value, confidence, reason) VALUES (?, 'smtp', ?, 1, '{}')`,
      )
      .run(id, address)
    this.relate('owned-by', id, this.entity('user', user))
    return id
  }

  relate(kind: RelationKind, from: number, to: number, at: number | null = null, confidence = 1): void {
    const insert = `INSERT OR IGNORE INTO relation (kind, from_id, to_id, first_at, last_at, count, confidence, observed, rule, reason, event_total, uses, run)
      VALUES (?, ?, ?, ?, ?, 1, ?, 1, 'test', '{}', 0, x'', 1)`
    this.db.prepare(insert).run(kind, from, to, at, at, confidence)
  }

  /** An event as an import would write it, with whom it was resolved to. */
  event(
    kind: EventKind,
    at: number,
    fields: EventFields,
    who: { readonly user?: number; readonly endpoint?: number } = {},
  ): number {
    const writer = new EventWriter(this.db, new StringWriter(this.db))
    const id = writer.add(1, 5000 + this.#record++, { type: 'event', kind, at, fields })
    writer.flush()
    this.db
      .prepare('UPDATE event SET user_id = ?, endpoint_id = ? WHERE id = ?')
      .run(who.user ?? null, who.endpoint ?? null, id)
    return id
  }

  /** Names the events that prove a relation. */
  prove(kind: RelationKind, from: number, to: number, ...events: readonly number[]): void {
    const find = 'SELECT id FROM relation WHERE kind = ? AND from_id = ? AND to_id = ?'
    const id = this.db.prepare(find).pluck().get(kind, from, to) as number
    for (const [position, event] of events.entries())
      this.db.prepare('INSERT INTO relation_proof VALUES (?, ?, ?, 1, ?)').run(id, position, event, event)
  }

  /** Stores a copy and groups it as correlation does: by Message-ID. Returns the entity of the message. */
  mail(item: MessageItem): number {
    const row = this.#messages.add(1, this.#record++, 0, item)
    const entity = this.entity('message', item.subject + (item.messageId ?? String(row)))
    this.db.prepare('UPDATE message SET entity_id = ? WHERE id = ?').run(entity, row)
    for (const url of this.db.prepare('SELECT id, url FROM url WHERE entity_id IS NULL').all() as {
      id: number
      url: string
    }[]) {
      this.db.prepare('UPDATE url SET entity_id = ? WHERE id = ?').run(this.entity('url', url.url), url.id)
    }
    for (const file of this.db.prepare('SELECT id, name FROM attachment WHERE entity_id IS NULL').all() as {
      id: number
      name: string
    }[]) {
      this.db
        .prepare('UPDATE attachment SET entity_id = ? WHERE id = ?')
        .run(this.entity('attachment', file.name), file.id)
    }
    return entity
  }
}
