import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LAST, NO_BEHAVIOUR, POINTS } from './numbers.ts'

/**
 * The conformance table: every S- and W-number that states behaviour has a test that it holds (`W47: ...`) and one of what it must not
 * do (`W47 not: ...`), every point JUDGE.md settles its own (`JUDGE matching.port: ...`). The titles are read out of the test files.
 */
const TEST = join(import.meta.dirname, '../..')

function titlesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.test.ts'))
    .flatMap((entry) => {
      const text = readFileSync(join(entry.parentPath, entry.name), 'utf8')
      return [...text.matchAll(/\bit(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1,/g)].map(
        (match) => match[2] ?? '',
      )
    })
}
const titles = [...titlesIn(join(TEST, 'core')), ...titlesIn(join(TEST, 'renderer'))]
const has = (start: string): boolean => titles.some((title) => title.startsWith(start))

const ALL = (['S', 'W'] as const).flatMap((letter) =>
  Array.from({ length: LAST[letter] }, (_, index) => `${letter}${index + 1}`),
)

describe('the conformance table', () => {
  it.each(ALL.filter((rule) => !NO_BEHAVIOUR.has(rule)))(
    '%s has a test that it holds and one of what it must not do',
    (rule) => {
      expect({ holds: has(`${rule}: `), not: has(`${rule} not: `) }).toEqual({ holds: true, not: true })
    },
  )

  it.each(POINTS)('JUDGE.md %s has a test', (point) => expect(has(`JUDGE ${point}: `)).toBe(true))

  it('leaves out only numbers that exist, none of which has tests, each with a reason', () => {
    for (const [rule, reason] of NO_BEHAVIOUR) {
      expect(ALL).toContain(rule)
      expect(has(`${rule}: `), rule).toBe(false)
      expect(reason.length).toBeGreaterThan(20)
    }
  })

  it('names no number and no point that does not exist', () => {
    const named = titles.flatMap((title) => /^([SW]\d+)(?: not)?: /.exec(title)?.[1] ?? [])
    expect([...new Set(named)].filter((rule) => !ALL.includes(rule))).toEqual([])
    const points = titles.flatMap((title) => /^JUDGE ([a-z.]+): /.exec(title)?.[1] ?? [])
    expect(points.filter((point) => !POINTS.some((known) => known === point))).toEqual([])
  })
})
