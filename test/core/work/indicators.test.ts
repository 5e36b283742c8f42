import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { MarkTarget } from '../../../core/contract/nouns/work.ts'
import { Workbench } from '../../support/workbench.ts'

const MAIL =
  'From: Ada <ada@sender.example>\r\nTo: bo@corp.example\r\nSubject: Invoice\r\nDate: Mon, 02 Mar 2026 08:00:00 +0000\r\nMessage-ID: <one@sender.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhttp://pay.sender.example/one\r\n'

describe('things added as indicators', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
    await bench.import(bench.file('one.eml', MAIL))
    await bench.client.run('correlation.run', {})
  })
  afterEach(() => bench.close())

  const entity = async (kind: 'url' | 'mailbox' | 'message'): Promise<MarkTarget> => {
    const [row] = (await bench.client.call('entity.search', { kind, limit: 1 })).rows
    return { kind: 'entity', id: row?.id ?? '' }
  }
  const add = (...targets: MarkTarget[]) => bench.client.call('work.addIndicators', { targets, name: 'Own' })
  const saved = async () => {
    const [one] = await bench.client.call('sweep.saved', {})
    const criteria = one && (await bench.client.call('sweep.load', { id: one.id }))
    return criteria?.indicators.map(({ kind, value, supported }) => `${kind} ${value} ${supported}`) ?? []
  }

  it('stand in saved criteria, once each, and can be swept for', async () => {
    expect(await add(await entity('url'), await entity('message'))).toMatchObject({ added: 2 })
    expect(await add(await entity('url'))).toMatchObject({ added: 0 })
    expect(await add(await entity('mailbox'))).toMatchObject({ added: 1 })
    expect(await saved()).toEqual([
      'url http://pay.sender.example/one true',
      'subject Invoice true',
      expect.stringMatching(/^email \S+@\S+ true$/),
    ])
    const [list] = await bench.client.call('sweep.saved', {})
    const criteria = await bench.client.call('sweep.load', { id: list?.id ?? '' })
    const run = await bench.client.run('sweep.run', { criteria })
    expect(run.counts.matched).toBe(3)
  })

  it('are read out of the fields of an event', async () => {
    const line = {
      '@timestamp': '2026-03-02T08:00:00Z',
      Hostname: 'ws01.corp.example',
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      EventID: 3,
      RecordNumber: 7,
      UtcTime: '2026-03-02 08:00:00.000',
      Image: 'C:\\Users\\amber\\q.exe',
      DestinationIp: '203.0.113.9',
      DestinationHostname: 'c2.evil.example',
      DestinationPort: '443',
    }
    await bench.import(bench.file('net.jsonl', JSON.stringify(line)))
    const { rows } = await bench.client.call('event.search', { text: 'ip:203.0.113.9', limit: 1 })
    await add({ kind: 'event', id: rows[0]?.id ?? '' })
    expect(await saved()).toEqual(['ip 203.0.113.9 true', 'domain c2.evil.example true'])
  })

  it('are taken back like any other step', async () => {
    await add(await entity('url'))
    await add(await entity('message'))
    await bench.client.call('work.undo', {})
    expect(await saved()).toHaveLength(1)
    await bench.client.call('work.undo', {})
    expect(await bench.client.call('sweep.saved', {})).toEqual([])
    await bench.client.call('work.redo', {})
    expect(await saved()).toHaveLength(1)
  })

  it('are copied live only with an entry in the log', async () => {
    const target = { kind: 'entity' as const, id: (await entity('url')).id }
    expect(await bench.client.call('work.liveValue', { target })).toEqual({
      value: 'http://pay.sender.example/one',
    })
    const acts = (await bench.client.call('audit.list', { limit: 100 })).rows
    expect(acts.some(({ action }) => action === 'work.liveValue')).toBe(true)
  })

  it('says when a thing is known by nothing that can be looked for, and when it is not there', async () => {
    expect(await add({ kind: 'story', id: 'x' })).toEqual({ added: 0, lines: [] })
    await expect(add({ kind: 'entity', id: '999999' })).rejects.toMatchObject({ code: 'request.not_found' })
    const acts = (await bench.client.call('audit.list', { limit: 100 })).rows
    expect(acts.filter(({ action }) => action === 'work.addIndicators')).toEqual([])
  })
})
