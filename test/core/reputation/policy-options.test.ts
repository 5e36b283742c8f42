import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { ACTIONS, SERVICES, type Service } from '../../../core/reputation/policy-document.ts'
import { ACTIONS_OF, blockedActionsOf } from '../../../core/reputation/policy-actions.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'
import { COMMON_OPTIONS, POLICY_OPTIONS } from '../../support/policy-options.ts'

type Part = Readonly<Record<string, unknown>>

/** `field rule` of the refusal, null when the policy is taken. */
function refusal(service: Service, on: Part): string | null {
  const matched = service === 'teams-chat' ? 'block' : 'quarantine'
  const { actions = {}, ...rest } = on as { actions?: Part }
  const document = { schema: 1, name: 'p', service, securityLevel: 'medium', ...rest }
  try {
    parsePolicy({ ...document, actions: { matched, ...actions } })
    return null
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError) || thrown.code !== 'policy.invalid') throw thrown
    return `${String(thrown.params['field'])} ${String(thrown.params['rule'])}`
  }
}

const cells = POLICY_OPTIONS.flatMap((option) => SERVICES.map((service) => ({ ...option, service })))

describe('a policy has just the options of its service', () => {
  it.each(cells.filter(({ has, service }) => has.includes(service)))(
    '$rule: $service has $field',
    ({ service, on }) => expect(refusal(service, on)).toBeNull(),
  )
  it.each(cells.filter(({ has, service }) => !has.includes(service)))(
    '$rule not: $service has no $field',
    ({ service, on, field, rule, otherRule }) =>
      expect(refusal(service, on)).toBe(`${field} ${otherRule?.[service] ?? rule}`),
  )
  it.each(COMMON_OPTIONS)('every service has $field', ({ on }) => {
    for (const service of SERVICES) expect(refusal(service, on), service).toBeNull()
  })
  it.each(SERVICES)('W49 W58 %s takes its own actions, refuses those of others', (service) => {
    for (const action of ACTIONS) {
      const tag = action === 'tag-file-name' && ACTIONS_OF[service].includes(action) ? 'RISKY' : null
      const isKnown = ACTIONS_OF[service].includes(action)
      expect(refusal(service, { actions: { matched: action, tag } }), action).toBe(
        isKnown ? null : 'actions.matched W58',
      )
      expect(refusal(service, { actions: { untested: { enabled: true, action }, tag } }), action).toBe(
        isKnown ? null : 'actions.untested.action W58',
      )
      expect(refusal(service, { actions: { blockedUrl: action } }), action).toBe(
        blockedActionsOf(service).includes(action) ? null : 'actions.blockedUrl W49',
      )
    }
  })
})
