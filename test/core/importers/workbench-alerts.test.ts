import { describe, expect, it } from 'vitest'
import type { EventItem } from '../../../core/model/event.ts'
import workbench from '../../../core/importers/workbench-alerts.importer.ts'
import { detectInput, readUnits, recordsOf } from './read-part.ts'

const alert = {
  id: 'WB-1',
  model: 'Possible dumping',
  severity: 'high',
  createdDateTime: '2031-05-06T07:08:09Z',
}
const host = (name: string): object => ({
  entityType: 'host',
  entityValue: { guid: `G-${name}`, name, ips: ['192.0.2.1'] },
})
const account = (name: string): object => ({ entityType: 'account', entityValue: name })
async function read(more: object): Promise<EventItem[]> {
  const units = await readUnits(workbench, JSON.stringify({ items: [{ ...alert, ...more }] }))
  return recordsOf(units).flatMap(({ items }) => items.filter((item) => item.type === 'event'))
}

describe('Workbench alerts', () => {
  it('become one event per affected host, in one record', async () => {
    const events = await read({
      impactScope: { entities: [host('ws-1'), host('ws-2'), account('CORP\\mori')] },
    })
    expect(events).toMatchObject([
      {
        kind: 'alert',
        fields: { host: 'ws-1', hostId: 'g-ws-1', account: 'CORP\\mori', rule: 'Possible dumping' },
      },
      { kind: 'alert', fields: { host: 'ws-2', hostId: 'g-ws-2', account: 'CORP\\mori' } },
    ])
  })

  it('name no account for all when there are several', async () => {
    const [event] = await read({ impactScope: { entities: [account('a'), account('b')] } })
    expect(event?.fields).toMatchObject({ detail: 'Accounts: a; b' })
    expect(event?.fields).not.toHaveProperty('account')
  })

  it('read entities whose value is a text, whatever the case of their type', async () => {
    const [event] = await read({ impactScope: { entities: [{ entityType: 'HOST', entityValue: 'ws-3' }] } })
    expect(event?.fields.host).toBe('ws-3')
  })

  it('are told from other lists of items', () => {
    expect(workbench.detect(detectInput('{"items":[{"id":"WB-1","model":"x"}]}'))).toBe(0)
    expect(workbench.detect(detectInput('{"items":[{"filters":[{"name":"x"}],"detail":{}}]}'))).toBe(0)
  })
})
