import { describe, expect, it } from 'vitest'
import { SumNumbers, sumOf, SumPlaces, SumTimes, SumValues } from '../../../core/correlation/text-sums.ts'

const text = (index: number): string => `https://h${index}.example/page`
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

describe('sums of texts', () => {
  it('are the same for the same text, others for others, and never zero', () => {
    const sums = upTo(20_000).map((index) => sumOf(text(index)))
    expect(new Set(sums).size).toBe(20_000)
    expect(Math.min(...sums)).toBeGreaterThan(0)
    expect(Math.max(...sums)).toBeLessThan(2 ** 52)
    expect(sumOf(text(7))).toBe(sums[7])
  })

  it('are numbered in the order they first come in, however many', () => {
    const numbers = new SumNumbers()
    for (const index of upTo(5_000)) expect(numbers.number(sumOf(text(index)))).toBe(index)
    for (const index of upTo(5_000)) expect(numbers.number(sumOf(text(index)))).toBe(index)
    expect(numbers.size).toBe(5_000)
    expect(numbers.find(sumOf('another'))).toBeUndefined()
  })

  it('that are made of two numbers take no longer: pairs of hosts and senders, and ids in a row', () => {
    const numbers = new SumNumbers()
    const pairs = upTo(100_000).map((host) => host * 2 ** 26 + (host % 3) + 1)
    const begun = performance.now()
    for (const pair of pairs) numbers.number(pair)
    for (const id of upTo(100_000)) numbers.number(id + 1)
    // Some tens of milliseconds; probed one by one it took minutes.
    expect(performance.now() - begun).toBeLessThan(5_000)
    expect(numbers.find(pairs[99_999] ?? 0)).toBe(99_999)
  })
})

describe('values by sum', () => {
  it('are what was last set, of each sum its own', () => {
    const values = new SumValues()
    for (const index of upTo(1_000)) values.set(sumOf(text(index)), index)
    for (const index of upTo(500)) values.set(sumOf(text(index)), index + 7_000)
    expect([0, 499, 500, 999].map((index) => values.get(sumOf(text(index))))).toEqual([
      7_000, 7_499, 500, 999,
    ])
    expect(values.get(sumOf('another'))).toBeUndefined()
  })
})

describe('places by sum', () => {
  it('come in the order that was asked for, and in that of adding where it says nothing', () => {
    const times = [5, 3, 9, 3, 1]
    const places = new SumPlaces((a, b) => (times[a] ?? 0) - (times[b] ?? 0))
    for (const place of [0, 3, 1, 2]) places.add(sumOf('a'), place)
    places.add(sumOf('b'), 4)
    expect([...places.of(sumOf('a'))]).toEqual([3, 1, 0, 2])
    expect([...places.of(sumOf('b'))]).toEqual([4])
    expect([places.has(sumOf('b')), places.has(sumOf('c')), [...places.of(sumOf('c'))]]).toEqual([
      true,
      false,
      [],
    ])
  })
})

describe('times by sum', () => {
  it('tell whether one lies in a span, both ends included', () => {
    const times = new SumTimes()
    for (const at of [300, 100, 200]) times.add(sumOf('a'), at)
    times.add(sumOf('b'), 150)
    const has = (from: number, to: number) => times.hasBetween(sumOf('a'), from, to)
    expect([has(100, 100), has(101, 199), has(200, 999), has(301, 999), has(0, 99)]).toEqual([
      true,
      false,
      true,
      false,
      false,
    ])
    expect(times.hasBetween(sumOf('c'), 0, 999)).toBe(false)
  })
})
