import { describe, expect, it } from 'vitest'
import entraLog from '../../../core/importers/entra-log.importer.ts'
import type { EventItem } from '../../../core/model/event.ts'
import { codesOf, detectInput, fixture, readUnits, recordsOf } from './read-part.ts'

const read = (name: string) => readUnits(entraLog, fixture(`entra-log/${name}`))
const eventsOf = async (name: string): Promise<EventItem[]> =>
  recordsOf(await read(name)).flatMap((record) => record.items.filter((item) => item.type === 'event'))

describe('entra-log importer', () => {
  it('tells a failed sign-in from a successful one by the error code', async () => {
    expect(
      (await eventsOf('good-graph-signins.json')).map(({ fields }) => [
        fields.outcome,
        fields.status,
        fields.severity,
      ]),
    ).toEqual([
      ['success', '0', undefined],
      ['failure', '50126', 'high'],
      ['success', '0', undefined],
    ])
  })

  it('names the role and the member that got it', async () => {
    const [first] = await eventsOf('good-graph-audits.json')
    expect(first).toMatchObject({
      kind: 'group-change',
      at: Date.UTC(2026, 2, 2, 8, 1) * 1000 + 123_456,
      fields: {
        target: 'Global Administrator',
        targetAccount: 'alice@corp.example',
        account: 'admin@corp.example',
      },
    })
  })

  it('reads numbered target columns of the portal', async () => {
    const [first] = await eventsOf('good-portal-audits.csv')
    expect(first).toMatchObject({
      kind: 'group-change',
      fields: { target: 'VPN users', targetAccount: 'alice@corp.example', userAgent: 'EvoSTS' },
    })
  })

  it('knows the same sign-in again in Graph, portal and diagnostic records', async () => {
    const keys = await Promise.all(
      ['good-graph-signins.json', 'good-portal-signins.csv', 'good-diagnostic.json'].map(
        async (name) => recordsOf(await read(name))[0]?.key,
      ),
    )
    expect(new Set(keys).size).toBe(1)
  })

  it('leaves the tables of Sentinel to their importer, and other JSON to others', () => {
    for (const text of [
      '{"TimeGenerated":"2026-03-02T08:00:00Z","Type":"SigninLogs","CreatedDateTime":"x","IPAddress":"x","AppDisplayName":"x"}',
      '{"createdDateTime":"2026-03-02T08:00:00Z","displayName":"a user"}',
      '{"category":"AdvancedHunting-EmailEvents","properties":{"id":"x"}}',
      'Date,Activity\na,b\n',
    ])
      expect(entraLog.detect(detectInput(text)), text).toBe(0)
  })

  it('keeps what is odd and counts what is no record', async () => {
    expect(codesOf(await read('hostile.json'))).toEqual([
      'entra-log.time',
      'entra-log.not_an_entry',
      'entra-log.not_object',
      'entra-log.truncated',
    ])
  })
})
