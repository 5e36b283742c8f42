import { describe, expect, it } from 'vitest'
import type { RiskLevel } from '../../../core/model/verdict.ts'
import type { Ask } from '../../../core/jobs/handlers.ts'
import { writeInfo } from '../../../core/store/case-info.ts'
import { storiesOf } from '../../../core/stories/story-cache.ts'
import { anEvent } from '../../support/case-builder.ts'
import { GraphCase, type Wanted } from '../graph/graph-case.ts'

const CLICKED: readonly Wanted[] = [
  ['clicked-by', 'url:http://a.example/', 'user:ann', 1],
  ['accessed-credentials', 'process:tool.exe', 'process:lsass.exe', 60],
]

/** Answers what stories ask about links, and counts how often. */
class Risks {
  asked = 0
  now: RiskLevel = 'safe'
  readonly ask = ((_: string, { entityIds }: { entityIds: string[] }) => {
    this.asked += 1
    return Promise.resolve(entityIds.map((entityId) => ({ entityId, risk: { then: null, now: this.now } })))
  }) as unknown as Ask
}

describe('stories that were found', () => {
  it('stand while nothing changes, and nobody is asked again', async () => {
    await using graph = await GraphCase.stating(CLICKED)
    const risks = new Risks()
    const first = await storiesOf(graph.testCase.db, risks.ask)
    expect(await storiesOf(graph.testCase.db, risks.ask)).toBe(first)
    expect(risks.asked).toBe(1)
  })

  it('stand when something is written that they are not made of', async () => {
    await using graph = await GraphCase.stating(CLICKED)
    const risks = new Risks()
    const first = await storiesOf(graph.testCase.db, risks.ask)
    writeInfo(graph.testCase.db, 'test', 'a note')
    expect(await storiesOf(graph.testCase.db, risks.ask)).toBe(first)
    expect(risks.asked).toBe(2)
  })

  it('are found anew when a link they hang on is rated anew', async () => {
    await using graph = await GraphCase.stating(CLICKED)
    const risks = new Risks()
    const first = await storiesOf(graph.testCase.db, risks.ask)
    expect(first.stories).toHaveLength(1)
    risks.now = 'dangerous'
    writeInfo(graph.testCase.db, 'test', 'a pattern pack')
    expect((await storiesOf(graph.testCase.db, risks.ask)).stories).toHaveLength(2)
  })

  it('are found anew when evidence was imported and when the relations are', async () => {
    await using graph = await GraphCase.stating(CLICKED)
    const risks = new Risks()
    const first = await storiesOf(graph.testCase.db, risks.ask)
    graph.testCase.store([anEvent('generic', '2026-03-10T09:00:00Z', {})])
    // Not before all of it is there.
    expect(await storiesOf(graph.testCase.db, risks.ask)).toBe(first)
    graph.testCase.db.prepare(`UPDATE evidence SET status = 'complete'`).run()
    const second = await storiesOf(graph.testCase.db, risks.ask)
    expect(second).not.toBe(first)
    graph.testCase.correlate([])
    const third = await storiesOf(graph.testCase.db, risks.ask)
    expect(third).not.toBe(second)
    expect(third.stories).toHaveLength(0)
  })

  it('are looked for again after a failure', async () => {
    await using graph = await GraphCase.stating(CLICKED)
    const failing = (() => Promise.reject(new Error('cancelled'))) as unknown as Ask
    await expect(storiesOf(graph.testCase.db, failing)).rejects.toThrow('cancelled')
    expect((await storiesOf(graph.testCase.db, new Risks().ask)).stories).toHaveLength(1)
  })
})
