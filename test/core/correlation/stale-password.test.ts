import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { wrongPassword } from '../../../core/correlation/logon-tries.ts'
import rule from '../../../core/correlation/rules/logon.brute-force.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const IP = '203.0.113.40'
const right = (seconds: number, account = 'CORP\\basil') =>
  exampleEvent('logon', seconds, { account, logonType: 3, sourceIp: IP })
const wrong = (every: (place: number) => number) =>
  Array.from({ length: 30 }, (_, place) =>
    exampleEvent('logon-failure', every(place), wrongPassword('CORP\\basil', IP)),
  )
const levels = (...items: Parameters<typeof findRelations>[0][number][]) =>
  findRelations(items, [rule]).detections.map(
    ({ level, reason }) => `${level} ${reason.key.split('.').at(-1) ?? ''}`,
  )

describe('many wrong passwords, then the right one', () => {
  const steady = wrong((place) => place * 240)
  it('is low from a source that was the account’s own before, at steady intervals', () => {
    expect(levels(right(-86_400), ...steady, right(7300))).toEqual(['low stale'])
  })
  it('stays high from a source nobody had logged on from', () => {
    expect(levels(...steady, right(7300))).toEqual(['high guessed'])
  })
  it('stays high where several accounts come from there', () => {
    expect(levels(right(-86_400), right(-80_000, 'CORP\\amber'), ...steady, right(7300))).toEqual([
      'high guessed',
    ])
  })
  it('stays high without a rhythm', () => {
    const wild = wrong((place) => place * 20 + (place % 5) * (place % 3) * 17)
    expect(levels(right(-86_400), ...wild, right(900))).toEqual(['high guessed'])
  })
})
