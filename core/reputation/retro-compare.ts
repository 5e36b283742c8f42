import type { RetroComparison, RetroRun } from '../contract/nouns/reputation.ts'
import type { ReadStore } from '../store/store.ts'
import { getRetroRun } from './retro-stored.ts'

interface Sides<T> {
  readonly onlyFrom: T[]
  readonly onlyTo: T[]
}

function compare<T>(from: readonly T[], to: readonly T[], keyOf: (row: T) => unknown): Sides<T> {
  const keys = (rows: readonly T[]) => new Set(rows.map((row) => JSON.stringify(keyOf(row))))
  const [before, after] = [keys(from), keys(to)]
  return {
    onlyFrom: from.filter((row) => !after.has(JSON.stringify(keyOf(row)))),
    onlyTo: to.filter((row) => !before.has(JSON.stringify(keyOf(row)))),
  }
}

/** What a person did, without what only moves with the time of the run. */
const reachOf = (row: RetroRun['exposure'][number]): unknown => [
  row.message.id,
  row.recipient,
  row.deliveredAt,
  row.openedAt,
  row.clickedAt,
  row.executedAt,
  row.removedAt,
  row.endpoint?.id,
]

/**
 * What each of two runs has that the other has not. Rows are the same when they say the same of the same thing; the version
 * of the pack that says it and the number of messages are no part of that.
 * @throws WorkbenchError `request.not_found`
 */
export function compareRetro(db: ReadStore, fromId: number, toId: number): RetroComparison {
  const from = getRetroRun(db, fromId)
  const to = getRetroRun(db, toId)
  const facts = ({ run: { id, at, policy }, counts }: RetroRun) => ({ id, at, policy, counts })
  const text = (name: string): string => name
  return {
    from: facts(from),
    to: facts(to),
    isSamePolicy: from.run.inputs.policySha256 === to.run.inputs.policySha256,
    packsThen: compare(from.run.packsThen, to.run.packsThen, text),
    packsNow: compare(from.run.packsNow, to.run.packsNow, text),
    turned: compare(from.turned, to.turned, (row) => [row.url, row.from, row.to, row.entry]),
    newlyMatching: compare(from.newlyMatching, to.newlyMatching, (row) => [
      row.message.id,
      row.mailbox,
      row.url,
      row.action,
      row.state,
    ]),
    noLongerMatching: compare(from.noLongerMatching, to.noLongerMatching, (row) => [
      row.message.id,
      row.mailbox,
      row.url,
      row.recordedAction,
      row.restored,
      row.basis,
    ]),
    excluded: compare(from.excluded, to.excluded, (row) => [row.message.id, row.url, row.clause]),
    exposure: compare(from.exposure, to.exposure, reachOf),
  }
}
