import { describe, expect, it } from 'vitest'
import { searchIndexShare } from '../../../core/store/search-index.ts'
import { TextSegmentWriter } from '../../../core/store/text-segment-writer.ts'
import { TestCase } from '../../support/case-builder.ts'

/** More than one segment. */
const EVENTS = 70_000
const many = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${EVENTS})
  INSERT INTO event (id, kind, evidence_id, record, zone_assumed, at) SELECT i, 0, ?, i, 0, i FROM n`

describe('how much of the search index is built', () => {
  it('is all of it in a small case, and grows piece by piece in a large one', () => {
    using test = new TestCase()
    const evidence = test.store([])
    expect(searchIndexShare(test.db)).toBe(1)
    test.db.prepare(many).run(evidence)
    expect(searchIndexShare(test.db)).toBe(0)
    const writer = new TextSegmentWriter(test.db)
    expect(writer.next()).toBe(true)
    const first = searchIndexShare(test.db)
    expect(first).toBeGreaterThan(0.5)
    expect(first).toBeLessThan(1)
    while (writer.next());
    expect(searchIndexShare(test.db)).toBe(1)
  })
})
