import Database from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { Analyst } from './two-cases.ts'

describe('the logs of a merged case', () => {
  const open: Analyst[] = []
  const start = async () => {
    const analyst = await Analyst.start()
    open.push(analyst)
    return analyst
  }
  afterEach(async () => {
    for (const analyst of open.splice(0)) await analyst.close()
  })
  const verify = (analyst: Analyst) => analyst.client.run('verify.run', {})
  /** Changes the closed case behind the back of the product. */
  const tamper = async (analyst: Analyst, sql: string) => {
    await analyst.client.call('case.close', {})
    const db = new Database(analyst.casePath)
    db.pragma('foreign_keys = OFF')
    db.exec(sql)
    db.close()
    return analyst.client.call('verify.file', { grant: analyst.casePath })
  }
  const without = (
    sql: string,
  ) => `DROP TRIGGER merged_audit_no_update; DROP TRIGGER merged_audit_no_delete; ${sql};
    CREATE TRIGGER merged_audit_no_update BEFORE UPDATE ON merged_audit BEGIN SELECT RAISE(ABORT, 'merged_audit is append-only'); END;
    CREATE TRIGGER merged_audit_no_delete BEFORE DELETE ON merged_audit BEGIN SELECT RAISE(ABORT, 'merged_audit is append-only'); END`

  it('are both kept and checked; a later merge goes on with the log that is kept', async () => {
    const [ann, mei] = [await start(), await start()]
    await mei.mark(await mei.event(1), 'flag')
    await ann.merge(mei)
    const before = await mei.client.call('audit.verify', {})
    await mei.mark(await mei.event(2), 'flag')
    await ann.merge(mei)
    const after = await mei.client.call('audit.verify', {})
    const result = await verify(ann)
    expect(result.ok).toBe(true)
    expect(result.holds.find(({ code }) => code === 'holds.merged')?.what.params).toMatchObject({ count: 2 })
    const [second, first] = await ann.client.call('merge.list', {})
    expect([first?.head, first?.entries]).toEqual([before.head, before.entries])
    expect([second?.head, second?.entries]).toEqual([after.head, after.entries])
    const { rows } = await ann.client.call('audit.list', { limit: 100 })
    expect(rows.filter(({ action }) => action === 'case.merge').map(({ details }) => details)).toMatchObject([
      { by: 'Mei', head: before.head, entries: before.entries, changed: { mark: 1 } },
      { by: 'Mei', head: after.head, entries: after.entries, changed: { mark: 1 } },
    ])
    await ann.client.call('case.close', {})
    const db = new Database(ann.casePath, { readonly: true })
    expect(db.prepare('SELECT count(*) FROM merged_chain').pluck().get()).toBe(1)
    expect(db.prepare('SELECT count(*) FROM merged_audit').pluck().get()).toBe(after.entries)
    db.close()
  })

  it('of a colleague’s colleague come along', async () => {
    const [ann, mei, cat] = [await start(), await start(), await start()]
    await cat.mark(await cat.event(3), 'note', '', 'from Cat')
    await mei.client.run('merge.run', { grant: cat.casePath, by: 'Cat' })
    await ann.merge(mei)
    expect(await ann.marks(await ann.event(3))).toEqual(['note:from Cat (Cat)'])
    const { head } = await cat.client.call('audit.verify', {})
    await ann.client.call('case.close', {})
    const db = new Database(ann.casePath, { readonly: true })
    expect(db.prepare('SELECT count(*) FROM merged_audit WHERE hash = ?').pluck().get(head)).toBe(1)
    db.close()
  })

  it.each([
    ['an entry changed', without(`UPDATE merged_audit SET actor = 'nobody' WHERE seq = 3`), 'merged.broken'],
    ['an entry gone', without('DELETE FROM merged_audit WHERE seq = 3'), 'merged.broken'],
    [
      'its end cut',
      without('DELETE FROM merged_audit WHERE seq = (SELECT max(seq) FROM merged_audit)'),
      'merged.replaced',
    ],
    [
      'another anchor',
      `UPDATE case_merge SET entries = entries - 1, head = (SELECT hash FROM merged_audit WHERE seq = entries - 1)`,
      'merged.replaced',
    ],
    [
      'the merge itself gone',
      'DELETE FROM merge_item; DELETE FROM merge_settled; DELETE FROM case_merge',
      'merged.missing',
    ],
  ])('are found with %s', async (_what, sql, code) => {
    const [ann, mei] = [await start(), await start()]
    await mei.mark(await mei.event(1), 'flag')
    await ann.merge(mei)
    const result = await tamper(ann, sql)
    expect(result.ok).toBe(false)
    expect(result.findings.map((finding) => finding.code)).toContain(code)
  })
})
