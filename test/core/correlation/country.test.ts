import { describe, expect, it } from 'vitest'
import { countryOf } from '../../../core/correlation/country.ts'

describe('the country of a place', () => {
  it.each([
    ['Taipei, Taipei City, TW', 'TW'],
    ['Taichung, Taiwan', 'TW'],
    ['chicago, us', 'US'],
    ['New York, United States', 'US'],
    ['Moscow, Russian Federation', 'RU'],
    ['JP', 'JP'],
    ['Japan', 'JP'],
  ])('%s', (location, code) => {
    expect(countryOf(location)).toBe(code)
  })

  it.each([undefined, '', 'somewhere', 'Springfield, Illinois'])('is unknown for %s', (location) => {
    expect(countryOf(location)).toBeUndefined()
  })
})
