import { describe, expect, it } from 'vitest'
import { distanceKm, readCoordinates, toCoordinates } from '../../../core/normalise/coordinates.ts'

describe('coordinates', () => {
  it('are kept as text and read back, to ten metres', () => {
    const text = toCoordinates('25.04776', '121.53185')
    expect(text).toBe('25.0478,121.5319')
    expect(readCoordinates(`coordinates: ${text}; client: Browser`)).toEqual({
      latitude: 25.0478,
      longitude: 121.5319,
    })
    expect(readCoordinates(`coordinates: ${toCoordinates('-33.9', '-70')}`)).toEqual({
      latitude: -33.9,
      longitude: -70,
    })
  })

  it('are nothing where a product does not know the place, or writes what cannot be', () => {
    for (const [north, east] of [
      ['0', '0'],
      ['91', '10'],
      ['10', '181'],
      [undefined, '10'],
      ['1e5', '10'],
      ['NaN', 'x'],
    ])
      expect(toCoordinates(north, east)).toBeUndefined()
    expect(readCoordinates('coordinates: 95,10')).toBeUndefined()
    expect(readCoordinates(undefined)).toBeUndefined()
  })

  it('are so far apart as a great circle is', () => {
    const [boston, seattle] = [
      { latitude: 42.36, longitude: -71.06 },
      { latitude: 47.61, longitude: -122.33 },
    ]
    expect(distanceKm(boston, seattle)).toBeGreaterThan(3990)
    expect(distanceKm(boston, seattle)).toBeLessThan(4020)
    expect(distanceKm(boston, boston)).toBe(0)
    expect(distanceKm({ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 })).toBeLessThan(230)
  })
})
