import { describe, expect, it } from 'vitest'
import { isTimeFormat, readMappedTime } from '../../../core/importers/mapping/mapped-time.ts'
import { patternOf } from '../../../renderer/frame/mapping/time-pattern.ts'

describe('the pattern to begin with', () => {
  it.each([
    ['dd.MM.yyyy HH:mm:ss', ['01.03.2026 00:00:07', '28.03.2026 09:00:00']],
    ['M/d/yyyy h:mm:ss a', ['3/28/2026 9:15:07 PM', '12/1/2026 9:15:07 AM']],
    ['yyyy/MM/dd HH:mm', ['2026/03/01 10:11']],
    ["yyyy-MM-dd'T'HH:mm:ss.uZZ", ['2026-03-01T10:11:12.123456+01:00']],
    ['d MMM yyyy HH:mm:ss ZZZ', ['1 Mar 2026 10:11:12 +0100', '28 Mar 2026 10:11:12 +0100']],
    ['d/MMM/yy', ['01/Mar/26']],
    ['dd/MM/yyyy HH:mm:ss', []],
  ])('%s reads the examples of its column', (pattern, examples) => {
    expect(patternOf(examples)).toBe(pattern)
    expect(isTimeFormat(pattern)).toBe(true)
    for (const text of examples)
      expect(readMappedTime(text, { format: pattern, zone: null }, 'UTC', null)?.us, text).toBeTypeOf(
        'number',
      )
  })
})
