import { describe, expect, it } from 'vitest'
import { methods } from '../../../core/contract/methods.ts'
import type { EventItem } from '../../../core/model/event.ts'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { replayClicks } from '../../../core/reputation/click-replay.ts'
import { Judge } from '../../../core/reputation/judge.ts'
import { addPack } from '../../../core/reputation/pack-add.ts'
import { setPolicy } from '../../../core/reputation/policy-stored.ts'
import type { NormalUrl } from '../../../core/normalise/url.ts'
import { decideClick } from '../../../core/reputation/time-of-click.ts'
import { EventWriter } from '../../../core/store/event-writer.ts'
import { StringWriter } from '../../../core/store/strings.ts'
import { aPolicy, aUrl, DAY } from './builders.ts'
import { aMessage, TestCase } from './case-builder.ts'

type Overrides = Readonly<Record<string, unknown>>
const on = (settings: Overrides = {}) => ({ timeOfClick: { enabled: true, ...settings } })

const incoming = { from: 'x@evil.test', to: ['amy@corp.test'], headers: [] }
interface ClickDraft {
  readonly url?: NormalUrl | undefined
  readonly level?: RiskLevel
  readonly levelThen?: RiskLevel | null
  readonly from?: string
  readonly to?: readonly string[]
}
/** `outcome clause` of a click on a link of an incoming message. */
const click = (policy: Overrides, draft: ClickDraft = {}): string => {
  const { outcome, clause } = decideClick(new Judge(aPolicy({ internalDomains: ['corp.test'], ...policy })), {
    url: 'url' in draft ? draft.url : aUrl('http://evil.test/a'),
    message: { ...incoming, ...(draft.from === undefined ? {} : { from: draft.from, to: draft.to ?? [] }) },
    levelThen: draft.levelThen ?? null,
    level: draft.level ?? 'dangerous',
    at: 5 * DAY,
  })
  return `${outcome} ${clause}`
}

describe('time of click', () => {
  it('W34: switched on, it covers links of incoming messages', () => expect(click(on())).toBe('block W35'))
  it('W34 not: neither switched off, nor for outgoing or internal messages', () => {
    expect(click({})).toBe('not-covered W34')
    expect(click(on(), { from: 'amy@corp.test', to: ['x@evil.test'] })).toBe('not-covered W34')
    expect(click(on(), { from: 'amy@corp.test', to: ['bo@corp.test'] })).toBe('not-covered W34')
  })
  it('W34 not: nor for what is no address of the web', () =>
    expect(click(on(), { url: undefined, level: 'untested' })).toBe('not-covered W34'))
  it('W33 not: no other service has it', () =>
    expect(click({ service: 'gmail', ...on() })).toBe('not-covered W33'))
  it('W35: each level has its action; unset they block, block, warn, warn and allow', () => {
    const levels = ['dangerous', 'highly-suspicious', 'suspicious', 'untested', 'safe'] as const
    expect(levels.map((level) => click(on(), { level }))).toEqual([
      'block W35',
      'block W35',
      'warn W35',
      'warn W35',
      'allow W35',
    ])
    expect(click(on({ actions: { dangerous: 'warn', untested: 'allow' } }), { level: 'untested' })).toBe(
      'allow W35',
    )
  })
  it('W36: rated-risky covers links that were risky at the delivery, untested those that were not rated', () => {
    expect(click(on({ urlScope: 'rated-risky' }), { levelThen: 'suspicious' })).toBe('block W35')
    expect(click(on({ urlScope: 'untested' }), { levelThen: 'untested' })).toBe('block W35')
    expect(click(on({ urlScope: 'all' }), { levelThen: 'safe', level: 'untested' })).toBe('warn W35')
  })
  it('W36 not: links outside the scope were never rewritten', () => {
    expect(click(on({ urlScope: 'rated-risky' }), { levelThen: 'untested' })).toBe('not-covered W36')
    expect(click(on({ urlScope: 'untested' }), { levelThen: 'suspicious' })).toBe('not-covered W36')
    expect(click(on({ urlScope: 'rated-risky' }), { level: 'safe' })).toBe('not-covered W36')
  })
  it('asks the same lists as the filter: approved is allowed, blocked is blocked, excluded mail is not covered', () => {
    const list = { enabled: true, urls: ['evil.test'] }
    expect(click({ ...on(), approvedUrls: list })).toBe('allow W44')
    expect(click({ ...on(), blockedUrls: list }, { level: 'safe' })).toBe('block W43')
    expect(click({ ...on(), approvedSenders: { enabled: true, addresses: ['x@evil.test'] } })).toBe(
      'not-covered W38',
    )
    expect(click({ ...on(), enabled: false })).toBe('not-covered W12')
  })
})

const START = Date.UTC(2026, 2, 1) * 1000
const at = (days: number): number => START + days * DAY

async function aCase() {
  const test = new TestCase(at(20))
  const policy = (overrides: Overrides) =>
    setPolicy(test.context, {
      schema: 1,
      name: 'mail',
      service: 'exchange-online',
      securityLevel: 'medium',
      internalDomains: ['corp.test'],
      actions: { matched: 'quarantine' },
      ...on(),
      ...overrides,
    })
  policy({ effectiveTo: '2026-03-06T00:00:00Z' })
  policy({
    ...on({ actions: { untested: 'allow', dangerous: 'warn' } }),
    effectiveFrom: '2026-03-06T00:00:00Z',
  })
  for (const [version, day, host] of [
    ['1', 0, 'old.test'],
    ['2', 3, 'evil.test'],
  ] as const)
    await addPack(test.context, test.file(`${version}.txt`, `${host}\n`), {
      name: 'feed',
      version,
      createdAt: at(day),
      level: null,
      levels: {},
    })
  return test
}
function record(
  test: TestCase,
  clicks: readonly { at: number | null; url: string; fields?: EventItem['fields'] }[],
): void {
  const strings = new StringWriter(test.db)
  const events = new EventWriter(test.db, strings)
  for (const [index, { at: time, url, fields }] of clicks.entries())
    events.add(1, index + 1, { type: 'event', kind: 'url-click', at: time, fields: { url, ...fields } })
  events.flush()
}
const ALL = { limit: 100, cursor: null, outcome: null }

describe('replaying clicks', () => {
  it('uses the policy and the packs of the time of each click', async () => {
    const test = await aCase()
    const message = test.mail(aMessage({ at: at(1), links: ['http://evil.test/a'] }))
    record(test, [
      { at: at(2), url: 'http://evil.test/a', fields: { action: 'ClickAllowed' } },
      { at: at(4), url: 'https://evil.test/a#top' },
      { at: at(7), url: 'http://evil.test/a' },
      { at: null, url: 'http://evil.test/a' },
    ])
    const replayed = replayClicks(test.db, ALL)
    expect(methods['click.replay'].output.parse(replayed)).toEqual(replayed)
    expect(replayed.counts).toEqual({ clicks: 3, block: 1, warn: 2, allow: 0, notCovered: 0 })
    expect(
      replayed.rows.map(({ outcome, clause, level, pack, recorded }) => [
        outcome,
        clause,
        level,
        pack,
        recorded,
      ]),
    ).toEqual([
      ['warn', 'W35', 'untested', null, 'ClickAllowed'],
      ['block', 'W35', 'dangerous', 'feed@2', null],
      ['warn', 'W35', 'dangerous', 'feed@2', null],
    ])
    expect(replayed.rows[0]?.message).toMatchObject({ id: String(message), kind: 'message' })
  })

  it('finds the message before the click, the one the log names first, and does without one', async () => {
    const test = await aCase()
    test.mail(aMessage({ messageId: 'in', at: at(1), uniqueId: 'net-1' }))
    const outgoing = test.mail(
      aMessage({
        messageId: 'out',
        subject: 'Re',
        at: at(2),
        from: { address: 'amy@corp.test' },
        to: ['x@evil.test'],
        uniqueId: 'net-2',
      }),
    )
    record(test, [
      { at: at(0.5), url: 'http://evil.test/a' },
      { at: at(3.5), url: 'http://evil.test/a' },
      { at: at(3.6), url: 'http://nowhere.test/' },
    ])
    const rows = replayClicks(test.db, ALL).rows
    expect(rows.map((row) => [row.message?.name ?? null, row.outcome])).toEqual([
      [null, 'warn'],
      ['Invoicein', 'block'],
      [null, 'warn'],
    ])
    expect(rows.some((row) => row.message?.id === String(outgoing))).toBe(false)
  })

  it('pages, and lists one outcome only', async () => {
    const test = await aCase()
    record(
      test,
      Array.from({ length: 5 }, (_, index) => ({ at: at(4 + index / 10), url: `http://evil.test/${index}` })),
    )
    const first = replayClicks(test.db, { ...ALL, limit: 3 })
    const second = replayClicks(test.db, { ...ALL, limit: 3, cursor: first.next })
    expect([...first.rows, ...second.rows].map((row) => row.url.at(-1))).toEqual(['0', '1', '2', '3', '4'])
    expect(second.next).toBeNull()
    expect(replayClicks(test.db, { ...ALL, outcome: 'allow' })).toMatchObject({
      rows: [],
      total: 0,
      counts: { block: 5 },
    })
  })

  it('says that nothing is covered in a case without a policy', () => {
    const test = new TestCase(at(20))
    record(test, [{ at: at(1), url: 'http://evil.test/a' }])
    expect(replayClicks(test.db, ALL).rows).toMatchObject([
      { outcome: 'not-covered', clause: 'W34', policy: 'Default' },
    ])
  })
})
