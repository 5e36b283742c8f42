import type { EventFieldName } from '../../model/event.ts'
import { columnOf, EVENT_COLUMNS, kindNumber } from '../../store/event-columns.ts'
import { type FoundBlocks, RawReader } from '../../store/raw.ts'
import type { WriteStore } from '../../store/store.ts'
import type { SightingCollector } from '../collector.ts'
import type { Period } from '../scan-events.ts'
import { evaluateRule } from './evaluate.ts'
import { EventView, SIGMA_COLUMNS } from './event-view.ts'
import type { Condition } from './condition.ts'
import type { Search, SigmaRule } from './parse-rule.ts'

export interface NumberedRule {
  readonly number: number
  readonly rule: SigmaRule
}

/** Strings kept decoded; beyond this the cache starts anew. */
const MAX_CACHED_STRINGS = 200_000
const EVENTS_PER_STEP = 20_000
const IS_TEXT = new Set(EVENT_COLUMNS.filter((one) => one.isText).map((one) => one.name))

/**
 * Evaluates Sigma rules over the events of their log sources.
 * @param onStep told how much is done, 0..1; may throw to stop
 */
export function scanSigma(
  db: WriteStore,
  rules: readonly NumberedRule[],
  period: Period,
  collector: SightingCollector,
  onStep: (done: number) => void,
): void {
  if (rules.length === 0) return
  const plans = rules.map(({ number, rule }) => ({
    number,
    rule,
    kinds: rule.source.kinds === null ? null : new Set(rule.source.kinds.map(kindNumber)),
    channels: rule.source.channels === null ? null : channelIds(db, rule.source.channels),
    codes: codesOf(rule),
  }))
  const columns = SIGMA_COLUMNS.map(columnOf).join(', ')
  const sql = `SELECT id, at, kind, evidence_id, record, endpoint_id, user_id, ${columns} FROM event
    WHERE (at IS NULL OR ((@from IS NULL OR at >= @from) AND (@to IS NULL OR at <= @to))) ORDER BY evidence_id, record, id`
  const total = Math.max(1, db.prepare('SELECT count(*) FROM event').pluck().get() as number)
  const find = db.prepare('SELECT v FROM str WHERE id = ?').pluck()
  const raw = new RawReader(db)
  const blocks: FoundBlocks = new Map()
  let strings = new Map<number, string>()
  const textOf = (id: number): string => {
    const known = strings.get(id)
    if (known !== undefined) return known
    if (strings.size >= MAX_CACHED_STRINGS) strings = new Map()
    const text = find.get(id) as string
    strings.set(id, text)
    return text
  }
  let count = 0
  for (const row of db.prepare(sql).iterate({ from: period.from, to: period.to }) as IterableIterator<
    Record<string, number | null>
  >) {
    if ((count += 1) % EVENTS_PER_STEP === 0) onStep(count / total)
    const kind = row['kind'] as number
    const channel = row['channel'] ?? null
    const code = row['code'] ?? null
    let view: EventView | undefined
    let isOpen = false
    for (const plan of plans) {
      if (plan.kinds !== null && !plan.kinds.has(kind)) continue
      if (plan.channels !== null && (channel === null || !plan.channels.has(channel))) continue
      if (plan.codes !== null && code !== null && !plan.codes.has(code)) continue
      view ??= new EventView((field: EventFieldName) => {
        const value = row[columnOf(field)]
        if (value == null) return undefined
        return IS_TEXT.has(field) ? textOf(value) : String(value)
      })
      let truth = evaluateRule(plan.rule, view)
      if (truth === undefined && !isOpen) {
        view.open(raw.find(row['evidence_id'] as number, row['record'] as number, blocks)?.raw ?? '')
        isOpen = true
        truth = evaluateRule(plan.rule, view)
      }
      if (truth !== true) continue
      collector.add(plan.number, {
        at: row['at'] ?? null,
        event: row['id'] as number,
        entity: row['endpoint_id'] ?? null,
        user: row['user_id'] ?? null,
        evidenceId: row['evidence_id'] as number,
        record: row['record'] as number,
        field: 'rule',
        value: plan.rule.title,
      })
    }
  }
  onStep(1)
}

function channelIds(db: WriteStore, channels: readonly string[]): Set<number> {
  return new Set(
    db
      .prepare('SELECT id FROM str WHERE lower(v) IN (SELECT value FROM json_each(?))')
      .pluck()
      .all(JSON.stringify(channels)) as number[],
  )
}

/** Event ids without which no condition can hold; null when an event of any id may fulfil the rule. */
function codesOf(rule: SigmaRule): ReadonlySet<number> | null {
  const codes = new Set<number>()
  for (const condition of rule.conditions) {
    const needed = neededCodes(condition, rule)
    if (needed === null) return null
    for (const code of needed) codes.add(code)
  }
  return codes
}
function neededCodes(condition: Condition, rule: SigmaRule): ReadonlySet<number> | null {
  switch (condition.op) {
    case 'search': {
      const search = rule.searches.get(condition.name)
      return search === undefined ? null : codesOfSearch(search)
    }
    case 'not':
      return null
    case 'and':
      return condition.nodes.map((node) => neededCodes(node, rule)).find((codes) => codes !== null) ?? null
    case 'or':
      return union(condition.nodes.map((node) => neededCodes(node, rule)))
  }
}
function codesOfSearch(search: Search): ReadonlySet<number> | null {
  if (search.op === 'or') return union(search.nodes.map(codesOfSearch))
  if (search.op === 'and') return search.nodes.map(codesOfSearch).find((codes) => codes !== null) ?? null
  if (search.op !== 'field' || search.field.toLowerCase() !== 'eventid') return null
  const { test } = search
  const codes = new Set<number>()
  for (let code = 0; code < 65_536; code += 1) if (test([String(code)])) codes.add(code)
  return codes
}
function union(sets: readonly (ReadonlySet<number> | null)[]): ReadonlySet<number> | null {
  const codes = new Set<number>()
  for (const one of sets) {
    if (one === null) return null
    for (const code of one) codes.add(code)
  }
  return codes
}
