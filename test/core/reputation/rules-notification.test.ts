import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Judge, judgeMessage, type JudgedUrl } from '../../../core/reputation/judge.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { toDraft } from '../../../core/reputation/notification-draft.ts'
import { draftNotices, writeNotificationDrafts } from '../../../core/reputation/notification-drafts.ts'
import { consolidate } from '../../../core/reputation/notification-threshold.ts'
import { expand, TOKENS } from '../../../core/reputation/notification-tokens.ts'
import notificationWords from '../../../core/reputation/notification.words.ts'
import { noticesOf, toFilterAction, type FilterAction } from '../../../core/reputation/notification.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { runRetro } from '../../../core/reputation/retro-stored.ts'
import { aShelf, DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

type Overrides = Readonly<Record<string, unknown>>
const HOUR = DAY / 24
const words = Object.fromEntries(
  Object.entries(notificationWords.texts.en).map(([key, text]) => [`notification.${key}`, text]),
)
const policy = (overrides: Overrides = {}) =>
  parsePolicy({
    schema: 1,
    name: 'Mail',
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: overrides['service'] === 'teams-chat' ? 'block' : 'quarantine' },
    ...overrides,
  })
const administrators = (settings: Overrides = {}) => ({
  administrators: { enabled: true, recipients: ['soc@corp.test'], ...settings },
})
const shelf = aShelf({ scope: 'host', pattern: 'evil.test' })
const BAD: JudgedUrl = { url: 'http://evil.test/a', where: 'body' }
/** The filter action on a message with a dangerous link. */
function act(
  overrides: Overrides = {},
  urls: readonly JudgedUrl[] = [BAD],
  at = 5 * DAY,
): FilterAction | null {
  const own = policy(overrides)
  const message = { from: 'x@evil.test', to: ['amy@corp.test', 'bo@corp.test'], headers: [], urls }
  const judged = judgeMessage(new Judge(own), message, shelf, shelf.inForceNow(), at)
  return toFilterAction(own, judged, {
    at,
    sender: message.from,
    recipients: message.to,
    subject: 'Invoice',
    attachments: ['a.pdf'],
  })
}
const told = (overrides: Overrides, urls?: readonly JudgedUrl[]) => {
  const action = act(overrides, urls)
  return action === null ? [] : noticesOf(action, words)
}
const audiences = (overrides: Overrides, urls?: readonly JudgedUrl[]) =>
  told(overrides, urls).map(({ audience, recipients, groups }) => [audience, ...groups, ...recipients])
const users = { users: { enabled: true } }

describe('who is told', () => {
  it('W66: groups and individual recipients of the administrators', () =>
    expect(audiences({ notifications: administrators({ groups: ['SOC'] }) })).toEqual([
      ['administrators', 'SOC', 'soc@corp.test'],
    ]))
  it('W66 not: nobody while it is off', () =>
    expect(audiences({ notifications: administrators({ enabled: false }) })).toEqual([]))
  it('W67: the text says that a risk was detected and an action taken', () => {
    const [notice] = told({ notifications: administrators() })
    expect(notice?.body).toContain(
      'A security risk was detected and an action was taken on a message, attachment or file.',
    )
    expect(notice?.body).toContain('Action: quarantined')
  })
  it('W67 not: there is none when nothing was done, or when it was passed without logging', () => {
    expect(told({ notifications: administrators() }, [{ url: 'http://ok.test/', where: 'body' }])).toEqual([])
    expect(told({ actions: { matched: 'pass-silently' }, notifications: administrators() })).toEqual([])
    expect(told({ actions: { matched: 'pass' }, notifications: administrators() })).toHaveLength(1)
  })
  it('W71: the recipients of mail', () => {
    for (const service of ['exchange-online', 'gmail'])
      expect(audiences({ service, notifications: users })).toEqual([
        ['users', 'amy@corp.test', 'bo@corp.test'],
      ])
  })
  it('W72: whoever updated the file', () => {
    for (const service of ['sharepoint', 'onedrive', 'teams', 'box', 'dropbox', 'google-drive'])
      expect(audiences({ service, notifications: users })).toEqual([['users', 'x@evil.test']])
  })
  it('W72 not: not those with whom it is shared', () =>
    expect(audiences({ service: 'box', notifications: users }).flat()).not.toContain('amy@corp.test'))
  it('W73: whoever updated the record of Salesforce', () =>
    expect(audiences({ service: 'salesforce', notifications: users })).toEqual([['users', 'x@evil.test']]))
  it('W73 not: nobody for files whose own action is not notified of (W61)', () => {
    const file: JudgedUrl = { ...BAD, where: 'attachment', attachment: 'a.doc' }
    const fileAction = (notify: boolean) => ({
      service: 'salesforce',
      actions: { matched: 'pass', fileAction: { enabled: true, action: 'delete', notify } },
      notifications: users,
    })
    expect(audiences(fileAction(false), [file])).toEqual([])
    expect(audiences(fileAction(true), [file])).toEqual([['users', 'x@evil.test']])
    expect(audiences(fileAction(false), [file, BAD])).toEqual([['users', 'x@evil.test']])
  })
  it('W74: administrators are told of blocked chat messages', () =>
    expect(audiences({ service: 'teams-chat', notifications: administrators() })).toEqual([
      ['administrators', 'soc@corp.test'],
    ]))
})

describe('three threshold modes', () => {
  const threshold = (settings: Overrides) =>
    policy({ notifications: administrators({ threshold: settings }) })
  const actionsAt = (...hours: number[]): FilterAction[] =>
    hours.flatMap((hour) => act({ notifications: administrators() }, [BAD], 5 * DAY + hour * HOUR) ?? [])
  const mails = (settings: Overrides, hours: readonly number[], now: number) => {
    const found = consolidate(threshold(settings), actionsAt(...hours), 5 * DAY + now * HOUR)
    return {
      mails: found.mails.map((mail) => [(mail.at - 5 * DAY) / HOUR, mail.actions.length]),
      pending: found.pending,
    }
  }
  it('W68: one mail with all notifications of a period of hours or days', () => {
    expect(mails({ mode: 'period', hours: 4 }, [0, 1, 3.9, 4, 9], 100)).toEqual({
      mails: [
        [4, 3],
        [8, 1],
        [13, 1],
      ],
      pending: 0,
    })
    expect(mails({ mode: 'period', days: 1 }, [0, 23, 24], 100)).toEqual({
      mails: [
        [24, 2],
        [48, 1],
      ],
      pending: 0,
    })
  })
  it('W68 not: no mail before the period has ended', () =>
    expect(mails({ mode: 'period', hours: 4 }, [0, 1, 5], 8)).toEqual({ mails: [[4, 2]], pending: 1 }))
  it('W69: one mail per number of occurrences', () =>
    expect(mails({ mode: 'count', count: 2 }, [0, 1, 2, 3], 100)).toEqual({
      mails: [
        [1, 2],
        [3, 2],
      ],
      pending: 0,
    }))
  it('W69 not: no mail for an incomplete number', () =>
    expect(mails({ mode: 'count', count: 3 }, [0, 1, 2, 3], 100)).toEqual({ mails: [[2, 3]], pending: 1 }))
  it('W70: one mail per action, also when no mode is set', () => {
    expect(mails({ mode: 'individual' }, [0, 1], 1)).toEqual({
      mails: [
        [0, 1],
        [1, 1],
      ],
      pending: 0,
    })
    expect(consolidate(policy({ notifications: administrators() }), actionsAt(0, 1), 0).mails).toHaveLength(2)
  })
  it('drafts one mail to administrators for several actions, and one per user and action', () => {
    const notifications = {
      ...administrators({ threshold: { mode: 'count', count: 2 }, subject: '%suspicious_url%' }),
      ...users,
    }
    const own = policy({ notifications })
    const actions = actionsAt(0, 1, 2).map((action, index) => ({
      ...action,
      policy: own,
      urls: [{ url: `http://evil.test/${index}`, level: 'dangerous' as const, category: null }],
    }))
    const { notices, pending } = draftNotices(actions, 9 * DAY, words)
    expect(pending).toBe(1)
    expect(
      notices.filter(({ audience }) => audience === 'users').map(({ recipients }) => recipients.join()),
    ).toEqual([
      'amy@corp.test',
      'bo@corp.test',
      'amy@corp.test',
      'bo@corp.test',
      'amy@corp.test',
      'bo@corp.test',
    ])
    const [digest] = notices.filter(({ audience }) => audience === 'administrators')
    expect(digest?.subject).toBe('hxxp://evil[.]test/0, hxxp://evil[.]test/1')
    expect(digest?.body.split('----------------------------------------')).toHaveLength(2)
  })
})

describe('templates', () => {
  const fill = (template: string, overrides: Partial<FilterAction> = {}): string => {
    const action = act({ notifications: administrators() })
    return action === null ? '' : expand(template, [{ ...action, ...overrides }], words)
  }
  it('W75: token variables stand for what happened, in any case', () => {
    expect(fill('%action% %policy_name% %SENDER% %Recipient% %subject% %attachments%')).toBe(
      'quarantined Mail x@evil.test amy@corp.test, bo@corp.test Invoice a.pdf',
    )
    expect(fill('%date% %time% %risk_level% %suspicious_url% %Product_Name%')).toBe(
      '1970-01-06 00:00:00 UTC Dangerous hxxp://evil[.]test/a Redthread',
    )
    expect(fill('%violator%|%foundin%|%filename%', { files: ['a.doc'], sender: 'amy@corp.test' })).toBe(
      'amy@corp.test|a.doc|a.doc',
    )
    for (const token of TOKENS) expect(fill(`%${token}%`), token).not.toContain('%')
  })
  it('W75 not: unknown tokens, per cent signs and what evidence puts in stay as they are', () => {
    expect(fill('100% of %nothing% here %')).toBe('100% of %nothing% here %')
    expect(fill('%subject%', { subject: '%sender% $& %action%' })).toBe('%sender% $& %action%')
    expect(fill('%dlptemplatename%|%url_category%')).toBe('|')
  })
  it('a line break in a subject of evidence begins no header', () => {
    const action = act({ notifications: administrators({ subject: 'Seen: %subject%' }) })
    const [notice] =
      action === null ? [] : noticesOf({ ...action, subject: 'a\r\nBcc: all@corp.test\u202e' }, words)
    const draft = toDraft(notice ?? expect.fail('no notice'))
    expect(draft.split('\r\n').filter((line) => line.startsWith('Bcc'))).toEqual([])
    expect(draft).toContain('Subject: Seen: a Bcc: all@corp.test')
  })
  it('has the same keys in three languages', () => {
    const { en, 'zh-TW': zh, ja } = notificationWords.texts
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort())
    expect(Object.keys(ja).sort()).toEqual(Object.keys(en).sort())
  })
})

describe('drafts', () => {
  it('are unsent mail that any program opens', () => {
    const notice = {
      audience: 'administrators' as const,
      mode: 'individual' as const,
      groups: ['資安小組', 'a;b'],
      recipients: ['soc@corp.test'],
      subject: `不安全 ${'長'.repeat(40)}`,
      body: 'Ä\nb',
      at: 5 * DAY,
    }
    const draft = toDraft(notice)
    expect(draft).toContain('X-Unsent: 1\r\n')
    expect(draft).toContain('To: =?utf-8?B?6LOH5a6J5bCP57WE?=:;,\r\n a b:;,\r\n soc@corp.test\r\n')
    const subject = /^Subject: ((?:.*\r\n )*.*)\r\n/m.exec(draft)?.[1] ?? ''
    const decoded = subject
      .split('\r\n ')
      .map((word) => Buffer.from(/\?B\?(.*)\?=/.exec(word)?.[1] ?? '', 'base64').toString())
    expect(decoded.join('')).toBe(notice.subject)
    expect(Math.max(...draft.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78)
    expect(Buffer.from(draft.split('\r\n\r\n')[1] ?? '', 'base64').toString()).toBe('Ä\r\nb')
    expect(toDraft(notice)).toBe(draft)
  })

  const START = Date.UTC(2026, 2, 1) * 1000
  const at = (days: number): number => START + days * DAY
  async function aCase() {
    const test = new TestCase(at(20))
    const set = (overrides: Overrides) => setPolicy(test.context, { ...policy(overrides) })
    set({
      retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
      notifications: { ...administrators(), ...users },
    })
    for (const [version, day, host] of [
      ['1', 0, 'evil.test'],
      ['2', 3, 'evil.test\nlater.test'],
    ] as const)
      await addPack(test.context, test.file(`${version}.txt`, `${host}\n`), {
        name: 'feed',
        version,
        createdAt: at(day),
        level: null,
        levels: {},
      })
    test.mailbox('amy@corp.test', 'Amy')
    test.mail(aMessage({ messageId: 'a', subject: 'Bad', at: at(1) }))
    test.mail(aMessage({ messageId: 'b', subject: 'Later', at: at(2), links: ['http://later.test/'] }))
    test.mail(aMessage({ messageId: 'c', subject: 'Undated', at: null }))
    const context = { ...test.context, ask: () => Promise.resolve(words as never) }
    return { test, context }
  }

  it('are written into a folder, about every message at its delivery; the audit log says so', async () => {
    const { test, context } = await aCase()
    const folder = join(test.folder, 'drafts')
    const written = await writeNotificationDrafts(context, { grant: folder, run: null, lang: 'en' })
    expect(written).toEqual({ path: folder, drafts: 2, administrators: 1, users: 1, actions: 1, pending: 0 })
    expect(readdirSync(folder).sort()).toEqual(['00001-users.eml', '00002-administrators.eml'])
    expect(readFileSync(join(folder, '00001-users.eml'), 'utf8')).toContain('To: amy@corp.test\r\n')
    const last = test.db.prepare('SELECT action, details FROM audit ORDER BY seq DESC LIMIT 1').get() as {
      action: string
      details: string
    }
    expect(last.action).toBe('notification.drafts')
    expect(JSON.parse(last.details)).toMatchObject({ drafts: 2, actions: 1, run: null })
    await expect(
      writeNotificationDrafts(context, { grant: folder, run: null, lang: 'en' }),
    ).rejects.toMatchObject({ code: 'output.not_empty' })
  })

  it('are written about a retro scan into a ZIP', async () => {
    const { test, context } = await aCase()
    const run = runRetro(context, { pack: null, base: null, dryRun: false })
    expect(run.newlyMatching).toHaveLength(1)
    const path = join(test.folder, 'drafts.zip')
    const written = await writeNotificationDrafts(context, { grant: path, run: run.run.id, lang: 'en' })
    expect(written).toMatchObject({ drafts: 2, administrators: 1, users: 1, actions: 1 })
    const bytes = readFileSync(path)
    expect(bytes.toString('latin1', 0, 4)).toBe('PK\x03\x04')
    expect(bytes.includes('Subject: Redthread: quarantined (Mail)')).toBe(true)
    await expect(
      writeNotificationDrafts(context, { grant: path, run: '99', lang: 'en' }),
    ).rejects.toMatchObject({ code: 'request.not_found' })
  })

  it('leave nothing behind where they cannot be written', async () => {
    const { test, context } = await aCase()
    const file = test.file('taken', 'x')
    await expect(
      writeNotificationDrafts(context, { grant: join(file, 'in'), run: null, lang: 'en' }),
    ).rejects.toMatchObject({ code: 'store.unwritable' })
    expect(existsSync(join(file, 'in'))).toBe(false)
  })
})
