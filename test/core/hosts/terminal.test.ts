import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { columns, safeJson, visible, widthOf } from '../../../core/hosts/cli/terminal.ts'

const RAW_CONTROL =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/

describe('terminal output', () => {
  it('shows control characters instead of sending them', () => {
    expect(visible('a\u001b[31mred\u0007')).toBe('a\\u001b[31mred\\u0007')
    expect(visible('gpj.\u202eexe\u009b2J')).toBe('gpj.\\u202eexe\\u009b2J')
  })
  it('leaves no control character of any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => !RAW_CONTROL.test(visible(text))),
      { seed: 20260311 },
    )
  })
  it('keeps the meaning of JSON while escaping what JSON lets through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (value, key) => {
        const text = safeJson({ [key]: [value] }, 2)
        expect(RAW_CONTROL.test(text)).toBe(false)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify({ [key]: [value] })))
      }),
      { seed: 20260311 },
    )
  })
  it('aligns columns, counting East Asian characters as two', () => {
    expect(widthOf('髙橋 a')).toBe(6)
    expect(
      columns([
        ['髙橋', 'x'],
        ['abc', 'y'],
      ]),
    ).toEqual(['髙橋  x', 'abc   y'])
  })
})
