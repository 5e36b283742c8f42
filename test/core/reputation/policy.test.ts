import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { DEFAULT_POLICY, SERVICES } from '../../../core/reputation/policy-document.ts'
import { ACTIONS_OF, blockedActionsOf, severestAction } from '../../../core/reputation/policy-actions.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'

const base = {
  schema: 1,
  name: 'p',
  service: 'exchange-online',
  securityLevel: 'medium',
  actions: { matched: 'quarantine' },
}
const fault = (document: unknown): unknown => {
  try {
    parsePolicy(document)
    return null
  } catch (thrown) {
    return thrown instanceof WorkbenchError ? { code: thrown.code, ...thrown.params } : thrown
  }
}
const invalid = (field: string, rule: string) => ({ code: 'policy.invalid', field, rule })

describe('a policy document', () => {
  it('needs five fields; the rest is off or empty, and null is absent', () => {
    const policy = parsePolicy({ ...base, effectiveFrom: null, retroScan: null, blockedUrls: { urls: null } })
    expect(policy).toMatchObject({
      enabled: true,
      priority: 1,
      scope: 'all',
      scanAttachments: false,
      retroScan: { enabled: false, consentAt: null },
      approvedUrls: { enabled: false, includeInternalDomains: false, urls: [] },
      actions: { matched: 'quarantine', blockedUrl: null, untested: { enabled: false, action: null } },
    })
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
  })

  it('has a valid default: Exchange Online, medium, quarantine, retro scan off, no consent', () => {
    expect(parsePolicy(DEFAULT_POLICY)).toEqual(DEFAULT_POLICY)
    expect(DEFAULT_POLICY).toMatchObject({
      service: 'exchange-online',
      securityLevel: 'medium',
      actions: { matched: 'quarantine' },
      retroScan: { enabled: false, consentAt: null },
    })
  })

  it.each([
    [{ ...base, name: undefined }, 'name', 'type'],
    [{ ...base, service: 'fax' }, 'service', 'W13'],
    [{ ...base, securityLevel: undefined }, 'securityLevel', 'W16'],
    [{ ...base, actions: {} }, 'actions.matched', 'W58'],
    [{ ...base, colour: 'red' }, 'colour', 'unknown-field'],
    [{ ...base, approvedUrls: { enabeld: true } }, 'approvedUrls.enabeld', 'unknown-field'],
    [{ ...base, priority: 0 }, 'priority', 'value'],
    [{ ...base, effectiveFrom: 'tomorrow' }, 'effectiveFrom', 'date'],
    [{ ...base, service: 'box', scope: 'incoming' }, 'scope', 'W13'],
    [{ ...base, service: 'exchange-inline-outbound', scope: 'incoming' }, 'scope', 'W15'],
    [{ ...base, service: 'exchange-inline-inbound', scanAttachments: true }, 'scanAttachments', 'W20'],
    [
      { ...base, service: 'box', retroScan: { enabled: true, consentAt: '2026-01-01' } },
      'retroScan.enabled',
      'W22',
    ],
    [
      { ...base, service: 'exchange-inline-inbound', retroScan: { enabled: true, consentAt: '2026-01-01' } },
      'retroScan.enabled',
      'W23',
    ],
    [{ ...base, retroScan: { enabled: true } }, 'retroScan.consentAt', 'W28'],
    [{ ...base, service: 'gmail', timeOfClick: { enabled: true } }, 'timeOfClick.enabled', 'W33'],
    [{ ...base, timeOfClick: { enabled: true, urlScope: 'some' } }, 'timeOfClick.urlScope', 'W36'],
    [{ ...base, service: 'teams', approvedSenders: { enabled: true } }, 'approvedSenders.enabled', 'W37'],
    [{ ...base, approvedSenders: { addresses: ['*@corp.test'] } }, 'approvedSenders.addresses[0]', 'W39'],
    [
      { ...base, approvedSenders: { addresses: ['a@corp.test', 'corp.test'] } },
      'approvedSenders.addresses[1]',
      'W39',
    ],
    [
      { ...base, service: 'gmail', approvedUrls: { includeInternalDomains: true } },
      'approvedUrls.includeInternalDomains',
      'W42',
    ],
    [{ ...base, blockedUrls: { urls: ['a.test', 'http://*/x'] } }, 'blockedUrls.urls[1]', 'W47'],
    [{ ...base, service: 'gmail', approvedUrls: { urls: ['a.test/?q=1'] } }, 'approvedUrls.urls[0]', 'W48'],
    [{ ...base, actions: { matched: 'quarantine', blockedUrl: 'pass' } }, 'actions.blockedUrl', 'W49'],
    [{ ...base, service: 'gmail', approvedHeaders: { enabled: true } }, 'approvedHeaders.enabled', 'W50'],
    [
      { ...base, approvedHeaders: { fields: [{ name: 'a', value: 'b', operator: 'matches' }] } },
      'approvedHeaders.fields[0].operator',
      'W51',
    ],
    [
      { ...base, approvedHeaders: { fields: [{ name: 'a'.repeat(129), value: 'b', operator: 'equals' }] } },
      'approvedHeaders.fields[0].name',
      'W54',
    ],
    [
      { ...base, approvedHeaders: { fields: Array(11).fill({ name: 'a', value: 'b', operator: 'equals' }) } },
      'approvedHeaders.fields',
      'W55',
    ],
    [
      {
        ...base,
        service: 'gmail',
        globalApprovedHeaders: { fields: [{ name: 'a', value: 'b', operator: 'equals' }] },
      },
      'globalApprovedHeaders.fields',
      'W57',
    ],
    [{ ...base, actions: { matched: 'label' } }, 'actions.matched', 'W58'],
    [
      { ...base, service: 'exchange-inline-outbound', actions: { matched: 'move-to-junk' } },
      'actions.matched',
      'W58',
    ],
    [
      { ...base, actions: { matched: 'quarantine', fileAction: { enabled: true, action: 'delete' } } },
      'actions.fileAction.enabled',
      'W61',
    ],
    [
      { ...base, service: 'salesforce', actions: { matched: 'pass', fileAction: { secondary: 'delete' } } },
      'actions.fileAction.secondary',
      'W62',
    ],
    [{ ...base, service: 'box', actions: { matched: 'tag-file-name' } }, 'actions.tag', 'W64'],
    [{ ...base, service: 'box', actions: { matched: 'tag-file-name', tag: 'a/b' } }, 'actions.tag', 'W64'],
    [
      { ...base, service: 'box', actions: { matched: 'tag-file-name', tag: 'x'.repeat(21) } },
      'actions.tag',
      'W64',
    ],
    [{ ...base, internalDomains: ['corp.*'] }, 'internalDomains[0]', 'W14'],
    [
      { ...base, notifications: { administrators: { enabled: true } } },
      'notifications.administrators.recipients',
      'W66',
    ],
    [
      { ...base, notifications: { administrators: { threshold: { mode: 'period', hours: 0 } } } },
      'notifications.administrators.threshold.hours',
      'W68',
    ],
    [
      { ...base, notifications: { administrators: { threshold: { mode: 'count', count: 1.5 } } } },
      'notifications.administrators.threshold.count',
      'W69',
    ],
    [
      {
        ...base,
        service: 'teams-chat',
        actions: { matched: 'block' },
        notifications: { users: { enabled: true } },
      },
      'notifications.users.enabled',
      'W74',
    ],
  ])('%# is refused at %s by %s', (document, field, rule) => {
    expect(fault(document)).toMatchObject(invalid(field, rule))
  })

  it('is refused for all that is wrong in it at once', () => {
    const period = { effectiveFrom: '2026-03-19T00:00:00Z', effectiveTo: '2026-03-10T00:00:00Z' }
    expect(fault({ ...base, ...period, priority: 0, internalDomains: ['corp.*'] })).toMatchObject({
      ...invalid('priority', 'value'),
      faults: expect.arrayContaining([
        'value priority',
        'order effectiveTo',
        'W14 internalDomains[0]',
      ]) as unknown,
    })
    expect(fault({ ...base, priority: 0, approvedUrls: { urls: [7] }, effectiveTo: 'never' })).toMatchObject({
      faults: ['value priority', 'type approvedUrls.urls[0]', 'date effectiveTo'],
    })
    expect(fault({ ...base, priority: 0 })).not.toHaveProperty('faults')
  })

  it('is refused with the words that the field takes for this service', () => {
    const allowed = (change: Record<string, unknown>): unknown =>
      (fault({ ...base, ...change }) as { allowed?: unknown }).allowed
    expect(allowed({ securityLevel: 'higher' })).toEqual(['high', 'medium', 'low'])
    expect(allowed({ service: 'gmail', actions: { matched: 'tag-subject' } })).toEqual(ACTIONS_OF.gmail)
    expect(allowed({ service: 'gmail', actions: { matched: 'pass', blockedUrl: 'pass' } })).toEqual(
      blockedActionsOf('gmail'),
    )
    expect(allowed({ approvedSenders: { enabled: true, addresses: ['*'] } })).toBeUndefined()
  })

  it('accepts options that a service lacks while they are off', () => {
    expect(
      fault({
        ...base,
        service: 'box',
        retroScan: { enabled: false },
        timeOfClick: { enabled: false },
        approvedSenders: { enabled: false },
      }),
    ).toBeNull()
    expect(
      fault({
        ...base,
        service: 'salesforce',
        actions: { matched: 'quarantine', fileAction: { secondary: 'delete' } },
      }),
    ).toBeNull()
  })

  it('is not fooled by a key named __proto__', () => {
    expect(fault(JSON.parse('{"__proto__":{"schema":1},"name":"x"}'))).toMatchObject({
      code: 'policy.invalid',
    })
  })
})

describe('actions', () => {
  it('every service has some, and its blocked list too', () => {
    for (const service of SERVICES) {
      expect(ACTIONS_OF[service].length).toBeGreaterThan(0)
      expect(blockedActionsOf(service).every((action) => ACTIONS_OF[service].includes(action))).toBe(true)
    }
  })
  it('the severest decides', () => {
    expect(severestAction(['pass', 'label', 'quarantine', null])).toBe('quarantine')
    expect(severestAction(['quarantine', 'delete'])).toBe('delete')
    expect(severestAction(['pass-silently', 'pass'])).toBe('pass')
    expect(severestAction([null])).toBeNull()
  })
})
