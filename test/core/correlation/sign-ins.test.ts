import { describe, expect, it } from 'vitest'
import type { EventFields } from '../../../core/model/event.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const ID = '0a1b2c3d-0000-4000-8000-00000000000'
const signIn = (second: number, fields: EventFields = {}) =>
  anEvent('cloud-sign-in', `2026-03-10T08:00:${String(second).padStart(2, '0')}Z`, {
    host: undefined,
    provider: 'Microsoft Entra ID',
    account: 'amber@corp.example',
    sourceIp: '203.0.113.7',
    outcome: 'success',
    ...fields,
  })
const audited = (second: number, fields: EventFields = {}) =>
  signIn(second, {
    provider: 'AzureActiveDirectory',
    application: '00000002-0000-0ff1-ce00-000000000000',
    ...fields,
  })

/** Places of those that stand for a sign-in, each with the number of records that tell of it. */
function standing(...logs: (readonly ReturnType<typeof signIn>[])[]): (string | undefined)[] {
  using testCase = new TestCase()
  for (const [index, log] of logs.entries()) testCase.store(log, `${logs.length}-${index}.json`)
  const view = testCase.view()
  return [...view.events(['cloud-sign-in'], ['location'])].flatMap((event) =>
    view.signIns.isRepeat(event) ? [] : `${event.fields.location} x${view.signIns.proofOf(event).length}`,
  )
}

describe('sign-ins that several logs tell of', () => {
  const log = [0, 20].map((second) =>
    signIn(second, { location: `Taipei, TW ${second}`, application: 'Exchange Online' }),
  )
  const audit = [1, 21].map((second) => audited(second))

  it('are one each, told by the fuller record, in either order of import', () => {
    const expected = ['Taipei, TW 0 x2', 'Taipei, TW 20 x2']
    expect(standing(log, audit)).toEqual(expected)
    expect(standing(audit, log)).toEqual(expected)
  })

  it('are known by their id, also in one file and a minute apart', () => {
    const one = [
      signIn(0, { detail: `client: Browser; sign-in: ${ID}1`, location: 'Taipei, TW' }),
      audited(50, { detail: `sign-in: ${ID}1` }),
    ]
    expect(standing(one)).toEqual(['Taipei, TW x2'])
  })

  it('stay apart with two ids, from two addresses, of two outcomes, for two programs, and in one log', () => {
    const known = signIn(0, { detail: `sign-in: ${ID}1`, application: 'Exchange Online' })
    expect(standing([known], [audited(0, { detail: `sign-in: ${ID}2` })])).toHaveLength(2)
    expect(standing([known], [audited(0, { sourceIp: '203.0.113.8' })])).toHaveLength(2)
    expect(standing([known], [audited(0, { outcome: 'failure' })])).toHaveLength(2)
    expect(standing([known], [audited(0, { application: 'Teams' })])).toHaveLength(2)
    expect(standing([known], [audited(9)])).toHaveLength(2)
    expect(standing([known], [signIn(0, { provider: 'Okta' })])).toHaveLength(2)
    expect(standing([audited(0), audited(1)])).toHaveLength(2)
  })

  it('pair one by one: two at a moment in each log are two', () => {
    expect(standing([signIn(0), signIn(1)], [audited(0), audited(1)])).toHaveLength(2)
  })
})
