import type { Exposed, RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { EntityKind } from '../model/relation.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso, toIso, toIsoOrNull } from '../store/time.ts'
import type { MailState } from './action-history.ts'
import { Exposures, type Exposure } from './exposure.ts'
import { lastEvidenceTime } from './evidence-end.ts'
import { CopyStates, type CopyState } from './copy-state.ts'
import { citePack } from './packs-stored.ts'
import type { RetroMessage } from './retro-messages.ts'
import type { Newly, RetroFindings } from './retro-findings.ts'
import type { InForce, Shelf } from './shelf.ts'

const entity = 'SELECT id, kind, name FROM entity WHERE id = ?'

/** Looks up names and recipients of the messages a scan is about; each once. */
class People {
  readonly #exposures: Exposures
  readonly #states: CopyStates
  readonly #entity
  readonly #refs = new Map<number, EntityRef | null>()
  readonly #traces = new Map<number, readonly Exposure[]>()
  constructor(db: ReadStore, now: number) {
    this.#exposures = new Exposures(db, now, true)
    this.#states = new CopyStates(db, now)
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
  recipients(message: RetroMessage): readonly Exposure[] {
    return this.reached(message).filter((one) => one.isRecipient)
  }
  /** The same, and others who opened its link or ran what came with it. */
  reached({ entityId }: RetroMessage): readonly Exposure[] {
    const known = this.#traces.get(entityId)
    if (known !== undefined) return known
    const all = this.#exposures.of(entityId)
    const reached = all.filter((one) => one.isDelivered || one.isTouched || one.blockedAt !== null)
    const traces = reached.some((one) => one.isRecipient)
      ? reached
      : [...all.filter((one) => one.isRecipient), ...reached]
    this.#traces.set(entityId, traces)
    return traces
  }
  copy({ entityId }: RetroMessage, { addresses }: Exposure): CopyState {
    return this.#states.of(entityId, addresses)
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
  run: {
    readonly id: string
    readonly at: number
    readonly policy: string
    readonly base: string | null
    readonly whole: RetroRun['run']['whole']
    readonly inputs: RetroRun['run']['inputs']
  },
): RetroRun {
  const { shelf, now } = findings
  const people = new People(db, run.at)
  const evidenceEnd = lastEvidenceTime(db, run.at)
  const turned = findings.turned.map(({ url, ...row }) => ({
    url: url.text,
    urlEntity: people.find(url.entityId),
    ...row,
  }))
  const newly = inOrder([...findings.newly], ({ message, url }) => [
    timeOf(message),
    message.entityId,
    url.text,
  ])
    .map((one) => ({ ...one, copies: toCopies(people, one) }))
    .filter(({ copies }) => copies.length > 0)
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
  const turnOf = new Map<number, string>()
  for (const { message, turnedAt } of newly) {
    const known = turnOf.get(message.entityId)
    if (turnedAt !== null && (known === undefined || turnedAt < known)) turnOf.set(message.entityId, turnedAt)
  }
  return {
    run: {
      id: run.id,
      at: toIso(run.at),
      policy: run.policy,
      packsThen: cite(shelf, findings.then),
      packsNow: cite(shelf, now),
      base: run.base,
      whole: run.whole,
      rated: findings.rated,
      inputs: run.inputs,
    },
    counts: findings.counts,
    notJudged: [...findings.notJudged],
    turned: inOrder(turned, (row) => [row.url, row.from, row.to]),
    newlyMatching: newly.flatMap(({ message, url, action, turnedAt, matchedThen, copies }) =>
      copies.map(({ mailbox, state }) => ({
        message: people.message(message),
        mailbox,
        url: url.text,
        action: action ?? 'pass',
        clause: 'W30',
        turnedAt,
        matchedThen,
        state,
      })),
    ),
    noLongerMatching: noLonger.flatMap(({ message, url }) =>
      people.recipients(message).map((recipient) => ({
        message: people.message(message),
        mailbox: recipient.address,
        url: url.text,
        recordedAction: recipient.recordedAction,
        ...people.copy(message, recipient).reversal(recipient.recordedAction),
      })),
    ),
    excluded: excluded.map(({ message, url, clause }) => ({
      message: people.message(message),
      url: url.text,
      clause,
    })),
    exposure: [...affected.values()].flatMap((message) =>
      people.reached(message).map((recipient) => ({
        message: people.message(message),
        recipient: recipient.address,
        user: recipient.user,
        deliveredAt: toIsoOrNull(recipient.deliveredAt),
        clickedAt: toIsoOrNull(recipient.clickedAt),
        executedAt: toIsoOrNull(recipient.executedAt),
        endpoint: recipient.endpoint,
        ...toExposed(recipient, turnOf.get(message.entityId) ?? null, evidenceEnd),
      })),
    ),
  }
}

/**
 * The copies that a URL which matches now speaks against. One that matched before does so only where no record shows that the action of
 * now, or a stronger one, was taken and holds.
 */
function toCopies(
  people: People,
  { message, action, matchedThen }: Newly,
): { readonly mailbox: string; readonly state: MailState }[] {
  return people.recipients(message).flatMap((recipient) => {
    const copy = people.copy(message, recipient)
    return matchedThen && copy.isDone(action ?? 'pass')
      ? []
      : [{ mailbox: recipient.address, state: copy.state }]
  })
}

/**
 * What is new in an exposure beside the trace, for the document. A copy of which no removal is on record lay there until the evidence
 * ends: the same evidence gives the same figure, whenever the run is made.
 * @param evidenceEnd see {@link lastEvidenceTime}
 */
function toExposed(
  recipient: Exposure,
  turnedAt: string | null,
  evidenceEnd: number | null,
): Pick<RetroRun['exposure'][number], keyof typeof Exposed> {
  const { deliveredAt, clickedAt, removedAt } = recipient
  const turned = turnedAt === null ? null : (parseIso(turnedAt) ?? null)
  const end = removedAt ?? evidenceEnd
  const lay = deliveredAt === null || end === null ? null : Math.max(0, end - deliveredAt)
  return {
    isRecipient: recipient.isRecipient,
    perhaps: [...recipient.perhaps],
    turnedAt,
    openedAt: toIsoOrNull(recipient.openedAt),
    blockedAt: toIsoOrNull(recipient.blockedAt),
    clickedBefore: clickedAt === null || turned === null ? null : clickedAt < turned,
    removedAt: toIsoOrNull(removedAt),
    dwellSeconds: lay === null ? null : Math.round(lay / 1e6),
    dwellUntil: lay === null ? null : toIsoOrNull(end),
    dwellEnd: lay === null ? null : removedAt === null ? 'evidence' : 'removed',
    passedOn: [...recipient.passedOn],
    relations: [...recipient.relations],
    events: [...recipient.events],
  }
}
