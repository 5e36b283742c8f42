import { provenTechnique } from '../../normalise/technique.ts'
import type { ExportSource } from '../exporter.ts'

/** What speaks for an ATT&CK technique in this case. */
export interface Technique {
  readonly id: string
  /** Events whose source names the technique (alerts of products). */
  readonly events: number
  /** Detections of rules that stand for this technique and no other. */
  readonly findings: number
  readonly rules: readonly string[]
  /**
   * Detections of rules that stand for one of several techniques, and relations of rules that the technique would also leave: this may
   * be it. A connection or a logon is no proof of one.
   */
  readonly possible: number
  readonly possibleRules: readonly string[]
}

const ID = /\bT\d{4}(?:\.\d{3})?\b/g
const named = `SELECT s.v AS text, count(*) AS count FROM event e JOIN str s ON s.id = e.technique
  WHERE e.technique IS NOT NULL AND (@whole = 1 OR (e.at >= @from AND e.at < @to)) GROUP BY s.id`
const used = `(@whole = 1 OR (first_at IS NOT NULL AND first_at < @to AND coalesce(last_at, first_at) >= @from))`
const detected = `SELECT rule, what, count(*) AS count FROM detection WHERE ${used} GROUP BY rule, what`
const related = `SELECT rule, count(*) AS count FROM relation WHERE observed = 1 AND ${used} GROUP BY rule`

/** Ids of techniques in a text (`T1566.002`); products write lists of them, with and without names. */
export const techniqueIds = (text: string): readonly string[] => [...new Set(text.match(ID))]

/** Techniques that each rule of correlation stands for, or that which it detected does. */
export async function techniquesOfRules(
  source: ExportSource,
): Promise<(rule: string, what?: string) => readonly string[]> {
  const rules = new Map((await source.ask('rule.list', {})).map((rule) => [rule.id, rule]))
  return (id, what) => {
    const rule = rules.get(id)
    const own = what === undefined ? undefined : rule?.attackOf[what]
    return (own ?? rule?.attack ?? []).flatMap(techniqueIds)
  }
}

/** All techniques with what speaks for them, by id. */
export async function listTechniques(source: ExportSource): Promise<readonly Technique[]> {
  const { db, from, to } = source
  const span = {
    whole: from === null && to === null ? 1 : 0,
    from: from ?? Number.MIN_SAFE_INTEGER,
    to: to ?? Number.MAX_SAFE_INTEGER,
  }
  const found = new Map<
    string,
    { events: number; findings: number; rules: string[]; possible: number; possibleRules: string[] }
  >()
  const of = (id: string) => {
    const known = found.get(id) ?? { events: 0, findings: 0, rules: [], possible: 0, possibleRules: [] }
    found.set(id, known)
    return known
  }
  for (const { text, count } of db.prepare(named).all(span) as { text: string; count: number }[])
    for (const id of techniqueIds(text)) of(id).events += count
  const attack = await techniquesOfRules(source)
  type Counted = { rule: string; count: number }
  const mayBe = (ids: readonly string[], { rule, count }: Counted): void => {
    for (const id of ids) {
      of(id).possible += count
      if (!of(id).possibleRules.includes(rule)) of(id).possibleRules.push(rule)
    }
  }
  for (const row of db.prepare(detected).all(span) as (Counted & { what: string })[]) {
    const ids = attack(row.rule, row.what)
    const proven = provenTechnique(ids)
    if (proven === undefined) mayBe(ids, row)
    else {
      of(proven).findings += row.count
      if (!of(proven).rules.includes(row.rule)) of(proven).rules.push(row.rule)
    }
  }
  for (const row of db.prepare(related).all(span) as Counted[]) mayBe(attack(row.rule), row)
  return [...found]
    .map(([id, facts]) => ({
      id,
      ...facts,
      rules: facts.rules.sort(),
      possibleRules: facts.possibleRules.sort(),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Those that something in the case proves. */
export const provenIn = (techniques: readonly Technique[]): readonly Technique[] =>
  techniques.filter(({ events, findings }) => events + findings > 0)
