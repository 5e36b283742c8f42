import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stixPropertiesOf } from '../../../core/export/stix/observable.ts'
import type { Workbench } from '../../support/workbench.ts'
import { exported, openExportCase } from './export-case.ts'
import { faultsBetween, faultsOf, type StixObject } from './stix-rules.ts'

interface Bundle {
  readonly type: string
  readonly id: string
  readonly objects: readonly StixObject[]
}

let bench: Workbench
beforeAll(async () => {
  bench = await openExportCase()
}, 60_000)
afterAll(() => bench.close())

const bundle = async (more: object = {}): Promise<Bundle> =>
  JSON.parse((await exported(bench, 'stix', more)).bytes.toString('utf8')) as Bundle

describe('the STIX bundle', () => {
  it('keeps the rules of STIX 2.1, object by object and between objects', async () => {
    const { type, id, objects } = await bundle()
    expect(type).toBe('bundle')
    expect(id).toMatch(/^bundle--[0-9a-f-]{36}$/)
    expect(objects.flatMap(faultsOf)).toEqual([])
    expect(faultsBetween(objects)).toEqual([])
    const types = [...new Set(objects.map((object) => object.type))].sort()
    expect(types).toEqual([
      'attack-pattern',
      'domain-name',
      'email-addr',
      'email-message',
      'file',
      'identity',
      'indicator',
      'infrastructure',
      'ipv4-addr',
      'observed-data',
      'process',
      'relationship',
      'sighting',
      'url',
      'user-account',
      'windows-registry-key',
    ])
  })

  it.each([
    ['HKU\\S-1-5-18\\Run\\x', { key: 'HKEY_USERS\\S-1-5-18\\Run\\x' }],
    ['hklm\\Software\\$&', { key: 'HKEY_LOCAL_MACHINE\\Software\\$&' }],
    ['\\REGISTRY\\MACHINE\\SAM', { key: 'HKEY_LOCAL_MACHINE\\SAM' }],
    ['hkey_local_machine\\SAM', { key: 'HKEY_LOCAL_MACHINE\\SAM' }],
    ['HKLMX\\SAM', { values: [{ name: 'HKLMX\\SAM' }] }],
  ])('names the hive of %s in full', (name, properties) => {
    const entity = { id: 1, key: name, kind: 'registry-key', name, firstSeen: null, lastSeen: null } as const
    const empty = { attributes: new Map(), aliases: [] }
    expect(stixPropertiesOf({ ...entity, ...empty }, () => false)).toEqual(properties)
  })

  it('keeps them within a span too: nothing leads out of it', async () => {
    const { objects } = await bundle({ from: '2026-03-02T08:00:03Z', to: '2026-03-02T08:00:06Z' })
    expect(objects.flatMap(faultsOf)).toEqual([])
    expect(faultsBetween(objects)).toEqual([])
    expect(objects.length).toBeLessThan((await bundle()).objects.length)
  })

  it('gives the same thing the same id in every export', async () => {
    const ids = async () => (await bundle()).objects.map(({ id }) => id)
    expect(await ids()).toEqual(await ids())
  })

  it('writes patterns that mean the value, whatever quotes it holds', async () => {
    const { objects } = await bundle()
    const patterns = objects.flatMap((object) =>
      object.type === 'indicator' ? [String(object['pattern'])] : [],
    )
    expect(patterns).toContain("[url:value = 'https://evil.example/a.b?x=1']")
    expect(patterns).toContain("[domain-name:value = 'worse.example']")
    expect(patterns).toContain("[ipv4-addr:value = '203.0.113.9']")
  })
})

describe('the rules this is tested with', () => {
  it('find what is wrong: a validator that never objects proves nothing', () => {
    const good = {
      type: 'url',
      spec_version: '2.1',
      id: 'url--b0ec3ec9-5ac4-5a43-a8b5-3b0b0d6b3c11',
      value: 'https://a.example/',
    } as const
    expect(faultsOf(good)).toEqual([])
    expect(faultsOf({ ...good, value: 'nonsense' })).not.toEqual([])
    expect(faultsOf({ ...good, id: 'file--b0ec3ec9-5ac4-5a43-a8b5-3b0b0d6b3c11' })).not.toEqual([])
    expect(faultsOf({ ...good, created: '2026-01-01T00:00:00Z' })).not.toEqual([])
    expect(
      faultsOf({ type: 'process', spec_version: '2.1', id: good.id.replace('url', 'process') }),
    ).not.toEqual([])
    expect(faultsBetween([good, good])).not.toEqual([])
    expect(faultsBetween([{ ...good, from_ref: 'email-addr--x' }])).not.toEqual([])
  })
})
