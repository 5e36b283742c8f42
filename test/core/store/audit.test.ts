import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendAudit, auditHead, listAudit, verifyAudit } from '../../../core/store/audit.ts'
import { TEST_NOW, TestCase } from '../../support/case-builder.ts'

describe('audit chain', () => {
  let test: TestCase
  beforeEach(() => {
    test = new TestCase()
    for (let index = 0; index < 20; index += 1)
      appendAudit(test.db, { at: TEST_NOW + index, action: 'test.step', details: { index } })
  })
  afterEach(() => test.close())

  it('holds together from the first entry to the head', () => {
    const verdict = verifyAudit(test.db)
    expect(verdict).toEqual({ ok: true, entries: 21, head: auditHead(test.db), brokenAt: null })
  })

  it('refuses changes and removals through SQL', () => {
    expect(() => test.db.prepare('UPDATE audit SET actor = ? WHERE seq = 5').run('x')).toThrow('append-only')
    expect(() => test.db.prepare('DELETE FROM audit WHERE seq = 5').run()).toThrow('append-only')
  })

  it.each([
    ['an edited entry', `UPDATE audit SET details = '{"index":99}' WHERE seq = 7`, 7],
    ['an entry with another time', 'UPDATE audit SET at = at + 1 WHERE seq = 9', 9],
    ['a removed entry', 'DELETE FROM audit WHERE seq = 11', 12],
    ['swapped entries', `UPDATE audit SET seq = CASE seq WHEN 3 THEN 400 ELSE seq END WHERE seq = 3`, 4],
  ])('shows %s', (_what, sql, brokenAt) => {
    test.db.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete')
    test.db.exec(sql)
    expect(verifyAudit(test.db)).toMatchObject({ ok: false, brokenAt })
  })

  it('pages by sequence number', () => {
    const first = listAudit(test.db, { limit: 15 })
    const second = listAudit(test.db, { limit: 15, cursor: first.next })
    expect([first.rows.length, second.rows.length, second.next, first.total]).toEqual([15, 6, null, 21])
    expect(second.rows[0]?.seq).toBe(16)
  })
})
