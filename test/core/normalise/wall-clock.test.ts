import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseTime } from '../../../core/normalise/time.ts'
import { instantOf, unclearTimeAt } from '../../../core/normalise/wall-clock.ts'

const ms = (iso: string): number => Date.parse(`${iso}Z`)
const iso = (at: number): string => new Date(at).toISOString().slice(0, 19)

describe('the time of a wall clock', () => {
  afterEach(() => vi.useRealTimers())

  it.each([
    ['Europe/Berlin', '2031-03-30T01:59:59', '2031-03-30T00:59:59', undefined],
    ['Europe/Berlin', '2031-03-30T02:30:00', '2031-03-30T01:30:00', 'skipped'],
    ['Europe/Berlin', '2031-03-30T03:00:00', '2031-03-30T01:00:00', undefined],
    ['Europe/Berlin', '2031-10-26T01:59:59', '2031-10-25T23:59:59', undefined],
    ['Europe/Berlin', '2031-10-26T02:30:00', '2031-10-26T00:30:00', 'repeated'],
    ['Europe/Berlin', '2031-10-26T03:00:00', '2031-10-26T02:00:00', undefined],
    ['America/New_York', '2031-03-09T02:30:00', '2031-03-09T07:30:00', 'skipped'],
    ['America/New_York', '2031-11-02T01:30:00', '2031-11-02T05:30:00', 'repeated'],
    ['America/New_York', '2031-11-02T12:00:00', '2031-11-02T17:00:00', undefined],
    // Half an hour, and a change just behind midnight that goes back into the day before.
    ['Australia/Lord_Howe', '2031-10-05T02:15:00', '2031-10-04T15:45:00', 'skipped'],
    ['America/St_Johns', '2005-10-29T23:30:00', '2005-10-30T02:00:00', 'repeated'],
    // A whole day that Samoa left out.
    ['Pacific/Apia', '2011-12-30T12:00:00', '2011-12-30T22:00:00', 'skipped'],
    ['Asia/Tokyo', '2031-03-30T02:30:00', '2031-03-29T17:30:00', undefined],
    ['No/Where', '2031-03-30T02:30:00', '2031-03-30T02:30:00', undefined],
  ])('in %s: %s is %s (%s)', (zone, wall, utc, change) => {
    const instant = instantOf(ms(wall), zone)
    expect([iso(instant.ms), instant.change]).toEqual([utc, change])
  })

  it('is the same instant whatever the season of the import', () => {
    for (const today of ['2031-01-15', '2031-07-15']) {
      vi.useFakeTimers({ now: new Date(today), toFake: ['Date'] })
      expect(iso(instantOf(ms('2031-10-26T02:31:00'), 'Europe/Berlin').ms)).toBe('2031-10-26T00:31:00')
    }
  })

  it('is said by times as they are read', () => {
    expect(parseTime('2031-03-30 02:30:00', 'Europe/Berlin')).toEqual({
      us: ms('2031-03-30T01:30:00') * 1000,
      zoneAssumed: true,
      change: 'skipped',
    })
    expect(parseTime('26.10.2031 02:30', 'Europe/Berlin', 'day-first')?.change).toBe('repeated')
    expect(parseTime('2031-10-26 02:30:00 +01:00', 'Europe/Berlin')).toEqual({
      us: ms('2031-10-26T01:30:00') * 1000,
      zoneAssumed: false,
    })
  })

  it('is found again from the instant it was read as', () => {
    const written = (utc: string) => {
      const found = unclearTimeAt(ms(utc), 'Europe/Berlin')
      return found && [iso(found.wallMs), found.change]
    }
    expect(written('2031-03-30T01:30:00')).toEqual(['2031-03-30T02:30:00', 'skipped'])
    expect(written('2031-10-26T00:30:00')).toEqual(['2031-10-26T02:30:00', 'repeated'])
    // Nobody reads a time without a zone as the second of two.
    expect(written('2031-10-26T01:30:00')).toBeUndefined()
    expect(written('2031-03-30T02:00:00')).toBeUndefined()
    expect(written('2031-06-30T01:30:00')).toBeUndefined()
  })
})
