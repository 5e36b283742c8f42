import type { ExportSource } from '../exporter.ts'

/** What speaks for an ATT&CK technique in this case. */
export interface Technique {
  readonly id: string
  /** Events whose source names the technique (alerts of products), and relations of rules that stand for it. */
  readonly events: number
  readonly relations: number
  readonly rules: readonly string[]
}

const ID = /\bT\d{4}(?:\.\d{3})?\b/g
const named = `SELECT s.v AS text, count(*) AS count FROM event e JOIN str s ON s.id = e.technique
  WHERE e.technique IS NOT NULL AND (@whole = 1 OR (e.at >= @from AND e.at < @to)) GROUP BY s.id`
const byRule = `SELECT rule, count(*) AS count FROM relation WHERE observed = 1
  AND (@whole = 1 OR (first_at IS NOT NULL AND first_at < @to AND coalesce(last_at, first_at) >= @from)) GROUP BY rule`

/** Ids of techniques in a text (`T1566.002`); products write lists of them, with and without names. */
export const techniqueIds = (text: string): readonly string[] => [...new Set(text.match(ID))]

/** Techniques that each rule of correlation stands for. */
export async function techniquesOfRules(
  source: ExportSource,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rules = await source.ask('rule.list', {})
  return new Map(rules.map(({ id, attack }) => [id, attack.flatMap(techniqueIds)]))
}

/** All techniques with what speaks for them, by id. */
export async function listTechniques(source: ExportSource): Promise<readonly Technique[]> {
  const { db, from, to } = source
  const span = {
    whole: from === null && to === null ? 1 : 0,
    from: from ?? Number.MIN_SAFE_INTEGER,
    to: to ?? Number.MAX_SAFE_INTEGER,
  }
  const found = new Map<string, { events: number; relations: number; rules: string[] }>()
  const of = (id: string) => {
    const known = found.get(id) ?? { events: 0, relations: 0, rules: [] }
    found.set(id, known)
    return known
  }
  for (const { text, count } of db.prepare(named).all(span) as { text: string; count: number }[])
    for (const id of techniqueIds(text)) of(id).events += count
  const attack = await techniquesOfRules(source)
  for (const { rule, count } of db.prepare(byRule).all(span) as { rule: string; count: number }[])
    for (const id of attack.get(rule) ?? []) {
      const technique = of(id)
      technique.relations += count
      technique.rules.push(rule)
    }
  return [...found]
    .map(([id, facts]) => ({ id, ...facts, rules: facts.rules.sort() }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}
