import type { ResultOf } from '../contract/types.ts'
import { WorkbenchError } from '../model/errors.ts'
import { PLAUSIBLE_AHEAD_US, PLAUSIBLE_FROM_US } from '../model/plausible-time.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { STEPS } from './axis-steps.ts'
import type { BlockPlan } from './block-plan.ts'
import { countHours } from './count-hours.ts'
import { planOf, type CountPlan, type CountQuestion, type Left, type Step } from './count-plan.ts'
import { countRest } from './count-rest.ts'
import { countLanes, countValues } from './count-values.ts'
import type { Where } from './filter-sql.ts'
import { Tally } from './tally.ts'

/** One answer takes about this long, so that nobody waits behind it. */
const PATIENCE_MS = 22
type Answer = ResultOf<'event.count'>

const firstPlausible = `SELECT min(at) FROM event WHERE at >= ${PLAUSIBLE_FROM_US}`
const lastOfAll = 'SELECT max(at) FROM event'
const lastPlausible = 'SELECT max(at) FROM event WHERE at <= ?'
const lastImport = 'SELECT max(imported_at) FROM evidence'

/**
 * The last event that is no younger than the newest import: one clock that runs ahead by a century must not press all others
 * into one bucket. Where everything in view is younger, the last of all.
 */
function lastBefore(db: ReadStore, low: number, last: number): number {
  const limit = ((db.prepare(lastImport).pluck().get() as number | null) ?? last) + PLAUSIBLE_AHEAD_US
  if (last <= limit || low > limit) return last
  return (db.prepare(lastPlausible).pluck().get(limit) as number | null) ?? last
}

/** The stretch of time the buckets cover and their width. */
function windowOf(db: ReadStore, { from, to, buckets }: CountQuestion) {
  const first = db.prepare(firstPlausible).pluck().get() as number | null
  const last = db.prepare(lastOfAll).pluck().get() as number | null
  if (first === null || last === null) return { low: null, high: null, width: 1 }
  const low = Math.max(first, from ?? first)
  const high = Math.max(low, to === null ? lastBefore(db, low, last) : Math.min(last, to))
  const width = STEPS.find((step) => (high - low) / (step * 1e6) < buckets - 1) ?? 31_536_000
  return { low, high, width }
}

/**
 * One short piece of the count.
 * @param patience milliseconds after which the rest waits for the next piece
 * @param blocks where something can be found, if that is known
 */
export function countPiece(
  db: ReadStore,
  where: Where,
  question: CountQuestion,
  patience = PATIENCE_MS,
  blocks?: BlockPlan,
): Answer {
  const { low, high, width } = windowOf(db, question)
  const tally = new Tally(db, width, high ?? Infinity)
  const ends = { from: low === null ? null : toIso(low), to: high === null ? null : toIso(high) }
  if (where.isEmpty) return { bucketSeconds: width, ...ends, ...tally.answer(), done: 1, next: null }
  const plan = planOf(db, where, question)
  const { step, place } = readCursor(question.cursor, plan)
  const started = performance.now()
  const isLate = () => performance.now() - started > patience
  let at = plan.steps.indexOf(step)
  let inside: string | null = place
  let done = 1
  for (; at < plan.steps.length; at += 1) {
    const current = plan.steps[at]
    if (current === undefined) break
    if (inside === null && at > plan.steps.indexOf(step) && isLate()) {
      inside = ''
      break
    }
    const left = runStep(db, where, blocks, question, plan, current, inside, tally, isLate)
    inside = null
    if (left !== null) {
      inside = left.place
      done = left.done
      break
    }
  }
  const next = plan.steps[at]
  return {
    bucketSeconds: width,
    ...ends,
    ...tally.answer(),
    done: next === undefined ? 1 : (at + (inside === '' ? 0 : done)) / plan.steps.length,
    next: next === undefined ? null : `${next}:${inside ?? ''}`,
  }
}

function readCursor(cursor: string | null, plan: CountPlan): { step: Step; place: string | null } {
  const [first = 'rest'] = plan.steps
  if (cursor === null || cursor === '') return { step: first, place: null }
  const [name = '', place = ''] = cursor.split(/:(.*)/s)
  const step = plan.steps.find((one) => one === name)
  if (step === undefined || !/^([nb]?-?\d{0,17})$/.test(place))
    throw new WorkbenchError('request.invalid', { field: 'cursor' })
  return { step, place: place === '' ? null : place }
}

function runStep(
  db: ReadStore,
  where: Where,
  blocks: BlockPlan | undefined,
  question: CountQuestion,
  plan: CountPlan,
  step: Step,
  place: string | null,
  tally: Tally,
  isLate: () => boolean,
): Left {
  if (step === 'hours') return countHours(db, where, question, place, tally, isLate)
  if (step === 'rest') return countRest(db, where, blocks, question, plan.rest, place, tally, isLate)
  if (step === 'lanes') {
    countLanes(db, question, tally)
    return null
  }
  return countValues(db, question, step, place, tally, isLate)
}
