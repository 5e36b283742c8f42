import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench, windowsLines } from '../../support/workbench.ts'

describe('marks on somebody who has another key since', () => {
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
  const notes = async (id: string): Promise<string[]> =>
    (await bench.client.call('work.of', { targets: [{ kind: 'entity', id }] }))
      .flatMap(({ marks }) => marks.map(({ type, text }) => text || type))
      .sort()
  const mark = (id: string, type: 'flag' | 'note', text = '') =>
    bench.client.call('work.mark', { targets: [{ kind: 'entity', id }], type, text })

  it('go with a merge, are listed with who bears them, and come back when it is undone', async () => {
    const [alpha, beta] = [await endpoint('alpha'), await endpoint('beta')]
    await mark(alpha, 'note', 'of alpha')
    await mark(beta, 'note', 'of beta')
    await mark(beta, 'flag')
    const { decision } = await bench.client.call('identity.merge', { ids: [alpha, beta], reason: 'one box' })
    await bench.client.run('correlation.run', {})
    const both = await endpoint('alpha')
    expect(await endpoint('beta')).toBe(both)
    expect(await notes(both)).toEqual(['flag', 'of alpha', 'of beta'])
    const { rows } = await bench.client.call('work.list', {})
    expect(rows.map(({ target }) => [target.id, target.name])).toEqual(Array(3).fill([both, 'ALPHA']))
    // Set again, the flag is still one.
    await mark(both, 'flag')
    expect(await notes(both)).toEqual(['flag', 'of alpha', 'of beta'])

    await bench.client.call('identity.undo', { decision })
    await bench.client.run('correlation.run', {})
    expect(await notes(await endpoint('alpha'))).toEqual(['of alpha'])
    expect(await notes(await endpoint('beta'))).toEqual(['flag', 'of beta'])
  })

  it('go with things, relations and detections of theirs', async () => {
    const [alpha, beta] = [await endpoint('alpha'), await endpoint('beta')]
    const { rows } = await bench.client.call('entity.search', { kind: 'process', text: '', limit: 50 })
    const { rows: relations } = await bench.client.call('relation.list', { entityId: beta, limit: 50 })
    const marked = [
      ...rows.slice(0, 5).map(({ id }) => ({ kind: 'entity' as const, id })),
      ...relations.slice(0, 3).map(({ id }) => ({ kind: 'relation' as const, id })),
    ]
    if (marked.length > 0)
      await bench.client.call('work.mark', { targets: marked, type: 'tag', value: 'seen' })
    await bench.client.call('identity.merge', { ids: [alpha, beta], reason: 'one box' })
    await bench.client.run('correlation.run', {})
    const { rows: kept } = await bench.client.call('work.list', { type: 'tag' })
    expect(marked.length).toBeGreaterThan(1)
    expect(kept).toHaveLength(marked.length)
    expect(kept.filter(({ target }) => target.id === null)).toEqual([])
  })

  it('go with a firmer key that a directory brings later', async () => {
    const alpha = await endpoint('alpha')
    await mark(alpha, 'note', 'before the directory')
    await bench.import(
      bench.file(
        'directory.ldif',
        [
          'dn: CN=ALPHA,CN=Computers,DC=corp,DC=example',
          'objectClass: computer',
          'cn: ALPHA',
          'sAMAccountName: ALPHA$',
          'dNSHostName: alpha.corp.example',
          'objectSid: S-1-5-21-1-2-3-1105',
          'objectGUID:: AAECAwQFBgcICQoLDA0ODw==',
          '',
        ].join('\n'),
      ),
    )
    await bench.client.run('correlation.run', {})
    expect(await notes(await endpoint('alpha'))).toEqual(['before the directory'])
  })
})
