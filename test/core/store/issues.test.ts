import { describe, expect, it } from 'vitest'
import { isDamage, issueWeight } from '../../../core/model/issue-weight.ts'
import { listIssues } from '../../../core/store/issues.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

const insert = `INSERT INTO issue (evidence_id, locator, code, excerpt, records) VALUES (?, ?, ?, '', ?)`
const MET: readonly (readonly [code: string, records: number])[] = [
  ['evtx.recovered', 0],
  ['evtx.truncated', 0],
  ['json.syntax', 1],
  ['eml.date', 0],
  ['eml.attachment_damaged', 0],
  ['evtx.truncated', 56],
  ['sharphound.unrelated_rights', 0],
]

describe('issues', () => {
  it('come as they were met, or what cost records first, then what is damaged, whatever the size of a page', () => {
    using testCase = new TestCase()
    const evidence = testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    for (const [at, [code, records]] of MET.entries())
      testCase.db.prepare(insert).run(evidence, `line ${at}`, code, records)
    const inOrder = (
      order: 'file' | 'weight',
      limit: number,
      more: { lost?: boolean; text?: string } = {},
    ) => {
      const found: string[] = []
      let cursor: string | null = null
      do {
        const page = listIssues(testCase.db, { order, limit, cursor, ...more })
        found.push(...page.rows.map((row) => `${row.weight} ${row.locator.slice(5)}`))
        cursor = page.next
      } while (cursor !== null)
      return found
    }
    const heaviest = ['lost 2', 'lost 5', 'damaged 1', 'damaged 4', 'remark 0', 'remark 3', 'remark 6']
    for (const limit of [1, 2, 3, 100]) expect(inOrder('weight', limit)).toEqual(heaviest)
    expect(inOrder('file', 2).map((row) => row.split(' ')[1])).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    expect(inOrder('weight', 1, { lost: false })).toEqual(heaviest.slice(2))
    expect(inOrder('weight', 1, { text: 'line 4' })).toEqual(['damaged 4'])
    expect(() => listIssues(testCase.db, { order: 'weight', limit: 1, cursor: 'x' })).toThrow(
      'request.invalid',
    )
  })

  it('weigh by what they cost, else by whether the source is whole', () => {
    expect(issueWeight('evtx.recovered', 3)).toBe('lost')
    for (const code of [
      'evtx.chunk_checksum',
      'eml.too_many_parts',
      'eml.attachment_locked',
      'evtx.not_closed',
    ])
      expect(isDamage(code), code).toBe(true)
    for (const code of ['eml.date', 'evtx.recovered', 'evidence.time_ahead', 'windows-json.discount'])
      expect(isDamage(code), code).toBe(false)
  })
})
