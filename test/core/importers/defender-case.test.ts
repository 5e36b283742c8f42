import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'
import { fixture } from './read-part.ts'

/** What comes out of the tables in a real case: one story over all of them, and each row once. */
describe('hunting tables in a case', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const importFixture = async (name: string) => {
    const { evidence } = await bench.import(bench.file(name, fixture(`defender/${name}`)))
    return evidence.map(({ format, read, stored, duplicate, rejected }) => ({
      format,
      read,
      stored,
      duplicate,
      rejected,
    }))
  }

  it('recognises the same rows in another container and stores them once', async () => {
    await importFixture('good-streaming.jsonl')
    const again = { format: 'defender', rejected: 0, stored: 0 }
    expect(await importFixture('good-portal.csv')).toEqual([{ ...again, read: 2, duplicate: 2 }])
    expect(await importFixture('good-mde-api.json')).toEqual([{ ...again, read: 3, duplicate: 3 }])
    expect(await importFixture('good-union.csv')).toEqual([{ ...again, read: 6, duplicate: 6 }])
    expect(await importFixture('good-log-analytics.json')).toEqual([{ ...again, read: 4, duplicate: 4 }])
  })

  it('ties processes, files, mail, users and endpoints together', async () => {
    await importFixture('good-streaming.jsonl')
    await bench.client.run('correlation.run', {})
    const { rows } = await bench.client.call('relation.list', { limit: 500 })
    const found = rows.map((relation) => `${relation.kind}: ${relation.from.name} -> ${relation.to.name}`)
    expect(found).toEqual(
      expect.arrayContaining([
        'spawned: outlook.exe -> cmd.exe',
        'spawned: cmd.exe -> whoami.exe',
        'ran-as: cmd.exe -> Alice Example',
        'connected-to: powershell.exe -> 203.0.113.7',
        'dropped: msedge.exe -> invoice.docm',
        'saved-as: invoice.docm -> invoice.docm',
        'delivered-to: Invoice 77 -> alice@corp.example',
        'clicked-by: https://out.example/a -> Alice Example',
        'opened-on: https://out.example/a -> WS01',
        'logged-on-to: bob -> WS01',
        'remote-logon: WS01 -> SRV01',
        'accessed-credentials: powershell.exe -> lsass.exe',
        'owned-by: alice@corp.example -> Alice Example',
      ]),
    )
    expect(found.filter((text) => text === 'spawned: outlook.exe -> cmd.exe')).toHaveLength(1)
    expect(found).not.toContain('logged-on-to: Alice Example -> DC01')
  })
})
