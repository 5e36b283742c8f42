import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TOKENS } from '../../../core/reputation/notification-tokens.ts'
import { ACTIONS_OF, blockedActionsOf } from '../../../core/reputation/policy-actions.ts'
import { DEFAULT_POLICY, SERVICES } from '../../../core/reputation/policy-document.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'

const text = readFileSync(join(import.meta.dirname, '../../../docs/policy.md'), 'utf8')

describe('docs/policy.md', () => {
  it('shows a whole policy that is valid', () => {
    const example: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(text)?.[1] ?? '')
    const policy = parsePolicy(example)
    expect(Object.keys(example as object).sort()).toEqual(Object.keys(DEFAULT_POLICY).sort())
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
  })
  it('names every token, and no other', () => {
    const named = [...text.matchAll(/%([A-Za-z_]+)%/g)].map(([, name]) => name?.toLowerCase() ?? '')
    expect([...new Set(named)].sort()).toEqual([...TOKENS].sort())
  })
  it('names every service with its actions', () => {
    const rows = [...text.matchAll(/^\| ([a-z, -]+?) +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)]
    for (const service of SERVICES) {
      const row = rows.find(
        ([, names = '', actions = '']) =>
          (names.split(', ').includes(service) && /pass/.test(actions)) ||
          (names.split(', ').includes(service) && /the same/.test(actions)),
      )
      if (row?.[2]?.startsWith('the same') !== true)
        for (const action of ACTIONS_OF[service]) expect(row?.[2], service).toContain(action)
      expect(row?.[3]?.split(', ').sort(), service).toEqual([...blockedActionsOf(service)].sort())
    }
  })
})
