import type { Ask } from '../jobs/handlers.ts'

/** ATT&CK techniques by rule, and by what it detected: a rule that knows several says which that stands for. */
export type AttackOf = (rule: string, what?: string) => readonly string[]

/** As the rules state it. */
export async function attackOfRules(ask: Ask): Promise<AttackOf> {
  const rules = new Map((await ask('rule.list', {})).map((rule) => [rule.id, rule]))
  return (id, what) => {
    const rule = rules.get(id)
    return (what === undefined ? undefined : rule?.attackOf[what]) ?? rule?.attack ?? []
  }
}
