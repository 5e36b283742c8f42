import { afterEach, describe, expect, it, vi } from 'vitest'
import { readMappedTime } from '../../../../core/importers/mapping/mapped-time.ts'

const PATTERN = 'dd.MM.yyyy HH:mm:ss'
const read = (text: string, format: string, zone: string | null = 'Europe/Berlin') => {
  const time = readMappedTime(text, { format, zone }, 'America/New_York', null)
  return time && [new Date(time.us / 1000).toISOString().slice(0, 19), time.zoneAssumed, time.change]
}

describe('the time column of a mapping', () => {
  afterEach(() => vi.useRealTimers())

  it('is read alike by a pattern and as written, in hours in which clocks are changed too', () => {
    for (const today of ['2031-01-15', '2031-07-15']) {
      vi.useFakeTimers({ now: new Date(today), toFake: ['Date'] })
      for (const [written, iso] of [
        ['30.03.2031 02:30:00', '2031-03-30 02:30:00'],
        ['26.10.2031 02:30:00', '2031-10-26 02:30:00'],
      ] as const)
        expect(read(written, PATTERN)).toEqual(read(iso, 'iso'))
      expect(read('30.03.2031 02:30:00', PATTERN)).toEqual(['2031-03-30T01:30:00', false, 'skipped'])
      expect(read('26.10.2031 02:30:00', PATTERN)).toEqual(['2031-10-26T00:30:00', false, 'repeated'])
      expect(read('26.10.2031 02:30:00 +0100', `${PATTERN} ZZZ`)).toEqual([
        '2031-10-26T01:30:00',
        false,
        undefined,
      ])
      expect(read('26.10.2031 02:30:00 Europe/Paris', `${PATTERN} z`, null)).toEqual([
        '2031-10-26T00:30:00',
        false,
        'repeated',
      ])
    }
  })

  it('is in the zone of the import where the mapping names none, and says so', () => {
    expect(read('06.05.2031 07:08:09', PATTERN, null)).toEqual(['2031-05-06T11:08:09', true, undefined])
    expect(read('06.05.2031 07:08:09', PATTERN)).toEqual(['2031-05-06T05:08:09', false, undefined])
  })
})
