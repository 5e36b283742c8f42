import { describe, expect, it } from 'vitest'
import { Column, partition, placesBy, sortedPlaces } from '../../../core/correlation/columns.ts'

describe('a column', () => {
  it('grows, keeps its numbers and changes single ones', () => {
    const column = new Column('number')
    for (let place = 0; place < 1_000; place += 1) column.push(place / 2)
    column.set(999, NaN)
    expect([column.length, column.at(0), column.at(998), column.at(999), column.at(1_000)]).toEqual([
      1_000,
      0,
      499,
      NaN,
      0,
    ])
  })

  it('gives its numbers sorted and is empty then', () => {
    const column = new Column('number')
    for (const value of [3, 1, 2, 1]) column.push(value)
    expect([...column.sorted()]).toEqual([1, 1, 2, 3])
    expect(column.length).toBe(0)
  })
})

describe('places', () => {
  const values = [3, 1, 2, 1, 3]
  it('are sorted by what is compared, equal ones as they stood', () => {
    expect([...sortedPlaces(5, (a, b) => (values[a] ?? 0) - (values[b] ?? 0))]).toEqual([1, 3, 2, 0, 4])
  })

  it('are listed by what they have in common', () => {
    const lists = placesBy(5, (place) => values[place] ?? 0)
    expect([...lists].map(([key, places]) => [key, [...places]])).toEqual([
      [3, [0, 4]],
      [1, [1, 3]],
      [2, [2]],
    ])
  })

  it('are parted where something no longer holds', () => {
    const sorted = [1, 1, 2, 3]
    expect([0, 1, 2, 9].map((wanted) => partition(4, (place) => (sorted[place] ?? 0) <= wanted))).toEqual([
      0, 2, 3, 4,
    ])
  })
})
