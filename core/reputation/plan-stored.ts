import { PLAN_STATES, type Plan, type PlanItem, type PlanState } from '../contract/nouns/plan.ts'
import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { oncePerState } from './case-cache.ts'
import { derivePlan, planBasis, type PlanBasis } from './plan.ts'
import type { PlanFindings } from './plan-findings.ts'
import { getJudgingPolicy } from './policy-stored.ts'
import { getRetroRun } from './retro-stored.ts'

const lastRun = 'SELECT max(id) FROM retro_run'
const decisions = 'SELECT item, state, note, at FROM plan_decision'
const decide = `INSERT INTO plan_decision (item, state, note, at) VALUES (?, ?, ?, ?)
  ON CONFLICT (item) DO UPDATE SET state = excluded.state, note = excluded.note, at = excluded.at`
const forget = 'DELETE FROM plan_decision WHERE item = ?'

interface Derived {
  readonly run: RetroRun | null
  readonly basis: PlanBasis
}

function derive(db: ReadStore, now: number, id: number | null): Derived {
  const run = id === null ? null : getRetroRun(db, id)
  return { run, basis: planBasis(db, now, getJudgingPolicy(db, now), run) }
}

/** What the last retro scan asks for, worked out once per state of the case. */
const derivedLast = oncePerState((db: ReadStore, now: number) =>
  derive(db, now, db.prepare(lastRun).pluck().get() as number | null),
)

/**
 * The remediation plan: steps that follow from a run (null: the last one) and what the analyst decided about them. Decisions hold
 * for the step, not for the run: a later run that asks for the same keeps them.
 * @throws WorkbenchError `request.not_found`
 */
export function listPlan(db: ReadStore, now: number, runId: number | null, findings: PlanFindings): Plan {
  const { run, basis } = runId === null ? derivedLast(db, now) : derive(db, now, runId)
  const drafts = derivePlan(db, now, getJudgingPolicy(db, now), basis, findings)
  type Row = { item: string; state: string; note: string; at: number }
  const known = new Map((db.prepare(decisions).all() as Row[]).map((row) => [row.item, row]))
  const counts = { open: 0, approved: 0, declined: 0 }
  const items = drafts.map((draft): PlanItem => {
    const decision = known.get(draft.id)
    const state = PLAN_STATES.find((one) => one === decision?.state) ?? 'open'
    counts[state] += 1
    return {
      ...draft,
      state,
      note: decision?.note ?? '',
      decidedAt: decision === undefined ? null : toIso(decision.at),
    }
  })
  return {
    run: run === null ? null : { id: run.run.id, at: run.run.at, policy: run.run.policy },
    counts,
    items,
  }
}

/**
 * Records what the analyst decided; `open` takes a decision back.
 * @throws WorkbenchError `request.not_found` when an id is no step of the plan
 */
export function decidePlan(
  { db, now }: Pick<CommandContext, 'db' | 'now'>,
  ids: readonly string[],
  state: PlanState,
  note: string,
  findings: PlanFindings,
): { changed: number } {
  const at = now()
  const plan = new Map(listPlan(db, at, null, findings).items.map((item) => [item.id, item]))
  // Steps of an earlier run may be decided again, too: they were decided before.
  const before = new Set(
    db
      .prepare(decisions)
      .all()
      .map((row) => (row as { item: string }).item),
  )
  const unknown = ids.find((id) => !plan.has(id) && !before.has(id))
  if (unknown !== undefined) throw new WorkbenchError('request.not_found', { what: `plan item ${unknown}` })
  return db.transaction(() => {
    for (const id of new Set(ids)) {
      if (state === 'open') db.prepare(forget).run(id)
      else db.prepare(decide).run(id, state, note, at)
    }
    const steps = [...new Set(ids)].map((id) => `${plan.get(id)?.action ?? 'step'} ${id}`)
    appendAudit(db, {
      at,
      action: 'plan.decide',
      details: { state, note, count: steps.length, steps: steps.slice(0, 200) },
    })
    return { changed: steps.length }
  })()
}
