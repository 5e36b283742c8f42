import { describe, expect, it } from 'vitest'
import { parseTime } from '../../../renderer/frame/parse-time.ts'
import { formatBytes, formatDuration, formatTime } from '../../../renderer/i18n/format.ts'
import { preferredLanguage } from '../../../renderer/i18n/i18n.ts'

describe('formatTime', () => {
  it('keeps the fraction of the source and no more', () => {
    expect(formatTime('2026-03-01T09:30:12.120000Z', 'UTC', 'full')).toBe('2026-03-01 09:30:12.120')
    expect(formatTime('2026-03-01T09:30:12.123456Z', 'UTC', 'full')).toBe('2026-03-01 09:30:12.123456')
    expect(formatTime('2026-03-01T09:30:12.000000Z', 'UTC', 'full')).toBe('2026-03-01 09:30:12')
  })
  it('prints in the zone of the case', () => {
    expect(formatTime('2026-03-01T20:30:12.000000Z', 'Asia/Taipei')).toBe('2026-03-02 04:30:12')
    expect(formatTime('2026-07-01T22:00:00Z', 'Europe/Berlin', 'minute')).toBe('2026-07-02 00:00')
  })
  it('shows what is no ISO time as it is', () => {
    expect(formatTime('yesterday', 'UTC')).toBe('yesterday')
  })
})

describe('parseTime', () => {
  it('reads a day as its first or its last moment', () => {
    expect(parseTime('2026-03-01', 'UTC', 'start')).toBe('2026-03-01T00:00:00.000000Z')
    expect(parseTime('2026-03-01', 'UTC', 'end')).toBe('2026-03-01T23:59:59.999000Z')
  })
  it('reads a time in the zone of the case, over a change of clocks', () => {
    expect(parseTime('2026-03-01 09:30', 'Asia/Taipei', 'start')).toBe('2026-03-01T01:30:00.000000Z')
    expect(parseTime('2026-03-29 12:00', 'Europe/Berlin', 'start')).toBe('2026-03-29T10:00:00.000000Z')
  })
  it('tells an empty field from one that cannot be read', () => {
    expect(parseTime(' ', 'UTC', 'start')).toBeNull()
    expect(parseTime('2026-02-31', 'UTC', 'start')).toBeUndefined()
    expect(parseTime('soon', 'UTC', 'start')).toBeUndefined()
  })
})

describe('figures', () => {
  it('are short and carry their unit', () => {
    expect([30, 90, 7800, 100_000].map(formatDuration)).toEqual(['30 s', '2 min', '2 h 10 min', '1 d 3 h'])
    expect([512, 1536, 5_000_000].map((bytes) => formatBytes(bytes, 'en'))).toEqual([
      '512 B',
      '1.5 KiB',
      '4.8 MiB',
    ])
  })
})

describe('preferredLanguage', () => {
  it.each([
    [null, ['ja-JP'], 'ja'],
    [null, ['zh-Hant-HK'], 'zh-TW'],
    [null, ['zh-CN', 'fr'], 'en'],
    ['zh-TW', ['en'], 'zh-TW'],
    ['xx', ['yy'], 'en'],
  ])('saved %s, wanted %s -> %s', (saved, wanted, language) => {
    expect(preferredLanguage(saved, wanted)).toBe(language)
  })
})
