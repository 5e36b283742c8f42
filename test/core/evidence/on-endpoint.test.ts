import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { zipOf } from '../../support/archives.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const prefetch = () => readFileSync(new URL('../../fixtures/ez-tools/good-prefetch.csv', import.meta.url))
const GENERIC = '{"time":"2031-05-06T07:08:09Z","what":"x"}\n{"time":"2031-05-06T07:08:10Z","host":"WS-77"}\n'

describe('files that do not name their endpoint', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const hosts = async (): Promise<unknown[]> => {
    const { rows } = await bench.client.call('event.search', { limit: 200 })
    const whole = await Promise.all(rows.map(({ id }) => bench.client.call('event.get', { id })))
    return [...new Set(whole.map(({ fields }) => fields['host.name'] ?? ''))].sort()
  }
  const importAs = (endpoint: string | null, name: string, bytes: Uint8Array | string) =>
    bench.client.run('evidence.import', { grants: [bench.file(name, bytes)], endpoint })
  const issues = async () => {
    const { rows } = await bench.client.call('evidence.issues', { limit: 100 })
    return rows.map(({ code }) => code).filter((code) => code !== 'evidence.time_ahead')
  }

  it('are of the one the analyst names, which the case keeps and the log tells', async () => {
    const { evidence } = await importAs(' WS-01 ', 'pecmd.csv', prefetch())
    expect(evidence[0]).toMatchObject({ format: 'ez-tools', endpoint: 'WS-01', stored: 5 })
    expect(await hosts()).toEqual(['WS-01'])
    expect(await issues()).toEqual([])
    const audit = await bench.client.call('audit.list', { limit: 20 })
    expect(JSON.stringify(audit)).toContain('"collectedFrom":"WS-01"')
  })

  it('say so where nobody did', async () => {
    const { evidence } = await importAs(null, 'pecmd.csv', prefetch())
    expect(evidence[0]).not.toHaveProperty('endpoint')
    expect(await hosts()).toEqual([''])
    expect(await issues()).toEqual(['ez-tools.no_endpoint'])
  })

  it('keep the endpoint that a row names itself', async () => {
    await importAs('WS-01', 'any.json', GENERIC)
    expect(await hosts()).toEqual(['WS-01', 'WS-77'])
  })

  it('may lie in an archive, beside files of which nothing is said by it', async () => {
    const members = { 'pecmd.csv': prefetch(), 'log.json': windowsLines(3) }
    await importAs('WS-01', 'kape.zip', await zipOf(members))
    expect(await hosts()).toEqual(['WS-01', 'ws01.corp.example'])
  })

  it('are none of a format that has many endpoints in one file', async () => {
    const { evidence } = await importAs('WS-01', 'log.json', windowsLines(3))
    expect(evidence[0]).not.toHaveProperty('endpoint')
    expect(await hosts()).not.toContain('WS-01')
  })

  it.each(['WS 01', '\\\\', 'a/b', '...'])('are not of %j, which no computer is called', async (name) => {
    await expect(importAs(name, 'pecmd.csv', prefetch())).rejects.toMatchObject({ code: 'request.invalid' })
    expect(await hosts()).toEqual([])
  })
})
