import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import handlers from '../../../core/reputation/policy.handlers.ts'
import { choosePolicy, versionsAt, withGlobalHeaders } from '../../../core/reputation/policy-choice.ts'
import {
  getJudgingPolicy,
  getPolicy,
  listPolicies,
  setPolicy,
} from '../../../core/reputation/policy-stored.ts'
import { parseIso } from '../../../core/store/time.ts'
import { aPolicy } from './builders.ts'
import { TestCase } from './case-builder.ts'

type Overrides = Readonly<Record<string, unknown>>
const time = (text: string): number => parseIso(text) ?? Number.NaN
const NOW = time('2026-05-01')
const aCase = () => new TestCase(NOW)
const set = (test: TestCase, name: string, overrides: Overrides = {}) =>
  setPolicy(test.context, {
    schema: 1,
    name,
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: 'quarantine' },
    ...overrides,
  })
const levelAt = (test: TestCase, at: string) => getPolicy(test.db, { at: time(at) }, NOW).policy.securityLevel

describe('choosing a policy', () => {
  const version = (name: string, overrides: Overrides = {}) => ({ policy: aPolicy({ name, ...overrides }) })
  const chosen = (versions: readonly ReturnType<typeof version>[], at = '2026-05-01', service?: string) =>
    choosePolicy(versions, time(at), service)?.policy.name

  it('takes the smallest priority, and of two alike the one set later', () => {
    expect(
      chosen([version('a', { priority: 2 }), version('b', { priority: 1 }), version('c', { priority: 3 })]),
    ).toBe('b')
    expect(chosen([version('a'), version('b')])).toBe('b')
  })
  it('passes over what is disabled or not effective; when nothing is left the last one says so', () => {
    expect(
      chosen([version('a'), version('b', { enabled: false }), version('c', { effectiveFrom: '2026-06-01' })]),
    ).toBe('a')
    expect(chosen([version('a', { enabled: false }), version('b', { effectiveTo: '2026-05-01' })])).toBe('b')
  })
  it('keeps to the service asked for; without one, to mail when there is any', () => {
    const versions = [version('mail'), version('files', { service: 'box' })]
    expect(chosen(versions)).toBe('mail')
    expect(chosen(versions, '2026-05-01', 'box')).toBe('files')
    expect(chosen(versions, '2026-05-01', 'gmail')).toBeUndefined()
    expect(chosen([version('files', { service: 'box' })])).toBe('files')
    expect(chosen([])).toBeUndefined()
  })
  it('lets a later version of a name speak for the time it covers, and for no other', () => {
    const versions = [
      version('a', { securityLevel: 'low' }),
      version('a', { securityLevel: 'high', effectiveFrom: '2026-04-01' }),
    ]
    const level = (at: string) => versionsAt(versions, time(at)).map(({ policy }) => policy.securityLevel)
    expect([level('2026-03-31'), level('2026-04-01')]).toEqual([['low'], ['high']])
  })
})

describe('the global header list', () => {
  const fields = [{ name: 'X-Drill', value: 'x', operator: 'contains' }]
  const version = (name: string, overrides: Overrides = {}) => ({ policy: aPolicy({ name, ...overrides }) })
  const names = (own: ReturnType<typeof version>, ...others: ReturnType<typeof version>[]) =>
    withGlobalHeaders(own.policy, [own, ...others], NOW).globalApprovedHeaders.fields.map(({ name }) => name)

  it('W57: applies to all enabled policies of Exchange Online, whichever states it', () =>
    expect(names(version('a'), version('b', { globalApprovedHeaders: { fields } }))).toEqual(['X-Drill']))
  it('W57 not: not to other services, and not from a policy that is off or not effective', () => {
    const list = { globalApprovedHeaders: { fields } }
    expect(names(version('a', { service: 'gmail' }), version('b', list))).toEqual([])
    expect(names(version('a'), version('b', { ...list, enabled: false }))).toEqual([])
    expect(names(version('a'), version('b', { ...list, effectiveTo: '2026-01-01' }))).toEqual([])
  })
  it('does not show in the policy itself', () => {
    const test = aCase()
    set(test, 'listing', { globalApprovedHeaders: { fields } })
    set(test, 'plain')
    expect(getPolicy(test.db).policy.globalApprovedHeaders.fields).toEqual([])
    expect(getJudgingPolicy(test.db, NOW)).toMatchObject({ name: 'plain', globalApprovedHeaders: { fields } })
  })
})

describe('policies of a case', () => {
  it('answers the default while none is set', () => {
    const test = aCase()
    expect(getPolicy(test.db)).toMatchObject({ isDefault: true, policy: { name: 'Default' } })
    expect(listPolicies(test.db, NOW)).toEqual([])
    expect(() => getPolicy(test.db, { name: 'other' })).toThrow('request.not_found')
    expect(() => getPolicy(test.db, { service: 'box' })).toThrow('request.not_found')
  })

  it('a single policy is in force as soon as it is set, and so is each that follows it', () => {
    const test = aCase()
    set(test, 'one')
    expect(getPolicy(test.db)).toMatchObject({ isDefault: false, policy: { name: 'one' } })
    set(test, 'two')
    expect(getPolicy(test.db).policy.name).toBe('two')
    set(test, 'two', { enabled: false })
    set(test, 'one', { enabled: false })
    expect(getPolicy(test.db).policy).toMatchObject({ name: 'one', enabled: false })
  })

  it('judges by the policy at that time', () => {
    const test = aCase()
    set(test, 'mail', { securityLevel: 'low', effectiveTo: '2026-03-01' })
    set(test, 'mail', { securityLevel: 'high', effectiveFrom: '2026-03-01' })
    expect([levelAt(test, '2026-02-28T23:59:59Z'), levelAt(test, '2026-03-01')]).toEqual(['low', 'high'])
    set(test, 'strict', {
      securityLevel: 'medium',
      priority: 1,
      effectiveFrom: '2026-02-01',
      effectiveTo: '2026-02-02',
    })
    expect([levelAt(test, '2026-02-01'), levelAt(test, '2026-02-02')]).toEqual(['medium', 'low'])
  })

  it('keeps every version and lists them with what is in force', () => {
    const test = aCase()
    set(test, 'mail', { securityLevel: 'low' })
    set(test, 'files', { service: 'box' })
    set(test, 'mail', { securityLevel: 'high' })
    const rows = listPolicies(test.db, NOW)
    expect(methods['policy.list'].output.parse(rows)).toEqual(rows)
    expect(
      rows.map(({ name, version, isLatest, isInForce }) => [name, version, isLatest, isInForce]),
    ).toEqual([
      ['mail', 1, false, false],
      ['files', 1, true, true],
      ['mail', 2, true, true],
    ])
    expect(rows[0]?.policy).toMatchObject({ securityLevel: 'low' })
  })

  it('finds a policy by name, and the version of it that covers a time', () => {
    const test = aCase()
    set(test, 'mail', { securityLevel: 'low', effectiveTo: '2026-03-01' })
    set(test, 'mail', { securityLevel: 'high', effectiveFrom: '2026-04-01' })
    const level = (at?: string) =>
      getPolicy(test.db, { name: 'mail', at: at === undefined ? undefined : time(at) }).policy.securityLevel
    expect([level(), level('2026-02-01'), level('2026-05-01')]).toEqual(['high', 'low', 'high'])
    expect(() => level('2026-03-15')).toThrow('request.not_found')
  })

  it('reads what was valid when it was set', async () => {
    const test = aCase()
    const stored = aPolicy({
      service: 'exchange-inline-inbound',
      notifications: { users: { enabled: true } },
    })
    test.db
      .prepare('INSERT INTO policy (at, name, document) VALUES (0, ?, ?)')
      .run('old', JSON.stringify(stored))
    expect(
      await handlers['policy.get']?.(test.context, { name: null, at: null, service: null }),
    ).toMatchObject({ policy: { service: 'exchange-inline-inbound' } })
  })

  it('refuses a time that is none', () => {
    const test = aCase()
    expect(() => handlers['policy.get']?.(test.context, { at: 'soon' })).toThrow('request.invalid')
  })
})
