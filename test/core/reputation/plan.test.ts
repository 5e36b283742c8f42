import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Plan, type PlanItem } from '../../../core/contract/nouns/plan.ts'
import { methods } from '../../../core/contract/methods.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import planHandlers from '../../../core/reputation/plan.handlers.ts'
import type { Ask } from '../../../core/jobs/handlers.ts'
import { NO_FINDINGS } from '../../../core/reputation/plan-findings.ts'
import { decidePlan, listPlan } from '../../../core/reputation/plan-stored.ts'
import csv, { cell } from '../../../core/reputation/plan/csv.plan.ts'
import graph from '../../../core/reputation/plan/graph.plan.ts'
import json from '../../../core/reputation/plan/json.plan.ts'
import powershell, { quote } from '../../../core/reputation/plan/powershell.plan.ts'
import { planExporters } from '../../../core/reputation/plan/registry.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import { runRetro } from '../../../core/reputation/retro-stored.ts'
import { DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY
const facts = { at: '2026-03-21T00:00:00.000Z', caseName: 'case', words: () => 'because' }

const policy = (test: TestCase, overrides: Readonly<Record<string, unknown>> = {}) =>
  setPolicy(test.context, {
    schema: 1,
    name: 'mail',
    service: 'exchange-online',
    securityLevel: 'medium',
    actions: { matched: 'quarantine' },
    retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
    ...overrides,
  })
const pack = (test: TestCase, version: string, days: number, ...lines: readonly string[]) =>
  addPack(test.context, test.file(`feed-${version}.txt`, `${lines.join('\n')}\n`), {
    name: 'feed',
    version,
    createdAt: at(days),
    level: null,
    levels: {},
  })

/** Amy clicked and ran something, Bob only got the message. */
async function aCampaign(overrides: Readonly<Record<string, unknown>> = {}) {
  const test = new TestCase(at(20))
  policy(test, overrides)
  await pack(test, '1', 0, 'gone.test')
  const message = test.mail(
    aMessage({ at: at(1), links: ['http://evil.test/a'], uniqueId: 'u1', mailbox: 'amy@corp.test' }),
  )
  test.mail(aMessage({ at: at(1), links: ['http://evil.test/a'], to: ['bob@corp.test'] }))
  test.mail(
    aMessage({ messageId: 'q', at: at(1), links: ['http://gone.test/'], recordedAction: 'quarantine' }),
  )
  await pack(test, '2', 7, 'evil.test')
  const amy = test.mailbox('amy@corp.test', 'Amy')
  test.mailbox('bob@corp.test', 'Bob')
  test.relate('delivered-to', message, amy, at(1))
  const user = test.entity('user', 'Amy')
  const endpoint = test.entity('endpoint', 'WS-01')
  const url = test.entity('url', 'http://evil.test/a')
  const process = test.entity('process', 'a.exe 1')
  const file = test.entity('file', 'a.exe')
  test.relate('clicked-by', url, user, at(2))
  test.relate('downloaded-to', url, file, at(2))
  test.relate('executed-as', file, process, at(2) + 1)
  test.relate('ran-as', process, user)
  test.relate('ran-on', process, endpoint)
  return { test, message }
}

const lineOf = (item: PlanItem): string =>
  [
    item.action,
    item.target.mailbox ?? item.target.account ?? item.target.endpoint ?? item.target.url,
    item.reasons[0]?.rule,
  ].join(' ')

describe('the remediation plan', () => {
  it('follows from a retro scan and from what people did, each step with reason and evidence', async () => {
    const { test, message } = await aCampaign()
    expect(listPlan(test.db, test.nowUs, null, NO_FINDINGS)).toMatchObject({ run: null })
    runRetro(test.context)
    const plan = listPlan(test.db, test.nowUs, null, NO_FINDINGS)
    expect(Plan.parse(plan)).toEqual(plan)
    expect(plan.items.map(lineOf).sort()).toEqual([
      'block-url http://evil.test/a W30',
      'isolate-endpoint WS-01 file.opened',
      'notify-user amy@corp.test W71',
      'quarantine-message amy@corp.test W30',
      'quarantine-message bob@corp.test W30',
      'reset-account amy@corp.test link.opened',
      'restore-message amy@corp.test W31',
      'revoke-sessions amy@corp.test link.opened',
    ])
    const first = plan.items.find((item) => item.action === 'quarantine-message')
    expect(first).toMatchObject({
      state: 'open',
      target: {
        mailbox: 'amy@corp.test',
        messageId: 'm1@mail.test',
        uniqueId: 'u1',
        sender: 'bad@evil.test',
      },
      reasons: [{ rule: 'W30', text: { key: 'plan.reason.newly' } }],
      evidence: { messages: [{ id: String(message) }] },
    })
    const isolate = plan.items.find((item) => item.action === 'isolate-endpoint')
    expect(isolate?.evidence.relations.length).toBeGreaterThan(0)
  })

  it('W58 asks for the action of the policy, and for none when that is pass', async () => {
    const deleting = await aCampaign({ actions: { matched: 'delete' } })
    runRetro(deleting.test.context)
    const actions = (test: TestCase) =>
      listPlan(test.db, test.nowUs, null, NO_FINDINGS).items.map((item) => item.action)
    expect(actions(deleting.test)).toContain('delete-message')
    expect(actions(deleting.test)).not.toContain('quarantine-message')
    const passing = await aCampaign({ actions: { matched: 'pass' } })
    runRetro(passing.test.context)
    expect(actions(passing.test)).not.toContain('delete-message')
    expect(actions(passing.test)).not.toContain('block-url')
    expect(actions(passing.test)).toContain('reset-account')
  })

  it('W32 proposes no restoration of what was deleted, nor an action on a copy that is gone', async () => {
    const test = new TestCase(at(20))
    policy(test)
    await pack(test, '1', 0, 'gone.test')
    test.mail(aMessage({ messageId: 'd', at: at(1), links: ['http://gone.test/'], recordedAction: 'delete' }))
    test.mail(
      aMessage({ messageId: 'q', at: at(1), links: ['http://evil.test/'], recordedAction: 'quarantine' }),
    )
    await pack(test, '2', 7, 'evil.test')
    runRetro(test.context)
    expect(listPlan(test.db, test.nowUs, null, NO_FINDINGS).items.map((item) => item.action)).toEqual([
      'block-url',
    ])
  })

  it('keeps decisions over runs, with note and time, in the audit log', async () => {
    const { test } = await aCampaign()
    runRetro(test.context)
    const [first, second] = listPlan(test.db, test.nowUs, null, NO_FINDINGS).items
    if (first === undefined || second === undefined) throw new Error('no plan')
    decidePlan(test.context, [first.id], 'approved', 'agreed with the mail team', NO_FINDINGS)
    decidePlan(test.context, [second.id], 'declined', '', NO_FINDINGS)
    runRetro(test.context)
    const plan = listPlan(test.db, test.nowUs, null, NO_FINDINGS)
    expect(plan.run?.id).toBe('2')
    expect(plan.counts).toMatchObject({ approved: 1, declined: 1 })
    expect(plan.items.find((item) => item.id === first.id)).toMatchObject({
      state: 'approved',
      note: 'agreed with the mail team',
      decidedAt: '2026-03-21T00:00:00.000Z',
    })
    decidePlan(test.context, [first.id], 'open', '', NO_FINDINGS)
    expect(listPlan(test.db, test.nowUs, null, NO_FINDINGS).counts).toMatchObject({
      approved: 0,
      declined: 1,
    })
    const audit = test.db.prepare("SELECT count(*) FROM audit WHERE action = 'plan.decide'").pluck().get()
    expect(audit).toBe(3)
    expect(() => decidePlan(test.context, ['nonsense'], 'approved', '', NO_FINDINGS)).toThrow(
      'request.not_found',
    )
  })

  it('writes approved steps only, unless all are asked for; what is written is audited', async () => {
    const { test } = await aCampaign()
    runRetro(test.context)
    const noStories = { rows: [], next: null, total: 0, below: 0 }
    const context = { ...test.context, ask: (() => Promise.resolve(noStories)) as unknown as Ask }
    const write = planHandlers['plan.export']
    const out = join(test.folder, 'plan.csv')
    const none = await write?.(context, { grant: out, format: 'csv', run: null, all: false })
    expect(none).toMatchObject({ items: 0 })
    const all = methods['plan.export'].output.parse(
      await write?.(context, { grant: out, format: 'csv', run: null, all: true }),
    )
    expect(all).toMatchObject({ items: 8, left: 0 })
    expect(readFileSync(out, 'utf8')).toContain('quarantine-message')
    const last = test.db.prepare('SELECT action FROM audit ORDER BY seq DESC LIMIT 1').pluck().get()
    expect(last).toBe('plan.exported')
    for (const { id } of planExporters)
      expect(
        await planHandlers['plan.preview']?.(context, { format: id, run: null, all: true }),
      ).toMatchObject({
        text: expect.stringContaining('amy@corp.test') as string,
      })
  })
})

const anItem = (action: PlanItem['action'], target: Partial<PlanItem['target']>): PlanItem => ({
  id: 'abc',
  action,
  target: {
    mailbox: null,
    messageId: null,
    uniqueId: null,
    subject: null,
    sender: null,
    deliveredAt: null,
    url: null,
    account: null,
    endpoint: null,
    inboxRule: null,
    text: null,
    ...target,
  },
  subject: null,
  reasons: [],
  evidence: { messages: [], relations: [], events: [] },
  state: 'approved',
  note: '',
  decidedAt: null,
})
const evil = "x'; Remove-Item C:\\ -Recurse #\r\n$(calc) `\u2019; calc \u2018"

describe('the plan in other systems’ words', () => {
  it.each([
    ['http://a.test/x', "'a.test/x'", false],
    ['http://a.test/x?id=1', "'a.test/x'", true],
    ['http://a.test/?id=1', null, false],
    ['http://a.test?id=1', null, false],
  ])('W2 blocks no site for one page: %s', (url, entry, isWider) => {
    const { text, left } = powershell.write([anItem('block-url', { url })], { ...facts, words: () => '' })
    expect(left).toBe(entry === null ? 1 : 0)
    expect(/-Entries (\S+)/.exec(text)?.[1] ?? null).toBe(entry)
    expect(text.includes('takes no query')).toBe(isWider)
  })

  it('quotes for PowerShell: straight and typographic quotes doubled, no line breaks, nothing expanded', () => {
    expect(quote("a'b")).toBe("'a''b'")
    expect(quote('a\u2019; calc #')).toBe("'a\u2019\u2019; calc #'")
    expect(quote('a\r\nb\u2028c\u202ed')).toBe("'a b c d'")
    const items = [
      anItem('delete-message', {
        mailbox: evil,
        subject: `${evil}" OR from:"`,
        sender: evil,
        messageId: evil,
      }),
      anItem('remove-inbox-rule', { mailbox: evil, inboxRule: evil }),
      anItem('revoke-sessions', { account: evil }),
      anItem('restore-message', { mailbox: evil, messageId: evil }),
      anItem('isolate-endpoint', { endpoint: evil }),
    ]
    const { text, left } = powershell.write(items, { ...facts, words: () => evil, caseName: evil })
    expect(left).toBe(1)
    for (const line of text
      .replace(/^\ufeff/, '')
      .split('\r\n')
      .slice(3)) {
      if (line.startsWith('#') || line === '') continue
      // Outside of literals nothing of the evidence is left.
      const bare = line.replace(/'(?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*'/gu, '')
      expect(bare).not.toMatch(/calc|Remove-Item|['\u2018-\u201b$`;#]/u)
    }
    expect(text).not.toMatch(/[^\r]\n/)
    expect(text.startsWith('\ufeff$CarryOut = $false')).toBe(true)
    // Not a matter of -WhatIf, which some of these cmdlets ignore: the file itself stops.
    expect(text.split('\r\n')[1]).toMatch(/^if \(-not \$CarryOut\) \{.*return \}$/)
  })

  it('keeps cells from being formulas', () => {
    for (const text of ['=cmd|1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\uff1d1'])
      expect(cell(text).replace(/^"/, '').startsWith("'"), JSON.stringify(text)).toBe(true)
    expect(cell('plain')).toBe('plain')
    expect(cell('a"b,c')).toBe('"a""b,c"')
    const { text } = csv.write(
      [anItem('notify-user', { account: 'a@b.test', subject: '=HYPERLINK("x")' })],
      facts,
    )
    expect(text.split('\r\n')[1]).toContain(`"'=HYPERLINK(""x"")"`)
  })

  it('escapes names and filters in Graph addresses', () => {
    const { text, items, left } = graph.write(
      [
        anItem('delete-message', {
          mailbox: "o'neil/../x@corp.test",
          messageId: "a'b&c@x",
          uniqueId: 'no-guid',
        }),
        anItem('quarantine-message', {
          mailbox: 'a@corp.test',
          uniqueId: '00000000-0000-4000-8000-000000000001',
        }),
        anItem('isolate-endpoint', { endpoint: 'WS-01' }),
      ],
      facts,
    )
    const document = JSON.parse(text) as {
      steps: { requests: { url: string; body?: { action?: string } }[] }[]
    }
    expect([items, left]).toEqual([2, 1])
    expect(document.steps[0]?.requests[0]?.url).toBe(
      "https://graph.microsoft.com/v1.0/users/o%27neil%2F..%2Fx%40corp.test/messages?$filter=internetMessageId%20eq%20'%3Ca''b%26c%40x%3E'&$select=id",
    )
    expect(document.steps[1]?.requests[0]?.body?.action).toBe('moveToQuarantine')
  })

  it('gives the scanner what its mitigation interface takes: both ids where known, accounts by address, blocked URLs', () => {
    const { text, items, left } = json.write(
      [
        anItem('quarantine-message', {
          mailbox: 'a@corp.test',
          messageId: 'm@x',
          uniqueId: 'u',
          deliveredAt: facts.at,
        }),
        anItem('reset-account', { account: 'a@corp.test' }),
        anItem('reset-account', { account: 'CORP\\a' }),
        anItem('block-url', { url: 'http://evil.test/' }),
        anItem('restore-message', { mailbox: 'a@corp.test', messageId: 'm@x' }),
      ],
      facts,
    )
    expect([items, left]).toEqual([3, 2])
    expect(JSON.parse(text)).toMatchObject({
      '/v1/mitigation/mails': [
        {
          action_type: 'MAIL_QUARANTINE',
          service: 'exchange',
          account_provider: 'office365',
          mailbox: 'a@corp.test',
          mail_message_id: '<m@x>',
          mail_unique_id: 'u',
          mail_message_delivery_time: facts.at,
        },
      ],
      '/v1/mitigation/accounts': [
        { action_type: 'ACCOUNT_RESET_PASSWORD', account_user_email: 'a@corp.test' },
      ],
      '/v1/remediation/mails': [{ action_type: 'create', rules: { urls: ['http://evil.test/'] } }],
    })
  })
})
