import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { EntityKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { citePack } from './packs-stored.ts'
import { RecipientTracer, type RecipientTrace } from './recipient-trace.ts'
import type { RetroMessage } from './retro-messages.ts'
import type { RetroFindings } from './retro-scan.ts'
import type { InForce, Shelf } from './shelf.ts'

const entity = 'SELECT id, kind, name FROM entity WHERE id = ?'

/** Looks up names and recipients of the messages a scan is about; each once. */
class People {
  readonly #tracer: RecipientTracer
  readonly #entity
  readonly #refs = new Map<number, EntityRef | null>()
  readonly #traces = new Map<number, readonly RecipientTrace[]>()
  constructor(db: ReadStore) {
    this.#tracer = new RecipientTracer(db, true)
    this.#entity = db.prepare(entity)
  }
  find(id: number | null): EntityRef | null {
    if (id === null) return null
    const known = this.#refs.get(id)
    if (known !== undefined) return known
    const row = this.#entity.get(id) as { id: number; kind: EntityKind; name: string } | undefined
    const ref = row === undefined ? null : { id: String(row.id), kind: row.kind, name: row.name }
    this.#refs.set(id, ref)
    return ref
  }
  message({ entityId }: RetroMessage): EntityRef {
    return this.find(entityId) ?? { id: String(entityId), kind: 'message', name: '' }
  }
  /** Recipients at whom a copy is on record; when none is, all that the message names. */
  recipients({ entityId }: RetroMessage): readonly RecipientTrace[] {
    const known = this.#traces.get(entityId)
    if (known !== undefined) return known
    const all = this.#tracer.trace(entityId)
    const reached = all.filter((one) => one.isDelivered || one.clickedAt !== null || one.executedAt !== null)
    const traces = reached.length > 0 ? reached : all
    this.#traces.set(entityId, traces)
    return traces
  }
}

const inOrder = <T>(rows: T[], keyOf: (row: T) => readonly (string | number)[]): T[] =>
  rows
    .map((row) => ({ row, key: keyOf(row) }))
    .sort((a, b) => {
      const at = a.key.findIndex((part, index) => part !== b.key[index])
      return at < 0 ? 0 : (a.key[at] ?? '') < (b.key[at] ?? '') ? -1 : 1
    })
    .map(({ row }) => row)

const timeOf = (message: RetroMessage): number => message.at ?? Number.MAX_SAFE_INTEGER

const cite = (shelf: Shelf, inForce: InForce): string[] =>
  shelf.packs.filter((_, index) => inForce[index] === 1).map((pack) => citePack(pack))

/**
 * The document of a retro scan (CLI.md, retro-scan), sorted so that the same case gives the same bytes.
 * `packsThen` are the packs in force at the deliveries, `packsNow` those compared with them.
 */
export function toRetroDocument(
  db: ReadStore,
  findings: RetroFindings,
  run: { readonly id: string; readonly at: number; readonly policy: string },
): RetroRun {
  const { shelf, now } = findings
  const people = new People(db)
  const turned = findings.turned.map(({ url, from, to, rating, messages }) => {
    const pack = rating.entry === null ? undefined : shelf.packs[rating.entry.pack]
    return {
      url: url.text,
      urlEntity: people.find(url.entityId),
      from,
      to,
      pack: pack === undefined ? null : citePack(pack),
      entry: rating.entry?.text ?? null,
      messages,
    }
  })
  const newly = inOrder([...findings.newly], ({ message, url }) => [
    timeOf(message),
    message.entityId,
    url.text,
  ])
  const noLonger = inOrder([...findings.noLonger], ({ message, url }) => [
    timeOf(message),
    message.entityId,
    url.text,
  ])
  const excluded = inOrder([...findings.excluded], ({ message, url }) => [
    timeOf(message),
    message.entityId,
    url.text,
  ])
  const affected = new Map(newly.map(({ message }) => [message.entityId, message]))
  return {
    run: {
      id: run.id,
      at: toIso(run.at),
      policy: run.policy,
      packsThen: cite(shelf, findings.then),
      packsNow: cite(shelf, now),
    },
    counts: findings.counts,
    turned: inOrder(turned, (row) => [row.url, row.from, row.to]),
    newlyMatching: newly.flatMap(({ message, url, action }) =>
      people.recipients(message).map(({ address }) => ({
        message: people.message(message),
        mailbox: address,
        url: url.text,
        action: action ?? 'pass',
        clause: 'W30',
      })),
    ),
    noLongerMatching: noLonger.flatMap(({ message, url }) =>
      people.recipients(message).map(({ address, recordedAction }) => {
        const restored = /^quarantined?$/i.test(recordedAction ?? '')
        return {
          message: people.message(message),
          mailbox: address,
          url: url.text,
          recordedAction,
          restored,
          clause: restored ? 'W31' : 'W32',
        }
      }),
    ),
    excluded: excluded.map(({ message, url, clause }) => ({
      message: people.message(message),
      url: url.text,
      clause,
    })),
    exposure: [...affected.values()].flatMap((message) =>
      people.recipients(message).map((recipient) => ({
        message: people.message(message),
        recipient: recipient.address,
        user: recipient.user,
        deliveredAt: toIsoOrNull(recipient.deliveredAt),
        clickedAt: toIsoOrNull(recipient.clickedAt),
        executedAt: toIsoOrNull(recipient.executedAt),
        endpoint: recipient.endpoint,
      })),
    ),
  }
}
