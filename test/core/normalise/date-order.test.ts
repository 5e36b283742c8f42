import { describe, expect, it } from 'vitest'
import { DateOrderProof } from '../../../core/normalise/date-order.ts'
import { parseTime } from '../../../core/normalise/time.ts'

const proofOf = (...texts: readonly string[]): DateOrderProof => {
  const proof = new DateOrderProof()
  for (const text of texts) proof.look(text)
  return proof
}

describe('the order of day and month', () => {
  it('is proven by one date with a number above 12', () => {
    expect(proofOf('3/4/2031', '13/4/2031')).toMatchObject({ order: 'day-first', unclear: '3/4/2031' })
    expect(proofOf('4/13/2031 5:06')).toMatchObject({ order: 'month-first', unclear: undefined })
    expect(proofOf('2031-04-13', '5/5/2031').unclear).toBeUndefined()
  })

  it('is not proven where two dates prove different orders, which is a question', () => {
    const proof = proofOf('13/4/2031', '5/6/2031', '4/13/2031')
    expect(proof.order).toBeUndefined()
    expect(proof.isContradicted).toBe(true)
    expect(proof.unclear).toBe('13/4/2031, 4/13/2031')
  })

  it('is not turned around for a date that is impossible in it', () => {
    const at = Date.UTC(2031, 3, 13) * 1000
    expect(parseTime('13/4/2031', 'UTC', 'day-first')?.us).toBe(at)
    expect(parseTime('4/13/2031', 'UTC', 'day-first')).toBeUndefined()
    expect(parseTime('4/13/2031', 'UTC', 'month-first')?.us).toBe(at)
    expect(parseTime('13/4/2031', 'UTC', 'month-first')).toBeUndefined()
    expect(parseTime('13/4/2031', 'UTC')?.us).toBe(at)
    expect(parseTime('4/13/2031', 'UTC')?.us).toBe(at)
  })
})
