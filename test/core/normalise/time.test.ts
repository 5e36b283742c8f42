import { describe, expect, it } from 'vitest'
import { epochToUs, filetimeTicksToUs, parseTime, toIsoTime } from '../../../core/normalise/time.ts'

const AT = Date.UTC(2031, 4, 6, 7, 8, 9) * 1000

describe('times', () => {
  it.each([
    ['2031-05-06T07:08:09Z', AT],
    ['2031-05-06T07:08:09.1234567Z', AT + 123_456],
    ['2031-05-06 09:08:09,5 +02:00', AT + 500_000],
    ['2031-05-06T02:38:09-0430', AT],
    ['2031-05-06 07:08:09 UTC', AT],
    ['20310506070809.0Z', AT],
    ['/Date(1935817689000)/', AT],
    ['1935817689', AT],
    ['1935817689.25', AT + 250_000],
    ['1935817689000', AT],
    ['1935817689000000', AT],
    ['1935817689000000000', AT],
    ['135802912890000000', AT],
  ])('reads %s without assuming a zone', (text, us) => {
    expect(parseTime(text, 'Asia/Tokyo')).toEqual({ us, zoneAssumed: false })
  })

  it('reads a time without zone in the chosen zone, and says so', () => {
    expect(parseTime('2031-05-06 16:08:09', 'Asia/Tokyo')).toEqual({ us: AT, zoneAssumed: true })
    expect(parseTime('2031-01-06 08:08:09', 'Europe/Berlin')?.us).toBe(Date.UTC(2031, 0, 6, 7, 8, 9) * 1000)
    expect(parseTime('2031-05-06 07:08:09', 'No/Where')?.us).toBe(AT)
  })

  it.each([
    '3/4/2025 5:06:07 PM',
    '2031-13-01T00:00:00Z',
    '2031-02-30T00:00:00Z',
    '0',
    '',
    'yesterday',
    '99999999999999999999',
    '1601-01-01T00:00:00Z',
  ])('refuses "%s"', (text) => {
    expect(parseTime(text, 'UTC')).toBeUndefined()
  })

  it('knows that FILETIME zero and its maximum mean never', () => {
    expect([filetimeTicksToUs(0n), filetimeTicksToUs(0x7fffffffffffffffn)]).toEqual([undefined, undefined])
    expect(epochToUs(0)).toBeUndefined()
  })

  it('writes microseconds', () => {
    expect(toIsoTime(AT + 123_456)).toBe('2031-05-06T07:08:09.123456Z')
    expect(toIsoTime(-1)).toBe('1969-12-31T23:59:59.999999Z')
  })
})
