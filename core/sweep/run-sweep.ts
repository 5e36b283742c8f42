import type { SweepCounts, SweepCriteria, SweepRun } from '../contract/nouns/sweep.ts'
import type { z } from 'zod'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso, toIso, toIsoOrNull } from '../store/time.ts'
import { type Found, placeOf, SightingCollector } from './collector.ts'
import { buildMatchers } from './matchers.ts'
import { parseSigma } from './sigma/parse-rule.ts'
import { scanSigma, type NumberedRule } from './sigma/scan-sigma.ts'
import { scanEvents } from './scan-events.ts'
import { scanMail } from './scan-mail.ts'
import { scanNames } from './scan-names.ts'
import { countingPlaces, indicatorsIn } from './tree.ts'

/** What is known of an indicator after a run, by its id. */
export interface IndicatorTotal {
  readonly sightings: number
  readonly kept: number
  readonly first: number | null
  readonly last: number | null
}

const insertRun =
  'INSERT INTO sweep_run (at, name, from_at, to_at, counts, totals, criteria) VALUES (?, ?, ?, ?, ?, ?, ?)'
const insertSighting = `INSERT INTO sweep_sighting (run_id, indicator, at, event_id, entity_id, user_id, evidence_id, record, field, value)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

/**
 * Looks for the criteria in everything stored: texts of events, mail, names of entities, Sigma rules over events. Where
 * indicators must come together, those count that were seen at one place, an endpoint or a mailbox; the period counts for
 * all. The run and its sightings are kept.
 * @throws WorkbenchError `request.invalid` (a tree that names what is not in the list, a time that is none)
 */
export function runSweep(
  context: CommandContext,
  input: { criteria: SweepCriteria; from?: string | null | undefined; to?: string | null | undefined },
): SweepRun {
  const { db, signal, progress } = context
  const { criteria } = input
  const period = { from: timeOf('from', input.from), to: timeOf('to', input.to) }
  const numbers = new Map(criteria.indicators.map((one, number) => [one.id, number]))
  for (const id of indicatorsIn(criteria.tree))
    if (!numbers.has(id)) throw new WorkbenchError('request.invalid', { field: 'tree', problem: id })
  const step = (key: string, base: number, share: number) => (done: number) => {
    signal.throwIfAborted()
    progress({ done: base + done * share, step: { key: `sweep.step.${key}`, params: {} } })
  }

  const collector = new SightingCollector()
  const matchers = buildMatchers(criteria.indicators)
  const rules = rulesOf(criteria)
  const share = rules.length === 0 ? 0.8 : matchers.size === 0 ? 0 : 0.4
  scanEvents(db, matchers, period, collector, step('strings', 0, share))
  const mailStep = step('mail', share, 0)
  scanMail(db, matchers, period, collector, () => mailStep(0))
  scanNames(db, matchers, collector)
  scanSigma(db, rules, period, collector, step('rules', share, 0.9 - share))

  const places = countingPlaces(
    criteria.tree,
    (id) => collector.hits.get(numbers.get(id) ?? -1)?.places ?? new Set(),
  )
  const totals = new Map<string, IndicatorTotal>()
  const kept: { id: string; found: Found }[] = []
  const seen = { places: new Set<number>(), people: new Set<number>(), events: new Set<number>() }
  for (const [id, counting] of places) {
    const hits = collector.hits.get(numbers.get(id) ?? -1)
    if (!hits || counting.size === 0) continue
    const isAll = counting.size === hits.places.size
    const own = isAll ? hits.kept : hits.kept.filter((found) => counting.has(placeOf(found)))
    for (const found of own) {
      kept.push({ id, found })
      if (found.entity !== null) seen.places.add(found.entity)
      // A record of an endpoint names its user as well; a mailbox stands for its user where both are known.
      const person = found.user ?? found.entity
      if (person !== null) seen.people.add(person)
      if (found.event !== null) seen.events.add(found.event)
    }
    totals.set(id, {
      sightings: isAll ? hits.total : own.length,
      kept: own.length,
      first: isAll ? hits.first : extreme(own, Math.min),
      last: isAll ? hits.last : extreme(own, Math.max),
    })
  }
  const people = kindsOf(db, seen.people)
  const counts: z.output<typeof SweepCounts> = {
    indicators: criteria.indicators.length,
    supported: criteria.indicators.filter((one) => one.supported).length,
    matched: totals.size,
    sightings: [...totals.values()].reduce((sum, total) => sum + total.sightings, 0),
    endpoints: kindsOf(db, seen.places).get('endpoint') ?? 0,
    users: (people.get('user') ?? 0) + (people.get('mailbox') ?? 0),
    messages: db
      .prepare(countMessages)
      .pluck()
      .get(JSON.stringify([...seen.events])) as number,
  }
  const at = context.now()
  signal.throwIfAborted()
  const id = db.transaction(() => {
    const run = Number(
      db
        .prepare(insertRun)
        .run(
          at,
          criteria.name,
          period.from,
          period.to,
          JSON.stringify(counts),
          JSON.stringify(Object.fromEntries(totals)),
          JSON.stringify(criteria),
        ).lastInsertRowid,
    )
    const insert = db.prepare(insertSighting)
    for (const { id: indicator, found } of kept)
      insert.run(
        run,
        indicator,
        found.at,
        found.event,
        found.entity,
        found.user,
        found.evidenceId,
        found.record,
        found.field,
        found.value,
      )
    appendAudit(db, { at, action: 'sweep.run', details: { run: String(run), name: criteria.name, counts } })
    return run
  })()
  return {
    id: String(id),
    at: toIso(at),
    name: criteria.name,
    from: toIsoOrNull(period.from),
    to: toIsoOrNull(period.to),
    counts,
  }
}

/** Rules as they are written in the criteria: what a caller says of them does not count. */
function rulesOf(criteria: SweepCriteria): NumberedRule[] {
  return criteria.indicators.flatMap((one, number) => {
    if (one.kind !== 'sigma' || !one.supported || one.body === null) return []
    const [document] = parseSigma(one.body)
    return document?.rule == null ? [] : [{ number, rule: document.rule }]
  })
}

const countMessages =
  'SELECT count(DISTINCT coalesce(entity_id, -id)) FROM message WHERE event_id IN (SELECT value FROM json_each(?))'
const countKinds = `SELECT kind, count(*) AS count FROM entity WHERE id IN (SELECT value FROM json_each(?)) GROUP BY kind`
function kindsOf(db: ReadStore, ids: Iterable<number>): Map<string, number> {
  const rows = db.prepare(countKinds).all(JSON.stringify([...ids])) as { kind: string; count: number }[]
  return new Map(rows.map((row) => [row.kind, row.count]))
}

function timeOf(field: string, text: string | null | undefined): number | null {
  if (text == null || text === '') return null
  const us = parseIso(text)
  if (us === undefined) throw new WorkbenchError('request.invalid', { field, problem: text })
  return us
}

const extreme = (found: readonly Found[], choose: (a: number, b: number) => number): number | null =>
  found.reduce<number | null>(
    (best, { at }) => (at === null ? best : best === null ? at : choose(best, at)),
    null,
  )
