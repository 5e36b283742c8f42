import type { TextRef } from '../contract/shapes.ts'
import type { Ask } from '../jobs/handlers.ts'

/** ATT&CK techniques by rule, by what it detected and by what it saw: a rule that knows several says which that stands for. */
export type AttackOf = (rule: string, what?: string, reason?: TextRef) => readonly string[]

/** As the rules state it. */
export async function attackOfRules(ask: Ask): Promise<AttackOf> {
  const rules = new Map((await ask('rule.list', {})).map((rule) => [rule.id, rule]))
  return (id, what, reason) => {
    const rule = rules.get(id)
    if (what === undefined) return rule?.attack ?? []
    const seen = reason === undefined ? undefined : rule?.attackOf[`${what}/${variantOf(reason)}`]
    return seen ?? rule?.attackOf[what] ?? rule?.attack ?? []
  }
}

/** `rule.credentials.command.reason.hives` is of the variant `hives`, unless the rule names another one. */
const variantOf = ({ key, params }: TextRef): string =>
  String(params['variant'] ?? key.split('.').at(-1) ?? '')
