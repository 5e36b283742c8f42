import { createHash } from 'node:crypto'
import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Analyst } from './two-cases.ts'

/** The other case as somebody with a database editor may have made it: nothing in it is believed (ADR 0016). */
describe('a case from somebody else', () => {
  let [ann, mei]: Analyst[] = []
  beforeEach(async () => {
    ann = await Analyst.start()
    mei = await Analyst.start()
    await mei.mark(await mei.event(1), 'tag', 'honest')
    await mei.client.call('identity.merge', {
      ids: [(await mei.entity('user', 'amber')).id, (await mei.entity('user', 'basil')).id],
      reason: 'one person',
    })
    await mei.client.call('case.close', {})
  })
  afterEach(async () => {
    await ann?.close()
    await mei?.close()
  })
  const our = () => ann as Analyst
  /** A copy of the colleague's case with its insides changed. */
  const forged = (...sql: string[]): string => {
    const path = join(our().folder, 'forged.redthread')
    copyFileSync((mei as Analyst).casePath, path)
    const db = new Database(path)
    for (const one of sql) db.exec(one)
    db.close()
    return path
  }
  const merge = (path: string) => our().client.run('merge.run', { grant: path, by: 'Mei', prefer: 'theirs' })
  const hash = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex')

  it('is read, never written: not a byte of it changes, and nothing is left beside it', async () => {
    const { casePath, folder } = mei as Analyst
    const before = hash(casePath)
    await our().plan(mei as Analyst)
    await our().merge(mei as Analyst)
    expect(hash(casePath)).toBe(before)
    expect(
      (await import('node:fs')).readdirSync(folder).filter((name) => name.startsWith('test.redthread')),
    ).toEqual(['test.redthread'])
  })

  it.each([
    [
      'a trigger',
      'CREATE TRIGGER x AFTER INSERT ON mark BEGIN DELETE FROM mark; END',
      'store.foreign_schema',
    ],
    [
      'a view in place of a table',
      'ALTER TABLE mark RENAME TO m2; CREATE VIEW mark AS SELECT * FROM m2',
      'store.foreign_schema',
    ],
    ['a function in an index', 'CREATE INDEX z ON mark(hex(text))', 'store.foreign_schema'],
    ['another application', 'PRAGMA application_id = 7', 'store.not_a_case'],
    ['a version of the future', 'PRAGMA user_version = 9000', 'store.from_future'],
    [
      'a changed log',
      `DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'nobody' WHERE seq = 2;
       CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`,
      'merge.broken_log',
    ],
    [
      'no log',
      'DROP TRIGGER audit_no_delete; DELETE FROM audit;' +
        ` CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END`,
      'merge.broken_log',
    ],
  ])('with %s is refused before anything is compared', async (_what, sql, code) => {
    const content = await our().content()
    await expect(merge(forged(sql))).rejects.toMatchObject({ code })
    expect(await our().content()).toBe(content)
  })

  it('has its forged rows left out and named, and the rest brought', async () => {
    const path = forged(
      `INSERT INTO mark SELECT 1000, 'event', target_key, 'bomb', '', '', 1, NULL, 'x' FROM mark LIMIT 1`,
      `INSERT INTO mark SELECT 1001, 'planet', target_key, 'flag', '', '', 1, NULL, 'x' FROM mark WHERE id < 1000 LIMIT 1`,
      `INSERT INTO mark SELECT 1002, 'event', target_key, 'verdict', 'guilty', '', 1, NULL, 'x' FROM mark WHERE id < 1000 LIMIT 1`,
      `INSERT INTO mark SELECT 1003, 'event', target_key, 'note', '', hex(zeroblob(200000)), 1, NULL, 'x' FROM mark WHERE id < 1000 LIMIT 1`,
      `INSERT INTO mark SELECT 1004, 'event', target_key, 'flag', '', '', 9007199254740993, NULL, 'x' FROM mark WHERE id < 1000 LIMIT 1`,
      `INSERT INTO identity_decision VALUES (1000, 'merge', 'user', '[{"key":"a","name":"a","names":[],"__proto__":{"x":1}},{"key":"b","name":"b","names":[]}]', '[]', '', 'x', 1, NULL, NULL, NULL)`,
      `INSERT INTO identity_decision VALUES (1001, 'merge', 'planet', '[]', '[]', '', 'x', 1, NULL, NULL, NULL)`,
      `INSERT INTO identity_decision VALUES (1002, 'split', 'user', '{', '[', '', 'x', 1, NULL, NULL, NULL)`,
      `INSERT INTO plan_decision VALUES ('x', 'carried out', '', 1)`,
      `INSERT INTO policy VALUES (1000, 1, 'mail', '{"schema":1,"name":"mail","service":"nowhere"}')`,
      `INSERT INTO sweep_criteria VALUES (1000, 'x', 1, 'typed', 1, '{"name":"x"}')`,
      `INSERT INTO saved_view VALUES (1000, '00000000aa', 'timeline', 'x', 'not json', 1, NULL, 'x')`,
      `INSERT INTO analyst_entity VALUES (1000, 'user:s-1-5-21-1-2-3-500', 'user', 'Administrator', '', 1, NULL, 'x')`,
      `INSERT INTO pack VALUES (1000, 'forged', '1', 1, 1, '', 'plain', 'not a hash', 1, 0)`,
      `INSERT OR REPLACE INTO case_info VALUES ('report_settings', '{"title":"${'x'.repeat(301)}","__proto__":{"lang":"x"}}')`,
      `INSERT INTO work_step VALUES (1000, 1, '[{"table":"mark","row":{"id":"x"}}]', '[]', 0)`,
    )
    const plan = await our().client.run('merge.plan', { grant: path, by: 'Mei' })
    expect(plan.unreadable.map(({ part, item, problem }) => `${part} ${item} ${problem}`).sort())
      .toMatchInlineSnapshot(`
      [
        "added added 1000 key",
        "identity decision 1000 members.0",
        "identity decision 1001 entityKind",
        "identity decision 1002 json",
        "mark mark 1000 type",
        "mark mark 1001 target_kind",
        "mark mark 1002 value",
        "mark mark 1003 text",
        "mark mark 1004 at",
        "mark step 1000 target_kind",
        "pack pack forged invalid_format",
        "plan x state",
        "policy policy 1000 policy.invalid",
        "report report_settings shape",
        "sweep criteria 1000 format",
        "view view 1000 json",
      ]
    `)
    const result = await merge(path)
    expect(result.changed).toBe(2)
    expect(await our().marks(await our().event(1))).toEqual(['tag:honest (Mei)'])
    expect((await our().client.call('identity.decisions', {})).map(({ reason }) => reason)).toEqual([
      'one person',
    ])
    expect(await our().client.call('verify.digest', {})).toBeTruthy()
  })

  it('cannot say that a pattern means another: what a pack matches is worked out from its text', async () => {
    await mei?.client.call('case.open', { grant: mei.casePath })
    await mei?.judge()
    await mei?.client.call('case.close', {})
    const path = forged(
      `UPDATE pack_entry SET host = 'other.example'`,
      `INSERT INTO pack_entry SELECT 1000, pack_id, 'not a pattern', scope, 'other.example', normal, level, NULL, NULL, NULL, NULL FROM pack_entry LIMIT 1`,
    )
    await merge(path)
    const [pack] = await our().client.call('pack.list', {})
    expect(pack).toMatchObject({ entries: 1, rejected: 1 })
    const { rows } = await our().client.call('url.list', { limit: 10 })
    expect(new Map(rows.map(({ host, risk }) => [host, risk.now]))).toEqual(
      new Map([
        ['evil.example', 'dangerous'],
        ['other.example', 'untested'],
      ]),
    )
  })

  it('with work beyond what anybody does is refused, not read into memory', async () => {
    const path = forged(
      `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 100001)
       INSERT INTO plan_decision SELECT 'step ' || x, 'approved', '', 1 FROM n`,
    )
    await expect(merge(path)).rejects.toMatchObject({ code: 'merge.too_large', params: { what: 'plan' } })
  })

  it('is not the case that is open, by whatever path', async () => {
    await expect(merge(our().casePath)).rejects.toMatchObject({ code: 'merge.itself' })
    const { symlinkSync } = await import('node:fs')
    const link = join(our().folder, 'link.redthread')
    symlinkSync(our().casePath, link)
    await expect(merge(link)).rejects.toMatchObject({ code: 'merge.itself' })
  })
})
