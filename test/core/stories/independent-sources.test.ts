import { describe, expect, it } from 'vitest'
import type { DetectionDraft, Rule } from '../../../core/correlation/rule.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { anEvent } from '../../support/case-builder.ts'
import { GraphCase } from '../graph/graph-case.ts'
import { aMail } from '../identity/people.ts'

/** One detection that every event of the case proves. */
const provedByAll: Rule = {
  id: 'test.proved',
  order: 1,
  relations: [],
  detections: ['odd'],
  attack: [],
  texts: { en: {}, 'zh-TW': {}, ja: {} },
  matches: [],
  ignores: [],
  *run(view): Generator<DetectionDraft> {
    const rows = view.db
      .prepare('SELECT id AS eventId, evidence_id AS evidenceId, record FROM event ORDER BY id')
      .all() as { eventId: number; evidenceId: number; record: number }[]
    yield {
      detection: 'odd',
      level: 'high',
      subject: {
        kind: 'user',
        key: 'test:amber',
        name: 'amber',
        aliases: [{ kind: 'name', value: 'amber' }],
      },
      at: Date.UTC(2026, 2, 10, 8) * 1000,
      confidence: 0.9,
      reason: 'stated',
      proof: rows,
    }
  },
}

const event = (kind: EventKind, host: string | undefined, fields: EventFields = {}) =>
  anEvent(kind, '2026-03-10T08:00:00Z', { host, ...fields })

/** What the one story rests on, out of evidence items of these records each: sources, and how many items hold them. */
async function corroborationOf(...items: readonly (readonly RecordItem[])[]) {
  await using graph = new GraphCase()
  for (const [index, records] of items.entries()) graph.testCase.store(records, `item ${index}`)
  graph.testCase.correlate([provedByAll])
  await graph.client.call('case.open', { grant: graph.testCase.path })
  const { rows } = await graph.client.call('story.list', {})
  const { corroboration, candidate, reasons } = rows[0] ?? {}
  return {
    of: corroboration?.of.map(({ recorder, endpoint }) => endpoint?.name ?? recorder),
    evidence: corroboration?.evidence,
    single: candidate?.some(({ key }) => key === 'story.candidate.one_source'),
    counted: reasons?.find(({ code }) => code === 'corroborated')?.params['count'],
  }
}

describe('independent sources of a story', () => {
  it('are one where one endpoint speaks through several logs, sensors and files', async () => {
    expect(
      await corroborationOf(
        [event('logon', 'ws-01', { channel: 'Security' })],
        [event('process-start', 'ws-01', { channel: 'Microsoft-Windows-Sysmon/Operational' })],
        [event('process-start', 'ws-01.corp.example', { channel: 'DeviceProcessEvents' })],
        [event('alert', 'ws-01')],
        [event('http-request', 'ws-01', { processPath: 'C:\\a.exe', url: 'https://out.example/' })],
      ),
    ).toEqual({ of: ['WS-01'], evidence: 5, single: true, counted: undefined })
  })

  it('are as many as recorded of it apart: each endpoint, mail, clicks, cloud, proxies, the identity sensor', async () => {
    const found = await corroborationOf([
      event('logon', 'ws-01'),
      event('logon', 'dc-01'),
      event('logon', 'ws-01', { channel: 'IdentityLogonEvents' }),
      event('http-request', 'ws-01', { url: 'https://out.example/' }),
      event('dns-query', undefined, { target: 'out.example' }),
      event('url-click', 'ws-01'),
      event('cloud-sign-in', undefined, { account: 'amber@corp.example' }),
      event('mailbox-rule', undefined, { account: 'amber@corp.example' }),
      aMail({ mailbox: 'amber@corp.example' }),
    ])
    expect(found).toEqual({
      of: ['DC-01', 'WS-01', 'clicks', 'cloud', 'identity', 'mail', 'network'],
      evidence: 1,
      single: false,
      counted: 7,
    })
  })
})
