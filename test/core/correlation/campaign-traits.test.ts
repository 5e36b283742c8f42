import { describe, expect, it } from 'vitest'
import { subjectKeys } from '../../../core/correlation/campaign-traits.ts'
import { registeredDomain } from '../../../core/correlation/rare-hosts.ts'

const share = (a: string, b: string): boolean => {
  const keys = new Set(subjectKeys(a))
  return subjectKeys(b).some((key) => keys.has(key))
}

describe('subjectKeys', () => {
  it.each([
    ['Your parcel 4711 could not be delivered', 'RE: Your parcel 9812 could not be delivered'],
    ['Payment overdue: final notice for invoice', 'Payment overdue final notice invoice today'],
    [
      'Account of amber@corp.example will be closed soon',
      'Account of bruno@corp.example will be closed soon',
    ],
    ['您的包裹 4711 無法投遞請確認', '您的包裹 9 無法投遞請確認'],
  ])('joins "%s" and "%s"', (a, b) => {
    expect(share(a, b)).toBe(true)
  })

  it.each([
    ['Invoice', 'Invoice'],
    ['Meeting on Monday', 'Lunch on Friday'],
    ['Your parcel could not be delivered', 'Your account could not be verified'],
    ['', ''],
  ])('keeps "%s" and "%s" apart', (a, b) => {
    expect(share(a, b)).toBe(false)
  })

  it('makes few keys of a long subject', () => {
    expect(subjectKeys('word '.repeat(10_000)).length).toBeLessThanOrEqual(1)
    const many = Array.from(
      { length: 500 },
      (_, index) => `w${'abcdefghij'[index % 10]}${'klmnopqrst'[Math.floor(index / 10) % 10]}x`,
    )
    expect(subjectKeys(many.join(' ')).length).toBeLessThanOrEqual(13)
  })
})

describe('registeredDomain', () => {
  it.each([
    ['a.b.example.co.uk', 'example.co.uk'],
    ['203.0.113.9', '203.0.113.9'],
    ['localhost', 'localhost'],
  ])('%s: %s', (host, domain) => {
    expect(registeredDomain(host)).toBe(domain)
  })
})
