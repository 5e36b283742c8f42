import { describe, expect, it } from 'vitest'
import { RetroRun } from '../../../core/contract/nouns/reputation.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { listRunActions } from '../../../core/reputation/notification-actions.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { NO_FINDINGS } from '../../../core/reputation/plan-findings.ts'
import { listPlan } from '../../../core/reputation/plan-stored.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { getRetroRun, runRetro } from '../../../core/reputation/retro-stored.ts'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const SECOND = 1_000_000
const at = (days: number): number => START + days * DAY
const AMY = 'amy@corp.test'
const untestedTagged = { matched: 'quarantine', untested: { enabled: true, action: 'tag-subject' } }

/** A case whose first pack speaks against gone.test; what it says of others comes later. */
async function aCase(policy: Readonly<Record<string, unknown>> = {}) {
  const test = new TestCase(at(20))
  setPolicy(test.context, {
    schema: 1,
    name: 'mail',
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: 'quarantine' },
    retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
    ...policy,
  })
  const pack = (version: string, days: number, host: string, level: RiskLevel | null = null) =>
    addPack(test.context, test.file(`feed-${version}.txt`, `# ${version}\n${host}\n`), {
      name: 'feed',
      version,
      createdAt: at(days),
      level,
      levels: {},
    })
  await pack('1', 0, 'gone.test')
  const mail = (link: string, more: Parameters<typeof aMessage>[0] = {}) =>
    test.mail(aMessage({ messageId: 'q', at: at(1), links: [link], ...more }))
  /** Something that a record says was done to Amy's copy. */
  const done = (action: string, more: EventFields = {}, after = 5, kind: EventKind = 'alert') =>
    test.event(kind, at(1) + after * SECOND, {
      action,
      outcome: 'success',
      messageId: 'q',
      accountMail: AMY,
      ...more,
    })
  const filter = (name: string) => ({ detail: `filter: ${name}; risk: x; event: security_risk_scan` })
  const steps = () =>
    listPlan(test.db, test.nowUs, null, NO_FINDINGS).items.map(({ action, reasons }) => [
      action,
      reasons[0]?.text.key.slice('plan.reason.'.length),
    ])
  return { test, pack, mail, done, filter, steps }
}

describe('what a retro scan puts back (W31)', () => {
  const undo = async (prepare: (made: Awaited<ReturnType<typeof aCase>>) => void) => {
    const made = await aCase()
    made.mail('http://gone.test/')
    prepare(made)
    await made.pack('2', 7, 'other.test')
    const [row] = runRetro(made.test.context).noLongerMatching
    const isPlanned = made.steps().some(([action]) => action === 'restore-message')
    expect(isPlanned).toBe(row?.restored)
    return [row?.restored, row?.clause, row?.basis, row?.cause]
  }

  it('is what Web Reputation put into quarantine, and the plan says so', async () => {
    expect(await undo(({ done, filter }) => done('Quarantine', filter('Web Reputation')))).toEqual([
      true,
      'W31',
      'web-reputation',
      'Web Reputation',
    ])
  })

  it.each(['Malware Scanning', 'File Blocking', 'Advanced Spam Protection', 'Virtual Analyzer'])(
    'is not what %s put there',
    async (name) => {
      expect(await undo(({ done, filter }) => done('Quarantine', filter(name)))).toEqual([
        false,
        'W31',
        'other-filter',
        name,
      ])
    },
  )

  it('is not what a second filter spoke against in the same second', async () => {
    expect(
      await undo(({ done, filter }) => {
        done('Quarantine', filter('Web Reputation'))
        done('Quarantine', filter('Malware Scanning'))
      }),
    ).toEqual([false, 'W31', 'other-filter', 'Malware Scanning'])
  })

  it('looks at the stay of now, not at one that ended', async () => {
    expect(
      await undo(({ done, filter }) => {
        done('Quarantine', filter('Malware Scanning'))
        done('Released from quarantine', {}, 60)
        done('Quarantine', filter('Web Reputation'), 120)
      }),
    ).toEqual([true, 'W31', 'web-reputation', 'Web Reputation'])
  })

  it.each([
    ['filter: Webレピュテーション', 'web-reputation'],
    ['filter: 網頁信譽評等', 'web-reputation'],
    ['DetectionMethods: {"Phish":["URL malicious reputation"]}; ActionType: Phish ZAP', 'web-reputation'],
    ['DetectionMethods: {"Phish":["URL malicious reputation","File reputation"]}', 'other-filter'],
    ['ActionType: Malware ZAP; ThreatTypes: Malware', 'other-filter'],
    ['virus: TROJ_X; event: security_risk_scan', 'other-filter'],
    ['scan: Real-time scan; event: dlp', 'other-filter'],
    ['scan: Real-time scan; event: security_risk_scan', 'unknown-filter'],
  ])('reads the cause out of “%s”', async (detail, basis) => {
    const [, , said] = await undo(({ done }) => done('Quarantine', { detail }))
    expect(said).toBe(basis)
  })

  it('takes a malware action for what it is', async () => {
    expect(
      await undo(({ done }) => done('Quarantine', { rule: 'TROJ_X' }, 5, 'malware-action')),
    ).toMatchObject([false, 'W31', 'other-filter', 'TROJ_X'])
  })

  it('marks what is put back although no record names the cause', async () => {
    const made = await aCase()
    made.mail('http://gone.test/', { recordedAction: 'quarantine' })
    await made.pack('2', 7, 'other.test')
    expect(runRetro(made.test.context).noLongerMatching).toMatchObject([
      { restored: true, clause: 'W31', basis: 'unknown-filter', cause: null },
    ])
    expect(made.steps()).toEqual([['restore-message', 'restoreUnknown']])
  })

  it('reads the columns of a mail table, but no header that a mail brought itself', async () => {
    for (const [headers, basis] of [
      [[{ name: 'ThreatTypes', value: 'Malware' }], 'other-filter'],
      [
        [
          { name: 'From', value: 'bad@evil.test' },
          { name: 'DetectionMethods', value: 'Malware' },
        ],
        'unknown-filter',
      ],
    ] as const) {
      const made = await aCase()
      made.mail('http://gone.test/', { recordedAction: 'quarantine', headers })
      await made.pack('2', 7, 'other.test')
      expect(runRetro(made.test.context).noLongerMatching).toMatchObject([{ basis }])
    }
  })

  it('is not what was released, what never got there, and what is gone', async () => {
    const quarantine = (outcome: string) => ({ detail: 'filter: Web Reputation', outcome })
    expect(
      await undo(({ done, filter }) => {
        done('Quarantine', filter('Web Reputation'))
        done('Quarantine release', {}, 3600, 'mail-removed')
      }),
    ).toEqual([false, 'W31', 'came-back', null])
    expect(await undo(({ done }) => done('Quarantine', quarantine('failure')))).toEqual([
      false,
      'W31',
      'failed',
      null,
    ])
    expect(
      await undo(({ done, filter }) => {
        done('Quarantine', filter('Web Reputation'))
        done('HardDelete', {}, 3600, 'mail-removed')
      }),
    ).toEqual([false, 'W31', 'gone', null])
  })

  it('is asked of the records of today: a release that came in after the scan takes the step away', async () => {
    const { test, pack, mail, done, filter, steps } = await aCase()
    mail('http://gone.test/')
    done('Quarantine', filter('Web Reputation'))
    await pack('2', 7, 'other.test')
    runRetro(test.context)
    expect(steps()).toEqual([['restore-message', 'restore']])
    done('Quarantine release', {}, 3600, 'mail-removed')
    expect(steps()).toEqual([])
  })

  it('tells the copies of one mailbox from each other by none of its addresses', async () => {
    const { test, pack, mail, done, filter } = await aCase()
    const mailbox = test.mailbox(AMY, 'Amy')
    test.db
      .prepare(
        `INSERT INTO alias (entity_id, kind, value, confidence, reason) VALUES (?, 'smtp', ?, 1, '{}')`,
      )
      .run(mailbox, 'a.adams@corp.test')
    mail('http://gone.test/')
    done('Quarantine', filter('Web Reputation'))
    done('Quarantine release', { accountMail: 'a.adams@corp.test' }, 3600, 'mail-removed')
    mail('http://gone.test/', { to: ['a.adams@corp.test'], at: at(1) })
    await pack('2', 7, 'other.test')
    expect(runRetro(test.context).noLongerMatching).toMatchObject([{ restored: false, basis: 'came-back' }])
  })

  it('is not kept back at High by what is no address of the web', async () => {
    const { test, pack, mail, done, filter } = await aCase({ securityLevel: 'high' })
    mail('', { links: ['http://gone.test/', 'mailto:help@gone.test'] })
    done('Quarantine', filter('Web Reputation'))
    await pack('2', 7, 'gone.test', 'safe')
    expect(runRetro(test.context).noLongerMatching).toMatchObject([{ restored: true }])
  })
})

describe('what a retro scan acts on (W30)', () => {
  /** late.test turns from untested to dangerous after the delivery. */
  const turn = async (
    policy: Readonly<Record<string, unknown>>,
    prepare: (made: Awaited<ReturnType<typeof aCase>>) => void,
  ) => {
    const made = await aCase(policy)
    prepare(made)
    await made.pack('2', 7, 'late.test')
    const run = runRetro(made.test.context)
    expect(run.turned).toHaveLength(1)
    return { ...made, run, rows: run.newlyMatching }
  }

  it('is what got the weaker action for untested URLs at its delivery (W59)', async () => {
    const { rows, steps } = await turn({ actions: untestedTagged }, ({ mail }) =>
      mail('http://late.test/', { recordedAction: 'tag-subject' }),
    )
    expect(rows).toMatchObject([
      {
        action: 'quarantine',
        clause: 'W30',
        matchedThen: true,
        state: 'unknown',
        turnedAt: '2026-03-08T00:00:00.000Z',
      },
    ])
    expect(steps()).toEqual([
      ['block-url', 'block'],
      ['quarantine-message', 'notTaken'],
    ])
  })

  it('is at High what matched as untested, where no record shows the action in force (W17)', async () => {
    const high = { securityLevel: 'high' }
    const listed = async (...actions: readonly string[]) => {
      const { rows } = await turn(high, ({ mail, done }) => {
        mail('http://late.test/')
        for (const [index, action] of actions.entries()) done(action, {}, index, 'mail-removed')
      })
      return rows.map((row) => row.state)
    }
    expect(await listed()).toEqual(['delivered'])
    expect(await listed('Quarantine')).toEqual([])
    expect(await listed('HardDelete')).toEqual([])
    expect(await listed('Quarantine', 'Quarantine release')).toEqual(['delivered'])
    expect(await listed('Moved to junk')).toEqual(['junk'])
  })

  it('asks for a quarantine only once, for a deletion also of what lies in quarantine', async () => {
    const quarantined = (policy: Readonly<Record<string, unknown>>) =>
      turn(policy, ({ mail }) => mail('http://late.test/', { recordedAction: 'quarantine' }))
    const high = { securityLevel: 'high' }
    expect((await quarantined(high)).rows).toEqual([])
    expect((await quarantined({ ...high, actions: { matched: 'tag-subject' } })).rows).toEqual([])
    expect((await quarantined({ ...high, actions: { matched: 'delete' } })).rows).toMatchObject([
      { action: 'delete', state: 'quarantined' },
    ])
    expect((await quarantined({ ...high, actions: { matched: 'pass' } })).rows).toEqual([])
  })

  it('says of a URL whose level only changed that it matches still, and nothing where it did not change', async () => {
    const { test, pack, mail } = await aCase()
    mail('http://gone.test/')
    expect(runRetro(test.context).newlyMatching).toEqual([])
    await pack('2', 7, 'gone.test', 'highly-suspicious')
    expect(runRetro(test.context).newlyMatching).toMatchObject([{ matchedThen: true }])
  })

  it('says at High that no pack rates the URL any more', async () => {
    const { test, pack, mail, steps } = await aCase({ securityLevel: 'high' })
    mail('http://gone.test/')
    await pack('2', 7, 'other.test')
    expect(runRetro(test.context).newlyMatching).toMatchObject([{ matchedThen: true }])
    expect(steps()).toEqual([
      ['block-url', 'blockUnrated'],
      ['quarantine-message', 'newlyUnrated'],
    ])
  })

  it('marks a copy that is gone already: no step, no notice, and the URL stands in no delivered mail', async () => {
    const { test, run, rows, steps, done } = await turn({}, ({ mail, done: note }) => {
      mail('http://late.test/')
      note('Moved to quarantine', { detail: 'ActionType: Phish ZAP' }, 60, 'mail-removed')
    })
    expect(rows).toMatchObject([{ mailbox: AMY, state: 'quarantined', matchedThen: false }])
    expect(steps()).toEqual([['block-url', 'blockGone']])
    expect(listRunActions(test.db, Number(run.run.id))).toEqual([])
    done('Quarantine release', {}, 3600, 'mail-removed')
    expect(steps()).toEqual([
      ['block-url', 'block'],
      ['quarantine-message', 'newly'],
    ])
  })

  it('finds the same on top of an earlier run when only a record came in between', async () => {
    const { test, rows, done } = await turn({ securityLevel: 'high' }, ({ mail, done: note }) => {
      mail('http://late.test/')
      note('Quarantine', {}, 5, 'mail-removed')
    })
    expect(rows).toEqual([])
    done('Quarantine release', {}, 3600, 'mail-removed')
    const whole = runRetro(test.context, { dryRun: true })
    const built = runRetro(test.context, { dryRun: true, base: 1 })
    expect(built.run).toMatchObject({ base: '1', whole: null })
    expect(built.newlyMatching).toHaveLength(1)
    expect({ ...built, run: null }).toEqual({ ...whole, run: null })
  })
})

describe('a run of an earlier version', () => {
  it('reads on: what it did not say is taken for not known', async () => {
    const { test, pack, mail } = await aCase()
    mail('http://gone.test/', { recordedAction: 'quarantine' })
    mail('http://late.test/', { messageId: 'late' })
    await pack('2', 7, 'late.test')
    runRetro(test.context)
    const get = 'SELECT document FROM retro_run'
    const document = JSON.parse(test.db.prepare(get).pluck().get() as string) as Record<string, object[]>
    const without = (rows: object[] | undefined, ...names: readonly string[]) =>
      (rows ?? []).map((row) =>
        Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name))),
      )
    const old = {
      ...document,
      newlyMatching: without(document['newlyMatching'], 'matchedThen', 'state'),
      noLongerMatching: without(document['noLongerMatching'], 'basis', 'cause'),
      exposure: without(document['exposure'], 'isRecipient'),
    }
    test.db.prepare('UPDATE retro_run SET document = ?').run(JSON.stringify(old))
    const run = getRetroRun(test.db, 1)
    expect(RetroRun.parse(run)).toEqual(run)
    expect(run).toMatchObject({
      newlyMatching: [{ matchedThen: false, state: 'unknown' }],
      noLongerMatching: [{ restored: true, basis: 'unknown-filter', cause: null }],
      exposure: [{ isRecipient: true }],
    })
  })
})
