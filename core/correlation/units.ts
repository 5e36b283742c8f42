import { hash } from 'node:crypto'
import type { EntityBook } from '../identity/entity-book.ts'
import type { CaseDigests } from './digests.ts'
import { MENTION } from './mention.ts'
import { MOST_SINGLES, ReadTrace } from './reads.ts'
import type { Rule } from './rule.ts'
import { UnitFinds } from './unit-finds.ts'
import type { StoredUnit, UnitStore } from './unit-store.ts'
import { CorrelationView, type ViewSource } from './view.ts'
import { noteDefect } from '../local/defect-log.ts'

/** Counts up when what a unit holds is written differently. */
const FORMAT = 1
/** Single entities and names a unit of one endpoint, or of the whole case, is compared by; beyond, all of their kind. */
const MOST_READS = { endpoint: MOST_SINGLES, whole: 200 }

/** A rule and where it runs: the whole case (`''`, null) or one endpoint. */
export interface Unit {
  readonly rule: Rule
  readonly scope: string
  readonly endpointId: number | null
  readonly version: string
}

export const unitName = (rule: string, scope: string): string => `${rule}|${scope}`

/**
 * Units of the rules, those of one endpoint beside each other, and the whole case last: indexes of an endpoint are built once
 * for all its rules, and then forgotten.
 */
export function listUnits(
  rules: readonly Rule[],
  book: EntityBook,
  digests: CaseDigests,
  tool: string,
): Unit[] {
  const mentions = rules.some((rule) => rule.id === MENTION.rule)
  const versions = new Map(
    rules.map((rule) => [rule, hash('sha1', `${FORMAT}|${tool}|${rule.id}|${mentions}`)]),
  )
  const unit = (rule: Rule, scope: string, endpointId: number | null): Unit => ({
    rule,
    scope,
    endpointId,
    version: versions.get(rule) ?? '',
  })
  const local = rules.filter((rule) => rule.scope === 'endpoint')
  const ids = new Set(local.length === 0 ? [] : digests.endpoints())
  const endpoints = [...book.entities.values()]
    .filter((entity) => entity.kind === 'endpoint' && ids.has(entity.id))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  return [
    ...endpoints.flatMap(({ key, id }) => local.map((rule) => unit(rule, key, id))),
    ...rules.filter((rule) => rule.scope !== 'endpoint').map((rule) => unit(rule, '', null)),
  ]
}

/** Whether the unit would find what it found last time. */
export function isCurrent(unit: Unit, stored: StoredUnit | undefined, digests: CaseDigests): boolean {
  return (
    stored !== undefined &&
    stored.version === unit.version &&
    stored.fingerprint !== '' &&
    stored.fingerprint === digests.fingerprint(stored.reads(), unit.endpointId)
  )
}

/** Runs a rule in its unit and keeps what it found. @returns what it threw */
export function runUnit(
  unit: Unit,
  source: ViewSource,
  digests: CaseDigests,
  store: UnitStore,
  mentions: boolean,
): { relations: number; detections: number; error: string | null } {
  const { rule, scope, endpointId, version } = unit
  const trace = new ReadTrace()
  const view = new CorrelationView(source, endpointId, trace)
  const parts = store.begin(rule.id, scope)
  const finds = new UnitFinds(rule.id, view, parts, mentions)
  let error: string | null = null
  try {
    for (const find of rule.run(view)) finds.add(find)
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown)
    noteDefect(thrown, `rule ${rule.id}`)
  }
  finds.flush()
  const reads = trace.list(endpointId === null ? MOST_READS.whole : MOST_READS.endpoint)
  const fingerprint = error === null ? digests.fingerprint(reads, endpointId) : ''
  const { relations, detections } = store.finish(parts, { version, reads, fingerprint })
  return { relations, detections, error }
}
