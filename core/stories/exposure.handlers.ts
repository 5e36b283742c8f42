import type { MatrixRow } from '../contract/nouns/exposure.ts'
import type { CampaignRef } from '../contract/nouns/mail.ts'
import { loadEntities, toRef } from '../graph/entity-rows.ts'
import { networkOf, packedSoon } from '../graph/network-cache.ts'
import { findNext, NEXT_KINDS } from '../graph/next-steps.ts'
import { type Ask, defineHandlers } from '../jobs/handlers.ts'
import { Turn } from '../jobs/turn.ts'
import { WorkbenchError } from '../model/errors.ts'
import { readIdCursor } from '../store/cursor.ts'
import type { ReadStore } from '../store/store.ts'
import { compareRows, MatrixRows } from './exposure-matrix.ts'
import { ExposureOf } from './exposure-of.ts'
import { mailboxesOfScope, messagesOfScope, type Scope, scopeOf } from './exposure-scope.ts'

/** Rights followed from those affected. */
const MAX_RIGHTS = 6
/** Beyond this many messages logons of people who did nothing are not looked up one by one. */
const MANY = 20

const highValue = `SELECT id FROM entity WHERE json_extract(attributes, '$.isHighValue') = 1 OR json_extract(attributes, '$.isDomainController') = 1`

type Rows = Awaited<ReturnType<typeof matrixOf>>

async function rowsOf(
  db: ReadStore,
  now: number,
  ask: Ask,
  input: { entity: string } | { campaign: CampaignRef },
): Promise<Rows> {
  if ('entity' in input) return rowsOfScope(db, now, scopeOf(db, input.entity))
  const { by, value } = input.campaign
  const { messages } = await ask('mail.campaign', { by, value })
  if (messages.length === 0)
    throw new WorkbenchError('request.not_found', { what: `campaign ${by} ${value}` })
  return matrixOf(db, now, messages.map(Number))
}

/** A mailbox may hold thousands of messages: others are answered meanwhile. */
async function matrixOf(
  db: ReadStore,
  now: number,
  messages: readonly number[],
  mailboxes?: ReadonlySet<number>,
): Promise<{ messages: readonly number[]; rows: MatrixRow[] }> {
  const builder = new MatrixRows(db, now, messages.length > MANY)
  const rows: MatrixRow[] = []
  const turn = new Turn()
  for (const message of messages) {
    rows.push(...builder.of(message, mailboxes))
    await turn.end()
  }
  return { messages, rows: rows.sort(compareRows) }
}

/** All recipients of what brought it; of a mailbox or a user what they got and did themselves, not who else got it. */
function rowsOfScope(db: ReadStore, now: number, scope: Scope): Promise<Rows> {
  return matrixOf(db, now, messagesOfScope(db, scope), mailboxesOfScope(db, scope))
}

/** What only a name ties to the message is told apart from what is known. */
const did = (row: MatrixRow, what: 'clicked' | 'executed'): boolean =>
  row[what] !== null && !row.perhaps.includes(what)

export default defineHandlers({
  'exposure.matrix': async ({ db, ask, now }, input) => {
    const { messages, rows } = await rowsOf(db, now(), ask, input)
    const after = readIdCursor(input.cursor)
    const recipients = rows.filter((row) => row.isRecipient)
    const count = (of: (row: MatrixRow) => unknown) => recipients.filter((row) => of(row) !== null).length
    return {
      rows: rows.slice(after, after + input.limit),
      next: after + input.limit < rows.length ? String(after + input.limit) : null,
      total: rows.length,
      counts: {
        messages: messages.length,
        recipients: recipients.length,
        delivered: count((row) => row.delivered),
        opened: count((row) => row.opened),
        clicked: recipients.filter((row) => did(row, 'clicked')).length,
        blocked: count((row) => row.blocked),
        executed: recipients.filter((row) => did(row, 'executed')).length,
        perhaps: recipients.filter((row) => row.perhaps.length > 0).length,
        loggedOn: count((row) => row.loggedOn),
        removed: count((row) => row.removedAt),
        others: rows.length - recipients.length,
      },
    }
  },
  'exposure.of': async ({ db, now }, { entity, limit }) => {
    await packedSoon(db)
    const scope = scopeOf(db, entity)
    const { messages, rows } = await rowsOfScope(db, now(), scope)
    const recipients = rows.filter((row) => row.isRecipient)
    const { affected, ...sides } = new ExposureOf(db).sides(scope, limit)
    const high = new Set(db.prepare(highValue).pluck().all() as number[])
    const steps = findNext(
      networkOf(db, { possible: true, include: NEXT_KINDS }),
      affected,
      (id) => high.has(id),
      MAX_RIGHTS,
    )
    const names = loadEntities(db, [
      ...messages.slice(0, limit),
      ...steps.slice(0, limit).flatMap((step) => [step.target, step.source]),
    ])
    return {
      entity: toRef(scope.main),
      twins: scope.twins.slice(0, limit).map(toRef),
      messages: {
        rows: messages.slice(0, limit).flatMap((id) => {
          const row = names.get(id)
          return row ? [toRef(row)] : []
        }),
        total: messages.length,
      },
      recipients: {
        total: recipients.length,
        delivered: recipients.filter((row) => row.delivered !== null).length,
        clicked: recipients.filter((row) => did(row, 'clicked')).length,
        executed: recipients.filter((row) => did(row, 'executed')).length,
        perhaps: recipients.filter((row) => row.perhaps.length > 0).length,
        removed: recipients.filter((row) => row.removedAt !== null).length,
        others: rows.length - recipients.length,
      },
      ...sides,
      could: {
        rows: steps.slice(0, limit).flatMap((step) => {
          const [target, source] = [names.get(step.target), names.get(step.source)]
          if (!target || !source) return []
          return [
            {
              entity: toRef(target),
              from: toRef(source),
              hops: step.path.hops.length,
              confidence: step.path.confidence,
              relations: step.path.hops.map((hop) => String(hop.link.id)),
            },
          ]
        }),
        total: steps.length,
      },
    }
  },
})
