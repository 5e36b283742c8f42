import { describe, expect, it } from 'vitest'
import { byReach } from '../../../renderer/views/reach.ts'

const at = '2026-03-10T08:00:00.000000Z'
const row = (
  name: string,
  executedAt: string | null,
  clickedAt: string | null,
  loggedOnAt: string | null,
) => ({
  name,
  executedAt,
  clickedAt,
  loggedOnAt,
})

describe('the order of recipients', () => {
  it('is ran, clicked, logged on after delivery, then the rest by name', () => {
    const rows = [
      row('d rest', null, null, null),
      row('c logged on', null, null, at),
      row('a rest', null, null, null),
      row('y clicked', null, at, null),
      row('z ran', at, null, null),
    ]
    expect(byReach(rows, (one) => one.name, new Intl.Collator('en').compare).map((one) => one.name)).toEqual([
      'z ran',
      'y clicked',
      'c logged on',
      'a rest',
      'd rest',
    ])
  })

  it('has names in the order of the language of the screen', () => {
    const rows = ['Zoe', 'Ärne', 'Öst', 'Anna'].map((name) => row(name, null, null, null))
    const sorted = (lang: string) =>
      byReach(rows, (one) => one.name, new Intl.Collator(lang).compare).map((one) => one.name)
    expect(sorted('en')).toEqual(['Anna', 'Ärne', 'Öst', 'Zoe'])
    expect(sorted('sv')).toEqual(['Anna', 'Zoe', 'Ärne', 'Öst'])
  })
})
