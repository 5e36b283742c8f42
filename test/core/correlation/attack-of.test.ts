import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'

describe('the techniques of what rules detect', () => {
  it('are among those of the rule, and of what it detects', () => {
    const odd = rules.flatMap((rule) =>
      Object.entries(rule.attackOf ?? {}).flatMap(([what, techniques]) => [
        ...(rule.detections?.includes(what) === true ? [] : [`${rule.id}: ${what}`]),
        ...techniques.filter((id) => !rule.attack.includes(id)).map((id) => `${rule.id}.${what}: ${id}`),
      ]),
    )
    expect(odd).toEqual([])
    expect(rules.filter((rule) => rule.attackOf !== undefined).length).toBeGreaterThan(5)
  })

  it('are told apart where a rule detects the deletion of shadow copies and that of logs', () => {
    const evasion = rules.find(({ id }) => id === 'process.evasion')
    expect(evasion?.attackOf?.['shadow_deleted']).toEqual(['T1490'])
    expect(evasion?.attackOf?.['log_cleared']).toEqual(['T1070.001'])
  })
})
