import { describe, expect, it } from 'vitest'
import type { DetectionDraft, Rule } from '../../../core/correlation/rule.ts'
import { anEvent } from '../../support/case-builder.ts'
import { GraphCase, START } from '../graph/graph-case.ts'

const ANN = { kind: 'user', key: 'test:ann', name: 'ann', aliases: [{ kind: 'name', value: 'ann' }] } as const

/** A rule that finds the same about one account minute after minute, surer each time. */
const finding = (times: number, evidenceId: number): Rule => ({
  id: 'test.detected',
  order: 1,
  relations: [],
  detections: ['odd'],
  attack: [],
  texts: { en: {}, 'zh-TW': {}, ja: {} },
  matches: [],
  ignores: [],
  *run(): Generator<DetectionDraft> {
    for (let minute = 0; minute < times; minute += 1)
      yield {
        detection: 'odd',
        level: 'high',
        subject: ANN,
        window: String(minute),
        at: START + minute * 60e6,
        confidence: 0.5 + minute / 100,
        reason: 'stated',
        proof: [{ eventId: 1, evidenceId, record: 1 }],
      }
  },
})

async function claimsOfStory(graph: GraphCase, times: number) {
  const evidenceId = graph.testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
  graph.testCase.correlate([finding(times, evidenceId)])
  await graph.client.call('case.open', { grant: graph.testCase.path })
  const [story] = (await graph.client.call('story.list', {})).rows
  return (await graph.client.call('story.get', { id: story?.id ?? '' })).claims
}

const RULE = 'rule.test.detected.detection.odd'

describe('what a rule found again and again', () => {
  it('is told once each up to a dozen', async () => {
    await using graph = new GraphCase()
    const claims = await claimsOfStory(graph, 12)
    expect(claims.map(({ text }) => text.key)).toEqual(Array<string>(12).fill(RULE))
  })

  it('is one sentence from then on, with how many and what proves them', async () => {
    await using graph = new GraphCase()
    const claims = await claimsOfStory(graph, 30)
    expect(claims).toHaveLength(12)
    expect(claims.slice(0, 11).map(({ text }) => text.key)).toEqual(Array<string>(11).fill(RULE))
    const rest = claims.at(-1)
    expect(rest).toMatchObject({
      text: { key: 'story.more.detected', params: { what: RULE, count: 19 } },
      kind: 'interpretation',
      confidence: 0.61,
    })
    expect(Date.parse(rest?.at ?? '') * 1000 - START).toBe(11 * 60e6)
    expect(rest?.proof.detections).toHaveLength(19)
  })
})
