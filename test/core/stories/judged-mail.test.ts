import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { packedSoon } from '../../../core/graph/network-cache.ts'
import { inTurns } from '../../../core/jobs/turn.ts'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import { buildStories } from '../../../core/stories/build-stories.ts'
import { EntityFacts } from '../../../core/stories/entity-facts.ts'
import { countedOnce } from '../../../core/stories/judged-links.ts'
import type { Seed } from '../../../core/stories/seed.ts'
import type { Story } from '../../../core/stories/story.ts'
import { GraphCase } from '../graph/graph-case.ts'

const LINK = 'https://sign-in.rare.example/doc'
const phish = exampleMessage(0, {
  uniqueId: 'n1',
  mailbox: 'amber@corp.example',
  urls: [{ url: LINK, where: 'body' }],
  headers: [{ name: 'ThreatTypes', value: 'Phish' }],
})
const amber = { host: undefined, account: 'amber@corp.example', accountMail: 'amber@corp.example' }
const click = exampleEvent('url-click', 600, {
  ...amber,
  url: LINK,
  networkMessageId: 'n1',
  outcome: 'success',
})
const signIn = exampleEvent('cloud-sign-in', 3 * 3600, {
  ...amber,
  outcome: 'success',
  severity: 'high',
  sourceIp: '203.0.113.9',
  location: 'Bucharest, RO',
})
const told = async (items: readonly RecordItem[]) => {
  await using graph = await GraphCase.of([exampleUser('amber', 1105), phish, ...items])
  return (await graph.client.call('story.list', {})).rows
}

describe('mail that a product called malicious', () => {
  it('makes a story with the message it began with and who opened it', async () => {
    const [story, ...more] = await told([click])
    expect(more).toEqual([])
    expect(story?.title).toMatchObject({ key: 'story.title.mail', params: { subject: 'Invoice' } })
    expect(story?.users.map(({ name }) => name)).toEqual(['amber'])
    expect(story?.reasons.map(({ code }) => code)).toEqual(['email_vector', 'detection_high', 'corroborated'])
  })

  it('is one story with the odd sign-in that followed, by the click or by the time alone', async () => {
    const [clicked, ...others] = await told([click, signIn])
    expect(others).toEqual([])
    expect(clicked?.reasons.map(({ code }) => code)).toContain('email_vector')
    const [byTime, ...apart] = await told([signIn])
    expect(apart).toEqual([])
    // Nobody saw a click: that the mail led to it is a perhaps.
    expect(byTime?.reasons.map(({ code }) => code)).toContain('email_maybe')
    expect(byTime?.counts.detections).toBe(2)
  })
})

describe('a link that packs and the product both call bad', () => {
  const seed = (sign: Seed['sign'], weight: number, nodes: number[], detection = -1): Seed => ({
    sign,
    weight,
    sure: 1,
    at: 0,
    nodes,
    relation: -1,
    detection,
  })
  const seeds = [seed('bad_link', 0.5, [7, 1]), seed('detection_high', 0.5, [3, 7], 9)]
  const weights = (isGrave: boolean | undefined) =>
    countedOnce(seeds, new Map([[7, [9]]]), () => isGrave).map((one) => (one.isToldTwice ? 0 : one.weight))

  it('counts once, by the graver word', () => {
    expect(weights(true)).toEqual([0.5, 0])
    expect(weights(false)).toEqual([0, 0.5])
    expect(weights(undefined)).toEqual([0.5, 0.5])
  })

  it('takes nothing apart that the word of the product alone had joined', async () => {
    const inSession = { host: 'WS-01', logonId: '0x4660' }
    await using graph = await GraphCase.of([
      exampleUser('amber', 1105),
      phish,
      exampleEvent('url-click', 600, {
        ...amber,
        ...inSession,
        url: LINK,
        outcome: 'success',
      }),
      exampleEvent('process-start', 660, {
        ...inSession,
        account: undefined,
        accountSid: undefined,
        processPath: 'C:\\Windows\\System32\\vssadmin.exe',
        commandLine: 'vssadmin delete shadows /all /quiet',
        processGuid: exampleGuid(1),
        pid: 62,
        parentPath: 'C:\\Windows\\explorer.exe',
        parentPid: 60,
      }),
    ])
    const { db } = graph.testCase
    const network = await packedSoon(db)
    const link = Number(db.prepare("SELECT id FROM entity WHERE kind = 'url'").pluck().get())
    const withRisk = async (risks: ReadonlyMap<number, RiskLevel>) =>
      await inTurns(buildStories(db, network, new EntityFacts(db, network), risks))
    const [before, ...others] = await withRisk(new Map())
    expect(others).toEqual([])
    const [after, ...more] = await withRisk(new Map([[link, 'dangerous']]))
    expect(more).toEqual([])
    expect(after?.things).toEqual(before?.things)
    const codes = (story: Story | undefined) => story?.reasons.map(({ code }) => code)
    expect(codes(before)).toContain('detection_high')
    expect(codes(after)).toContain('bad_link')
    expect(codes(after)).not.toContain('detection_high')
  })
})
