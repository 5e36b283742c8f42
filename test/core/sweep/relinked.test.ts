import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('sightings of a stored sweep', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
    await bench.import(bench.file('a.json', windowsLines(4, 'alpha.corp.example')))
    await bench.import(bench.file('b.json', windowsLines(4, 'beta.corp.example')))
    await bench.client.run('correlation.run', {})
  })
  afterEach(() => bench.close())

  const endpoint = async (name: string): Promise<string> => {
    const { rows } = await bench.client.call('entity.search', { kind: 'endpoint', text: name })
    return rows[0]?.id ?? ''
  }
  const seenOn = async (run: string): Promise<(string | null)[]> => {
    const { rows } = await bench.client.call('sweep.sightings', { id: run, limit: 100 })
    return [...new Set(rows.map(({ entity }) => entity?.name ?? null))].sort()
  }

  it('name whom their records mean now: through a merge, and when it is undone', async () => {
    const read = await bench.client.call('sweep.read', {
      text: 'host:beta.corp.example\nhost:alpha.corp.example',
    })
    const { counts: _counts, ...criteria } = read
    const run = await bench.client.run('sweep.run', { criteria })
    const before = await bench.client.call('sweep.get', { id: run.id })
    expect(await seenOn(run.id)).toEqual(['ALPHA', 'BETA'])
    const ids = [await endpoint('alpha'), await endpoint('beta')]
    const { decision } = await bench.client.call('identity.merge', { ids, reason: 'one box' })
    await bench.client.run('correlation.run', {})
    expect(await seenOn(run.id)).toEqual(['ALPHA'])
    await bench.client.call('identity.undo', { decision })
    await bench.client.run('correlation.run', {})
    expect(await seenOn(run.id)).toEqual(['ALPHA', 'BETA'])
    expect(await bench.client.call('sweep.get', { id: run.id })).toMatchObject({ counts: before.counts })
    const { ids: matched } = await bench.client.call('sweep.matched', {})
    expect([...matched].sort()).toEqual([await endpoint('alpha'), await endpoint('beta')].sort())
  })
})
