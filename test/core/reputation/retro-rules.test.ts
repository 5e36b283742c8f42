import { describe, expect, it } from 'vitest'
import { getRetroRun, listRetroRuns, runRetro } from '../../../core/reputation/retro-stored.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { NO_FINDINGS } from '../../../core/reputation/plan-findings.ts'
import { listPlan } from '../../../core/reputation/plan-stored.ts'
import { getPolicy, setPolicy } from '../../../core/reputation/policy-stored.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const CONSENT = { enabled: true, consentAt: '2026-01-01T00:00:00Z' }

async function aCase(policy: Readonly<Record<string, unknown>> | null = {}) {
  const test = new TestCase(at(20))
  if (policy !== null)
    setPolicy(test.context, {
      schema: 1,
      name: 'mail',
      service: 'exchange-online',
      securityLevel: 'medium',
      actions: { matched: 'quarantine' },
      retroScan: CONSENT,
      ...policy,
    })
  const pack = (version: string, days: number, ...lines: readonly string[]) =>
    addPack(test.context, test.file(`feed-${version}.txt`, `${lines.join('\n')}\n`), {
      name: 'feed',
      version,
      createdAt: at(days),
      level: null,
      levels: {},
    })
  await pack('1', 0, 'gone.test')
  const mail = (id: string, link: string, more: Parameters<typeof aMessage>[0] = {}) =>
    test.mail(aMessage({ messageId: id, at: at(1), links: [link], ...more }))
  return { test, pack, mail }
}
const names = (rows: readonly { message: { name: string } }[]) => rows.map((row) => row.message.name.slice(7))

describe('the rules of the retro scan', () => {
  it('W22: is off by default, and refused until somebody switches it on', async () => {
    const { test } = await aCase(null)
    expect(getPolicy(test.db).policy.retroScan).toEqual({ enabled: false, consentAt: null })
    expect(() => runRetro(test.context)).toThrow('retro.disabled')
  })

  it('W22 exists for Exchange Online and Gmail, for no other service', async () => {
    const { test } = await aCase({ service: 'gmail' })
    expect(runRetro(test.context).run.id).toBe('1')
    const sharepoint = { service: 'sharepoint', actions: { matched: 'quarantine' } }
    await expect(aCase(sharepoint)).rejects.toThrow('policy.invalid')
  })

  it('W23 is refused for inbound protection of Exchange Online in inline mode', async () => {
    await expect(aCase({ service: 'exchange-inline-inbound' })).rejects.toThrow('policy.invalid')
  })

  it('W24: judges historical URLs with the newest pattern, not with that of the delivery', async () => {
    const { test, pack, mail } = await aCase()
    mail('a', 'http://late.test/')
    expect(runRetro(test.context).turned).toEqual([])
    await pack('2', 7, 'late.test')
    expect(runRetro(test.context).turned).toMatchObject([
      { url: 'http://late.test/', from: 'untested', to: 'dangerous', pack: 'feed@2' },
    ])
  })

  it.each([
    ['a', 'URLs on the approved list', { approvedUrls: { enabled: true, urls: ['late.test'] } }, 'W44'],
    ['a', 'URLs on the blocked list', { blockedUrls: { enabled: true, urls: ['late.test'] } }, 'W43'],
    [
      'b',
      'messages of approved senders',
      { approvedSenders: { enabled: true, addresses: ['bad@evil.test'] } },
      'W38',
    ],
    [
      'c',
      'messages with an approved header',
      { approvedHeaders: { enabled: true, fields: [{ name: 'X-Drill', value: 'yes', operator: 'equals' }] } },
      'W52',
    ],
  ])('leaves out (W27 %s) %s, and only while the list is on', async (_part, _what, policy, clause) => {
    const headers = [{ name: 'X-Drill', value: 'yes' }]
    const on = await aCase(policy)
    on.mail('a', 'http://late.test/', { headers })
    await on.pack('2', 7, 'late.test')
    const run = runRetro(on.test.context)
    expect(run.excluded).toMatchObject([{ url: 'http://late.test/', clause }])
    expect([run.turned, run.newlyMatching]).toEqual([[], []])
    expect(run.counts).toMatchObject({ urls: 1, judged: 0, notJudged: 1, excluded: 1 })
    const off = await aCase()
    off.mail('a', 'http://late.test/', { headers })
    await off.pack('2', 7, 'late.test')
    expect(runRetro(off.test.context)).toMatchObject({ excluded: [], newlyMatching: [{ clause: 'W30' }] })
  })

  it('W28: needs consent with its time; what was consented to is in the audit log', async () => {
    await expect(aCase({ retroScan: { enabled: true, consentAt: null } })).rejects.toThrow('policy.invalid')
    const { test } = await aCase()
    const details = test.db.prepare("SELECT details FROM audit WHERE action = 'policy.set'").pluck().get()
    expect(JSON.parse(String(details))).toMatchObject({ retroScan: true })
  })

  it('W29: can be run again at any time; every run is kept', async () => {
    const { test, mail } = await aCase()
    mail('a', 'http://late.test/')
    const first = runRetro(test.context)
    runRetro(test.context)
    expect(listRetroRuns(test.db).map((run) => run.id)).toEqual(['2', '1'])
    expect(getRetroRun(test.db, 1)).toEqual(first)
  })

  it('W30: gives the configured action to a message whose URL turned and matches now', async () => {
    const { test, pack, mail } = await aCase({ actions: { matched: 'delete' } })
    mail('a', 'http://late.test/')
    mail('b', 'http://fine.test/')
    await pack('2', 7, 'late.test')
    expect(runRetro(test.context).newlyMatching).toMatchObject([{ action: 'delete', clause: 'W30' }])
  })

  it('W30 not: suspicious at Medium turns but does not match: it needs a turn across the threshold', async () => {
    const { test, mail } = await aCase()
    mail('a', 'http://late.test/')
    await addPack(test.context, test.file('mild.txt', 'late.test\n'), {
      name: 'feed',
      version: '2',
      createdAt: at(7),
      level: 'suspicious',
      levels: {},
    })
    const run = runRetro(test.context)
    expect(run.turned).toHaveLength(1)
    expect(run.newlyMatching).toEqual([])
  })

  it('W31: restores what was quarantined when nothing in the message matches any more', async () => {
    const { test, pack, mail } = await aCase()
    mail('q', 'http://gone.test/', { recordedAction: 'Quarantine' })
    await pack('2', 7, 'other.test')
    expect(runRetro(test.context).noLongerMatching).toMatchObject([{ restored: true, clause: 'W31' }])
  })

  it('W31 restores what was quarantined before it reached a mailbox, where the log names its one recipient', async () => {
    const { test, pack, mail } = await aCase()
    const onTheWay = { mailbox: undefined, deliveredAt: null, sentAt: at(1), recordedAction: 'quarantine' }
    mail('q', 'http://gone.test/', { ...onTheWay, at: at(1) })
    mail('r', 'http://gone.test/', { ...onTheWay, to: ['amy@corp.test', 'bob@corp.test'] })
    // The log lists everybody in To; its envelope says whose copy this one was.
    const [to, envelope] = ['amy@corp.test', 'bob@corp.test']
    mail('s', 'http://gone.test/', {
      ...onTheWay,
      recipients: [
        { address: to, role: 'to' },
        { address: envelope, role: 'envelope' },
      ],
    })
    await pack('2', 7, 'other.test')
    expect(
      runRetro(test.context).noLongerMatching.map((row) => [
        row.message.name.slice(7),
        row.mailbox,
        row.clause,
      ]),
    ).toEqual([
      ['q', 'amy@corp.test', 'W31'],
      ['r', 'amy@corp.test', 'W32'],
      ['r', 'bob@corp.test', 'W32'],
      ['s', 'amy@corp.test', 'W32'],
      ['s', 'bob@corp.test', 'W31'],
    ])
  })

  it('W31 not: leaves a quarantined message there while another of its URLs still matches', async () => {
    const { test, pack, mail } = await aCase()
    mail('q', '', { recordedAction: 'quarantine', links: ['http://gone.test/', 'http://still.test/'] })
    await pack('1.5', 0.5, 'gone.test', 'still.test')
    await pack('2', 7, 'still.test')
    const run = runRetro(test.context)
    expect(run.turned).toHaveLength(1)
    expect(run.noLongerMatching).toEqual([])
  })

  it.each(['delete', 'label', 'tag-subject', 'pass', 'move-to-junk'])(
    'W32: never undoes %s',
    async (recordedAction) => {
      const { test, pack, mail } = await aCase()
      mail('d', 'http://gone.test/', { recordedAction })
      await pack('2', 7, 'other.test')
      const run = runRetro(test.context)
      expect(run.noLongerMatching).toMatchObject([{ recordedAction, restored: false, clause: 'W32' }])
      expect(names(run.noLongerMatching)).toEqual(['d'])
    },
  )

  it('W24 not: without a newer pattern nothing historical turns', async () => {
    const { test, mail } = await aCase()
    mail('a', 'http://late.test/')
    mail('b', 'http://gone.test/')
    expect(runRetro(test.context)).toMatchObject({ turned: [], newlyMatching: [], noLongerMatching: [] })
  })

  it('W25: finds what was not detected when it came and was found out later', async () => {
    const { test, pack, mail } = await aCase()
    mail('a', 'http://late.test/')
    await pack('2', 7, 'gone.test', 'late.test')
    expect(runRetro(test.context).turned).toMatchObject([{ from: 'untested', to: 'dangerous' }])
  })

  it('W25 not: what was detected when it came is no discovery', async () => {
    const { test, pack, mail } = await aCase()
    mail('a', 'http://gone.test/')
    await pack('2', 7, 'gone.test', 'late.test')
    expect(runRetro(test.context)).toMatchObject({ counts: { judged: 1, turned: 0 }, newlyMatching: [] })
  })

  it('W26: what follows is proposed by the latest result, not by one in between', async () => {
    const { test, pack, mail } = await aCase()
    mail('a', 'http://late.test/')
    mail('b', 'http://other.test/')
    await pack('2', 7, 'late.test')
    await pack('3', 9, 'other.test')
    runRetro(test.context)
    const steps = listPlan(test.db, test.nowUs, null, NO_FINDINGS).items.filter(
      (item) => item.action === 'quarantine-message',
    )
    expect(steps.map((item) => item.subject?.name.slice(7))).toEqual(['b'])
  })

  it('W26 not: nothing is remediated by itself: the message keeps its action, the step waits', async () => {
    const { test, pack, mail } = await aCase()
    mail('a', 'http://late.test/', { recordedAction: 'pass' })
    await pack('2', 7, 'late.test')
    runRetro(test.context)
    expect(test.db.prepare('SELECT recorded_action FROM message').pluck().all()).toEqual(['pass'])
    expect(listPlan(test.db, test.nowUs, null, NO_FINDINGS).items.map(({ state }) => state)).not.toContain(
      'approved',
    )
  })

  const LISTED = {
    approvedUrls: { enabled: true, urls: ['late.test'] },
    approvedSenders: { enabled: true, addresses: ['bad@evil.test'] },
  }
  it('W27: each exclusion names its clause, the message-wide one first', async () => {
    for (const [policy, clause] of [
      [{ approvedUrls: LISTED.approvedUrls }, 'W44'],
      [{ approvedSenders: LISTED.approvedSenders }, 'W38'],
      [LISTED, 'W38'],
    ] as const) {
      const { test, pack, mail } = await aCase(policy)
      mail('a', 'http://late.test/')
      await pack('2', 7, 'late.test')
      expect(runRetro(test.context).excluded.map((row) => row.clause)).toEqual([clause])
    }
  })

  it('W27 not: neighbours of listed URLs and other senders are scanned', async () => {
    const { test, pack, mail } = await aCase({
      approvedUrls: { enabled: true, urls: ['http://late.test/fine'] },
      approvedSenders: { enabled: true, addresses: ['good@evil.test'] },
    })
    mail('a', 'http://late.test/')
    await pack('2', 7, 'late.test')
    expect(runRetro(test.context)).toMatchObject({ excluded: [], newlyMatching: [{ clause: 'W30' }] })
  })

  it('W29 not: checking again changes nothing: the same packs and mail give the same result', async () => {
    const { test, pack, mail } = await aCase()
    mail('a', 'http://late.test/')
    await pack('2', 7, 'late.test')
    const first = runRetro(test.context)
    test.nowUs += DAY
    const { run, ...rest } = runRetro(test.context)
    expect({ ...rest }).toEqual(Object.fromEntries(Object.entries(first).filter(([name]) => name !== 'run')))
    expect(run.id).not.toBe(first.run.id)
  })

  it('W32 not: a quarantine, in whatever letters, is undone', async () => {
    for (const recordedAction of ['quarantine', 'Quarantined']) {
      const { test, pack, mail } = await aCase()
      mail('q', 'http://gone.test/', { recordedAction })
      await pack('2', 7, 'other.test')
      expect(runRetro(test.context).noLongerMatching).toMatchObject([{ restored: true, clause: 'W31' }])
    }
  })
})
