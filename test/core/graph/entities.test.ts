import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aComputer, aLogon, aMail, aUser, otherSid } from '../identity/people.ts'
import { GraphCase } from './graph-case.ts'

const items = [
  aUser('amber', 1105),
  aUser('basil', 1106),
  aUser('amber', 7, {
    objectId: otherSid(7),
    sid: otherSid(7),
    domain: 'other.example',
    netbiosDomain: 'OTHER',
    upn: 'amber@other.example',
    mail: undefined,
  }),
  aComputer('ws-01', 1201),
  aComputer('srv-01', 1202),
  aLogon({ host: 'ws-01', account: 'CORP\\amber' }),
  aMail({
    mailbox: 'amber@corp.example',
    messageId: 'One.1@out.example',
    urls: [{ url: 'http://pay.out.example/Invoice?id=1', where: 'body' }],
  }),
]

describe('naming an entity', () => {
  let graph: GraphCase
  beforeAll(async () => {
    graph = await GraphCase.of(items)
  })
  afterAll(() => graph[Symbol.asyncDispose]())

  it.each([
    ['user:CORP\\amber', 'user', 'amber'],
    ['user:corp\\BASIL', 'user', 'basil'],
    ['user:basil@corp.example', 'user', 'basil'],
    ['user:S-1-5-21-1-2-3-1106', 'user', 'basil'],
    ['user:basil', 'user', 'basil'],
    ['endpoint:ws-01', 'endpoint', 'WS-01'],
    ['endpoint:WS-01.corp.example', 'endpoint', 'WS-01'],
    ['endpoint:CORP\\WS-01$', 'endpoint', 'WS-01'],
    ['message:<One.1@out.example>', 'message', 'Invoice'],
    ['message:One.1@out.example', 'message', 'Invoice'],
    ['mailbox:amber@corp.example', 'mailbox', 'amber@corp.example'],
    ['url:hxxp://pay[.]out[.]example/Invoice?id=1', 'url', 'http://pay.out.example/Invoice?id=1'],
    ['url:HTTP://PAY.out.example:80/Invoice?id=1', 'url', 'http://pay.out.example/Invoice?id=1'],
  ])('understands %s', async (argument, kind, name) => {
    const found = await graph.client.call('entity.get', { id: argument })
    expect(found).toMatchObject({ kind, name })
    expect((await graph.client.call('entity.get', { id: found.id })).name).toBe(name)
  })

  it('lists the candidates of an ambiguous name', async () => {
    const ambers = (await graph.client.call('entity.search', { kind: 'user', text: 'amber' })).rows
    expect(ambers).toHaveLength(2)
    await expect(graph.client.call('entity.get', { id: 'user:amber' })).rejects.toMatchObject({
      code: 'request.ambiguous',
      params: { what: 'user:amber', candidates: ambers.map((row) => `${row.id} amber`) },
    })
  })

  it.each([
    ['user:nobody', 'request.not_found'],
    ['999999', 'request.not_found'],
    ['99999999999999999999999', 'request.not_found'],
    ['alien:amber', 'request.invalid'],
    ['amber', 'request.invalid'],
    ['', 'request.invalid'],
  ])('refuses %s with %s', async (id, code) => {
    await expect(graph.client.call('entity.get', { id })).rejects.toMatchObject({ code })
  })

  it('shows every name with the record that gave it', async () => {
    const { aliases } = await graph.client.call('entity.get', { id: 'user:basil' })
    expect(aliases.find((alias) => alias.kind === 'sid')).toEqual({
      kind: 'sid',
      value: 'S-1-5-21-1-2-3-1106',
      source: { evidenceId: '1', record: 2, locator: 'record 2' },
      confidence: 0.98,
      reason: { key: 'identity.directory_object', params: {} },
    })
  })

  it('finds entities by part of a name, page by page, wildcards taken literally', async () => {
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof graph.client.call<'entity.search'>>> = await graph.client.call(
        'entity.search',
        { text: 'corp', limit: 2, cursor },
      )
      seen.push(...page.rows.map((row) => row.name))
      cursor = page.next
      expect(page.total).toBe(5)
    } while (cursor !== null)
    expect(seen.sort()).toEqual(['SRV-01', 'WS-01', 'amber', 'amber@corp.example', 'basil'])
    expect((await graph.client.call('entity.search', { text: '%' })).rows).toEqual([])
    expect(
      (await graph.client.call('entity.search', { text: 'pay[.]out' })).rows.map((row) => row.kind),
    ).toContain('url')
  })
})
