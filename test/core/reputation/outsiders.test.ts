import { describe, expect, it } from 'vitest'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { NO_FINDINGS } from '../../../core/reputation/plan-findings.ts'
import { listPlan } from '../../../core/reputation/plan-stored.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { RecipientTracer } from '../../../core/reputation/recipient-trace.ts'
import { runRetro } from '../../../core/reputation/retro-stored.ts'
import { aMessage, TestCase } from './case-builder.ts'

const MINUTE = 60_000_000
const HOUR = 60 * MINUTE
const START = Date.UTC(2026, 2, 1) * 1000
const LINK = 'http://evil.test/a'

/** A mail to Amy alone; Amy and Ben both log on to the kiosk. */
function aKiosk() {
  const test = new TestCase(START + 1000 * HOUR)
  const message = test.mail(aMessage({ at: START }))
  test.relate('delivered-to', message, test.mailbox('amy@corp.test', 'Amy'), START)
  test.mailbox('ben@corp.test', 'Ben')
  const [amy, ben] = [test.entity('user', 'Amy'), test.entity('user', 'Ben')]
  test.db
    .prepare(`INSERT INTO alias (entity_id, kind, value, confidence, reason) VALUES (?, 'smtp', ?, 1, '{}')`)
    .run(ben, 'ben@corp.test')
  const kiosk = test.entity('endpoint', 'KIOSK')
  for (const user of [amy, ben]) test.relate('logged-on-to', user, kiosk, START - HOUR)
  const url = test.entity('url', LINK)
  /** The browser was started with the link: one event proves who and where. */
  const open = (user: number | undefined, minutes: number) => {
    const event = test.event('process-start', START + minutes * MINUTE, {}, { endpoint: kiosk })
    return { user, event, at: START + minutes * MINUTE }
  }
  const relate = (...opened: ReturnType<typeof open>[]) => {
    const [first] = opened
    for (const { user, at, event } of opened)
      if (user !== undefined) {
        test.relate('clicked-by', url, user, at)
        test.prove('clicked-by', url, user, event)
      }
    test.relate('opened-on', url, kiosk, first?.at ?? null)
    test.prove('opened-on', url, kiosk, ...opened.map(({ event }) => event))
  }
  const traced = () =>
    new RecipientTracer(test.db, test.nowUs)
      .trace(message)
      .map((one) => [
        one.address,
        one.isRecipient,
        one.clickedAt === null ? null : (one.clickedAt - START) / MINUTE,
        one.endpoint?.name ?? null,
        one.executedAt !== null,
      ])
  return { test, message, amy, ben, kiosk, url, open, relate, traced }
}

describe('what somebody else did with a message', () => {
  it('is nothing the recipient did, though both use the machine', () => {
    const { ben, open, relate, traced } = aKiosk()
    relate(open(ben, 5))
    expect(traced()).toEqual([
      ['amy@corp.test', true, null, null, false],
      ['ben@corp.test', false, 5, 'KIOSK', false],
    ])
  })

  it('stands beside what the recipient did at another time', () => {
    const { amy, ben, open, relate, traced } = aKiosk()
    relate(open(ben, 5), open(amy, 9))
    expect(traced()).toEqual([
      ['amy@corp.test', true, 9, 'KIOSK', false],
      ['ben@corp.test', false, 5, 'KIOSK', false],
    ])
  })

  it('does not take what was opened in nobody’s name from those named', () => {
    const { amy, open, relate, traced } = aKiosk()
    relate(open(undefined, 3), open(amy, 9))
    expect(traced()).toEqual([['amy@corp.test', true, 3, 'KIOSK', false]])
  })

  it('is the recipient’s when it was done in the name of the system or of nobody', () => {
    for (const name of ['NT AUTHORITY\\SYSTEM', 'KIOSK$']) {
      const { test, open, relate, traced } = aKiosk()
      relate(open(test.entity('user', name), 5))
      expect(traced()).toEqual([['amy@corp.test', true, 5, 'KIOSK', false]])
    }
    const { open, relate, traced } = aKiosk()
    relate(open(undefined, 5))
    expect(traced()).toEqual([['amy@corp.test', true, 5, 'KIOSK', false]])
  })

  it('goes on with the file that was loaded: it lies and runs with who opened the link', () => {
    const { test, ben, kiosk, url, open, relate, traced } = aKiosk()
    relate(open(ben, 5))
    const [file, process] = [test.entity('file', 'a.exe'), test.entity('process', 'a.exe 1')]
    test.relate('downloaded-to', url, file, START + 6 * MINUTE)
    test.relate('located-on', file, kiosk)
    test.relate('executed-as', file, process, START + 7 * MINUTE)
    test.relate('ran-as', process, ben)
    test.relate('ran-on', process, kiosk)
    expect(traced()).toEqual([
      ['amy@corp.test', true, null, null, false],
      ['ben@corp.test', false, 5, 'KIOSK', true],
    ])
  })

  it('leaves a program with the recipient that ran as an administrator on the recipient’s machine', () => {
    const { test, amy, kiosk, url, open, relate, traced } = aKiosk()
    relate(open(amy, 5))
    const [file, process] = [test.entity('file', 'a.exe'), test.entity('process', 'a.exe 1')]
    test.relate('downloaded-to', url, file, START + 6 * MINUTE)
    test.relate('located-on', file, kiosk)
    test.relate('executed-as', file, process, START + 7 * MINUTE)
    test.relate('ran-as', process, test.entity('user', 'Admin'))
    test.relate('ran-on', process, kiosk)
    expect(traced()).toEqual([['amy@corp.test', true, 5, 'KIOSK', true]])
  })

  it('of a link in several messages is told once, where packs speak against it, and not of who got another one', async () => {
    const { test, message, ben, open, relate, traced } = aKiosk()
    relate(open(ben, 5))
    const second = test.mail(aMessage({ messageId: 'm2@mail.test', at: START + HOUR, to: ['eve@corp.test'] }))
    const rows = () =>
      [message, second].map(
        (id) => new RecipientTracer(test.db, test.nowUs).trace(id).filter((one) => !one.isRecipient).length,
      )
    expect(rows(), 'a link everybody knows').toEqual([0, 0])
    expect(traced()).toEqual([['amy@corp.test', true, null, null, false]])
    const stated = { name: 'feed', version: '1', createdAt: START, level: null, levels: {} }
    await addPack(test.context, test.file('feed.txt', 'evil.test\n'), stated)
    expect(rows()).toEqual([1, 0])
    test.relate('delivered-to', second, test.entity('mailbox', 'ben@corp.test'), START)
    expect(rows()).toEqual([0, 0])
  })

  it('asks for steps about who clicked, not about who got the mail', async () => {
    const { test, ben, open, relate } = aKiosk()
    relate(open(ben, 5))
    setPolicy(test.context, {
      schema: 1,
      name: 'mail',
      service: 'exchange-online',
      securityLevel: 'medium',
      actions: { matched: 'quarantine' },
      retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
      notifications: { users: { enabled: true } },
    })
    const stated = { name: 'feed', version: '1', createdAt: START + HOUR, level: null, levels: {} }
    await addPack(test.context, test.file('feed.txt', 'evil.test\n'), stated)
    const run = runRetro(test.context)
    expect(run.newlyMatching.map((row) => row.mailbox)).toEqual(['amy@corp.test'])
    expect(run.exposure.map((row) => [row.recipient, row.isRecipient, row.clickedAt !== null])).toEqual([
      ['amy@corp.test', true, false],
      ['ben@corp.test', false, true],
    ])
    const items = listPlan(test.db, test.nowUs, null, NO_FINDINGS).items
    expect(
      items.map(({ action, target, reasons }) => [
        action,
        target.account ?? target.mailbox ?? target.url,
        reasons[0]?.text.key,
      ]),
    ).toEqual([
      ['revoke-sessions', 'ben@corp.test', 'plan.reason.clickedOutside'],
      ['reset-account', 'ben@corp.test', 'plan.reason.clickedOutside'],
      ['block-url', LINK, 'plan.reason.block'],
      ['quarantine-message', 'amy@corp.test', 'plan.reason.newly'],
      ['notify-user', 'amy@corp.test', 'plan.reason.notify'],
      ['notify-user', 'ben@corp.test', 'plan.reason.touched'],
    ])
  })
})

describe('a message that came late', () => {
  /** Held in quarantine at START, as the row of the mail system says for Amy alone. */
  function held() {
    const test = new TestCase(START + 1000 * HOUR)
    const message = test.mail(
      aMessage({ mailbox: undefined, deliveredAt: null, sentAt: START, recordedAction: 'quarantine' }),
    )
    test.mailbox('amy@corp.test', 'Amy')
    const amy = test.entity('user', 'Amy')
    const endpoint = test.entity('endpoint', 'WS-01')
    const trace = () => new RecipientTracer(test.db, test.nowUs).trace(message)[0]
    const release = (hours: number, outcome = 'success') =>
      test.event('mail-removed', START + hours * HOUR, {
        action: 'Quarantine release',
        outcome,
        messageId: 'm1@mail.test',
        accountMail: 'amy@corp.test',
      })
    return { test, amy, endpoint, trace, release }
  }

  it('is delivered when it is released, not before and not by a release that failed', () => {
    const { trace, release } = held()
    expect(trace()).toMatchObject({ isDelivered: false, deliveredAt: null, recordedAction: 'quarantine' })
    release(1, 'failure')
    expect(trace()).toMatchObject({ isDelivered: false, deliveredAt: null })
    release(2)
    release(5)
    expect(trace()).toMatchObject({ isDelivered: true, deliveredAt: START + 2 * HOUR })
  })

  it('counts what was done since the release', () => {
    const { test, amy, trace, release } = held()
    release(2)
    const url = test.entity('url', LINK)
    test.relate('clicked-by', url, amy, START + HOUR)
    expect(trace()?.clickedAt).toBeNull()
    test.db.prepare("UPDATE relation SET last_at = ? WHERE kind = 'clicked-by'").run(START + 3 * HOUR)
    expect(trace()?.clickedAt).toBe(START + 3 * HOUR)
  })

  it('names no sign-in from before there was a message', () => {
    const { test, amy, endpoint, trace } = held()
    test.relate('logged-on-to', amy, endpoint, START - 10 * HOUR)
    expect(trace()?.loggedOnAt).toBeNull()
    test.db.prepare("UPDATE relation SET last_at = ? WHERE kind = 'logged-on-to'").run(START + HOUR)
    expect(trace()?.loggedOnAt).toBe(START + HOUR)
  })
})
