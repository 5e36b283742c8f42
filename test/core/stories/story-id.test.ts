import { describe, expect, it } from 'vitest'
import { createClient } from '../../../core/contract/client.ts'
import type { DetectionDraft, EntityDraft, RelationDraft, Rule } from '../../../core/correlation/rule.ts'
import { createEngine } from '../../../core/engine.ts'
import type { EntityKind } from '../../../core/model/relation.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { aComputer } from '../identity/people.ts'
import { GraphCase, START } from '../graph/graph-case.ts'

const endpointKey = "SELECT key FROM entity WHERE kind = 'endpoint' AND name LIKE 'WS-01%'"

const draft = (kind: EntityKind, name: string): EntityDraft => ({
  kind,
  key: `test:${kind}:${name}`,
  name,
  aliases: [{ kind: 'name', value: name }],
})
const rule = (id: string, order: number, found: () => Generator<DetectionDraft | RelationDraft>): Rule => ({
  id,
  order,
  relations: [],
  detections: ['odd'],
  attack: [],
  texts: { en: {}, 'zh-TW': {}, ja: {} },
  matches: [],
  ignores: [],
  run: found,
})
const proof = (evidenceId: number) => [{ eventId: 1, evidenceId, record: 1 }]

/** Of one account, two endpoints and another account. */
const detecting = (evidenceId: number): Rule =>
  rule('test.detected', 2, function* () {
    yield {
      detection: 'odd',
      level: 'high',
      subject: draft('user', 'tmp'),
      involved: [draft('endpoint', 'dc'), draft('user', 'adm'), draft('endpoint', 'ws')],
      at: START,
      confidence: 0.9,
      reason: 'stated',
      proof: proof(evidenceId),
    }
  })
/** Endpoints known of another rule, by logons that say nothing. */
const knowing = (evidenceId: number, ...endpoints: readonly string[]): Rule =>
  rule('test.known', 1, function* () {
    for (const endpoint of endpoints)
      yield {
        kind: 'logged-on-to',
        from: draft('user', 'somebody'),
        to: draft('endpoint', endpoint),
        at: START,
        confidence: 1,
        reason: 'stated',
        proof: proof(evidenceId),
      }
  })

/** The stories after these runs, with the number that the database gave to each entity. */
async function storiesAfter(...runs: readonly ((evidenceId: number) => Rule[])[]) {
  using testCase = new TestCase()
  const evidenceId = testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
  for (const run of runs) testCase.correlate(run(evidenceId), true)
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline', checkReplies: true })
  const client = createClient(engine)
  try {
    await client.call('case.open', { grant: testCase.path })
    const { rows } = await client.call('story.list', {})
    const ids = testCase.db.prepare("SELECT name FROM entity WHERE name IN ('dc', 'adm', 'ws') ORDER BY id")
    return { stories: rows.map(({ id, title }) => ({ id, title })), order: ids.pluck().all() }
  } finally {
    await engine.close()
  }
}

describe('the id of a story', () => {
  it('does not depend on what was known before, and so not on the order in which evidence came', async () => {
    const once = await storiesAfter((id) => [knowing(id, 'dc', 'ws'), detecting(id)])
    const later = await storiesAfter(
      (id) => [knowing(id, 'ws')],
      (id) => [knowing(id, 'dc', 'ws'), detecting(id)],
    )
    expect(once.stories).toHaveLength(1)
    // The test says something only where the rows came in another order.
    expect(later.order).not.toEqual(once.order)
    expect(later.stories).toEqual(once.stories)
  })

  it('stays when a directory tells the SIDs of computers and accounts', async () => {
    const dump = exampleEvent('process-start', 0, {
      host: 'WS-01.corp.example',
      account: 'CORP\\amber',
      processPath: 'C:\\Windows\\System32\\rundll32.exe',
      commandLine: 'rundll32 C:\\Windows\\System32\\comsvcs.dll, MiniDump 700 C:\\Windows\\Temp\\d.bin full',
      processGuid: exampleGuid(1),
      pid: 4,
    })
    const idsOf = async (...items: RecordItem[]) => {
      await using graph = await GraphCase.of(items)
      const { rows } = await graph.client.call('story.list', {})
      return { ids: rows.map(({ id }) => id), key: graph.testCase.db.prepare(endpointKey).pluck().get() }
    }
    const alone = await idsOf(dump)
    const told = await idsOf(dump, aComputer('ws-01', 1301))
    expect(alone.ids).toHaveLength(1)
    // The test says something only where the key became another.
    expect(told.key).not.toBe(alone.key)
    expect(told.ids).toEqual(alone.ids)
  })
})
