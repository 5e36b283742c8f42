import { describe, expect, it } from 'vitest'
import azurehound from '../../../core/importers/azurehound.importer.ts'
import sharphound from '../../../core/importers/sharphound.importer.ts'
import { parseAll, partOf } from '../../support/parse.ts'
import { codesOf, detectInput, directoryOf, edgesOf, fixture, issuesOf, readUnits } from './read-part.ts'

const GOOD = 'good-20260308101112_azurehound.json'
const ALICE = 'aaaaaaaa-0000-4000-8000-000000000001'
const CLOUD = 'aaaaaaaa-0000-4000-8000-000000000003'
const ADMINS = 'bbbbbbbb-0000-4000-8000-000000000001'
const VM =
  '/subscriptions/11111111-0000-4000-8000-000000000001/resourcegroups/rg1/providers/microsoft.compute/virtualmachines/vm-web'
const read = () => parseAll(azurehound, partOf(GOOD, fixture(`azurehound/${GOOD}`)), 'UTC')

describe('azurehound importer', () => {
  it('reads users, groups, devices and virtual machines', async () => {
    const items = directoryOf(await read())
    expect(items).toHaveLength(16)
    expect(items.filter(({ kind }) => kind !== 'other')).toMatchObject([
      {
        kind: 'user',
        objectId: ALICE,
        sid: 'S-1-5-21-1111-2222-3333-1105',
        upn: 'alice@corp.example',
        collectedAt: Date.parse('2026-03-08T10:11:12Z') * 1000,
      },
      { kind: 'user', objectId: CLOUD, sid: undefined },
      { kind: 'group', objectId: ADMINS, isHighValue: true },
      { kind: 'computer', name: 'WS1', guid: 'dddddddd-0000-4000-8000-000000000001' },
      { kind: 'computer', objectId: VM, name: 'WEB01', operatingSystem: 'Windows' },
    ])
  })

  it('states relations that have a kind and counts the others', async () => {
    const units = await read()
    expect(directoryOf(units).flatMap(edgesOf)).toEqual([
      `member-of ${ALICE} -> ${ADMINS}`,
      `member-of ${CLOUD} -> ${ADMINS}`,
      `add-member ${CLOUD} -> ${ADMINS}`,
      `owns ${ALICE} -> cccccccc-0000-4000-8000-000000000001`,
      `admin-to ${ALICE} -> ${VM}`,
      `generic-all ${ADMINS} -> ${VM}`,
      `write-dacl ${CLOUD} -> ${VM}`,
    ])
    expect(issuesOf(units).map(({ code, excerpt, records }) => [code, excerpt, records])).toEqual([
      ['azurehound.unrelated_rights', 'AZRoleAssignment 2, AZAppOwner 1', 0],
    ])
  })

  it('gives the same units whatever the chunks', async () => {
    for (const name of [GOOD, 'good-meta-first.json', 'truncated.json', 'hostile.json']) {
      const bytes = fixture(`azurehound/${name}`)
      const units = await readUnits(azurehound, bytes)
      for (const size of [7, 500]) expect(await readUnits(azurehound, bytes, size)).toEqual(units)
    }
  })

  it('reads what stands before a cut', async () => {
    const units = await readUnits(azurehound, fixture('azurehound/truncated.json'))
    expect(directoryOf(units).length).toBeGreaterThan(8)
    expect(codesOf(units)).toContain('azurehound.truncated')
  })

  it('survives elements that are none', async () => {
    const units = await readUnits(azurehound, fixture('azurehound/hostile.json'))
    expect(directoryOf(units).map(({ kind, objectId }) => [kind, objectId])).toEqual([
      ['other', 'x'],
      ['computer', '/a'],
      ['other', '/a'],
      ['other', '/q'],
      ['group', ADMINS],
    ])
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('is told from SharpHound, which has the same frame', () => {
    const azure = fixture(`azurehound/${GOOD}`)
    expect(azurehound.detect(detectInput(azure))).toBe(0.95)
    expect(sharphound.detect(detectInput(azure))).toBe(0)
    expect(azurehound.detect(detectInput(fixture('sharphound/good-users.json')))).toBe(0)
    expect(azurehound.detect(detectInput('{"data":[],"meta":{"type":"azure","version":5}}'))).toBe(0.9)
  })
})
