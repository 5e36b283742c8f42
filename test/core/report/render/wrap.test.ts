import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elide, widthOf, wrapLine } from '../../../../core/report/render/wrap.ts'

describe('wrapLine', () => {
  it('loses nothing and keeps every piece within the columns', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 8, max: 60 }),
        (line, columns) => {
          const pieces = wrapLine(line, columns)
          expect(pieces.join('')).toBe(line)
          for (const piece of pieces) expect(widthOf(piece)).toBeLessThanOrEqual(columns)
        },
      ),
    )
  })

  it('breaks after a separator when one stands near the end', () => {
    expect(wrapLine('C:\\Windows\\System32\\cmd.exe /c whoami', 24)).toEqual([
      'C:\\Windows\\System32\\',
      'cmd.exe /c whoami',
    ])
  })

  it('counts East Asian characters as two columns', () => {
    expect(wrapLine('請求書のご確認', 8)).toEqual(['請求書の', 'ご確認'])
  })
})

describe('elide', () => {
  it('keeps start and end of a long name', () => {
    expect(elide('hxxps://portal[.]example/invoice/view?id=4711', 21)).toBe('hxxps://po…ew?id=4711')
    expect(elide('short', 21)).toBe('short')
  })
})
