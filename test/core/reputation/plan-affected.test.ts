import { describe, expect, it } from 'vitest'
import { GraphCase, type Wanted } from '../graph/graph-case.ts'

/** A file of a mail ran, read credentials and went on to a server, where it left a service. */
const ATTACK: readonly Wanted[] = [
  ['carries', 'message:The invoice', 'attachment:a.zip'],
  ['saved-as', 'attachment:a.zip', 'file:a.exe', 1],
  ['executed-as', 'file:a.exe', 'process:a.exe', 5],
  ['spawned', 'process:a.exe', 'process:powershell.exe', 10],
  ['accessed-credentials', 'process:a.exe', 'process:lsass.exe', 60],
  ['ran-on', 'process:a.exe', 'endpoint:ws-1'],
  ['ran-on', 'process:powershell.exe', 'endpoint:ws-1'],
  ['ran-as', 'process:a.exe', 'user:ann'],
  ['remote-execution', 'endpoint:ws-1', 'process:svc.exe', 90],
  ['ran-on', 'process:svc.exe', 'endpoint:srv-1'],
  ['installed-service', 'process:svc.exe', 'service:updater', 95],
  ['remote-logon', 'endpoint:ws-1', 'endpoint:srv-1', 89],
]

const planOf = async (wanted: readonly Wanted[]) => {
  await using graph = await GraphCase.stating(wanted)
  return {
    items: (await graph.client.call('plan.list', {})).items,
    stories: (await graph.client.call('story.list', {})).rows,
  }
}

describe('steps for what an established story affects', () => {
  it('isolate its machines, name what was left on them, and give its accounts new passwords', async () => {
    const { items, stories } = await planOf(ATTACK)
    expect(stories[0]?.score).toBeGreaterThanOrEqual(20)
    expect(items.map(({ action, target }) => `${action} ${target.endpoint ?? target.account}`)).toEqual(
      expect.arrayContaining(['isolate-endpoint ws-1', 'isolate-endpoint srv-1', 'reset-account ann']),
    )
    const server = items.find(({ target }) => target.endpoint === 'srv-1')
    expect(server?.reasons.map(({ text }) => [text.key, text.params['name']])).toContainEqual([
      'plan.reason.leftService',
      'updater',
    ])
    expect(server?.evidence.relations.length).toBeGreaterThan(0)
  })

  it('are none for somebody who opened a document that came by mail and did nothing more', async () => {
    const { items } = await planOf([
      ['carries', 'message:The minutes', 'attachment:minutes.pdf'],
      ['saved-as', 'attachment:minutes.pdf', 'file:minutes.pdf', 1],
      ['logged-on-to', 'user:ben', 'endpoint:ws-2', 2],
    ])
    expect(items).toEqual([])
  })
})
