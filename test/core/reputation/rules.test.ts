import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/**
 * Numbers of threat-investigation.md section 2 that state behaviour of policies, judging, time of click and notifications. Each has a
 * test that it holds (`W47: ...`) and one of what it must not do (`W47 not: ...`). Left out: W1, W3, W5 (how the vendor rates), W7-W11
 * (levels of packs), W24-W32 but W28 (retro scan), W40, W56, W76 (buttons of a console).
 */
const RULES = [
  2, 4, 6, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 28, 33, 34, 35, 36, 37, 38, 39, 41, 42, 43, 44, 45,
  46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 57, 58, 59, 60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71, 72, 73,
  74, 75,
].map((number) => `W${number}`)

/** What JUDGE.md settles in its first four parts. */
const POINTS = [
  'words.direction',
  'words.where',
  'words.matches',
  'words.pack',
  'policy.required',
  'policy.defaults',
  'policy.unknown',
  'policy.off',
  'policy.times',
  'policy.export',
  'order.exclusions',
  'order.excluded',
  'order.urls',
  'order.severest',
  'order.files',
  'order.service',
  'matching.normal',
  'matching.bytes',
  'matching.port',
  'matching.list',
  'matching.scopes',
  'matching.specific',
  'matching.newer',
  'matching.version',
  'matching.expiry',
]

/** Names of the tests of this folder, as they stand in the files. */
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.test.ts'))
  .flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), 'utf8')
    return [...text.matchAll(/\bit(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1,/g)].map(
      (match) => match[2] ?? '',
    )
  })
const has = (start: string): boolean => names.some((name) => name.startsWith(start))

describe('conformance', () => {
  it.each(RULES)('%s has a test that it holds and one of what it must not do', (rule) => {
    expect({ holds: has(`${rule}: `), not: has(`${rule} not: `) }).toEqual({ holds: true, not: true })
  })
  it.each(POINTS)('JUDGE.md %s has a test', (point) => expect(has(`JUDGE ${point}: `)).toBe(true))
  it('tests are named after numbers that exist', () => {
    const numbers = names.flatMap((name) => /^W(\d+)(?: not)?: /.exec(name)?.[1] ?? [])
    expect(numbers.filter((number) => Number(number) < 1 || Number(number) > 76)).toEqual([])
  })
})
