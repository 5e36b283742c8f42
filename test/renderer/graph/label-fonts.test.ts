import { describe, expect, it } from 'vitest'
import { areForLabels } from '../../../renderer/graph/label-fonts.ts'

const FAMILIES = `"Inter Variable", 'Noto Sans TC', sans-serif`
const latin = { family: 'Inter Variable', unicodeRange: 'U+0-FF, U+131, U+152-153' }
const greek = { family: 'Inter Variable', unicodeRange: 'U+0370-03FF' }
const han = { family: '"Noto Sans TC"', unicodeRange: 'U+4??, U+9054' }
const mono = { family: 'JetBrains Mono', unicodeRange: 'U+0-10FFFF' }

describe('fonts that have come', () => {
  it('matter when a letter of a label is in one of them', () => {
    expect(areForLabels([greek, latin], FAMILIES, ['amber'])).toBe(true)
    expect(areForLabels([han], FAMILIES, ['amber', '到達'])).toBe(true)
    expect(areForLabels([han], FAMILIES, ['Ѐ'])).toBe(true)
  })

  it('do not matter when they are of another family or of letters no label has', () => {
    expect(areForLabels([mono], FAMILIES, ['amber'])).toBe(false)
    expect(areForLabels([greek, han], FAMILIES, ['amber'])).toBe(false)
    expect(areForLabels([], FAMILIES, ['amber'])).toBe(false)
    expect(areForLabels([{ family: 'inter variable', unicodeRange: 'nonsense' }], FAMILIES, ['amber'])).toBe(
      false,
    )
  })
})
