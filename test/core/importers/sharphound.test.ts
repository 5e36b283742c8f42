import { describe, expect, it } from 'vitest'
import sharphound from '../../../core/importers/sharphound.importer.ts'
import {
  codesOf,
  detectInput,
  directoryOf,
  edgesOf,
  fixture,
  issuesOf,
  readUnits,
  recordsOf,
} from './read-part.ts'
import { parseAll, partOf } from '../../support/parse.ts'

const D = 'S-1-5-21-1111-2222-3333'

describe('sharphound importer', () => {
  it('reads a user with its names, times and the rights over it', async () => {
    const [alice] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-users.json')))
    expect(alice).toMatchObject({
      kind: 'user',
      objectId: `${D}-1105`,
      sid: `${D}-1105`,
      name: 'ALICE@CORP.TEST',
      samAccountName: 'alice',
      mail: 'alice@corp.test',
      domain: 'corp.test',
      enabled: true,
      createdAt: 1_767_225_600_000_000,
      lastLogonAt: 1_772_438_400_000_000,
      passwordSetAt: undefined,
    })
    expect(edgesOf(alice)).toEqual(
      [
        `all-extended-rights ${D}-1110 -> ${D}-1105`,
        `allowed-to-delegate ${D}-1105 -> ${D}-2001`,
        `force-change-password ${D}-1110 -> ${D}-1105`,
        `generic-all CORP.TEST-S-1-5-32-548 -> ${D}-1105`,
        `member-of ${D}-1105 -> ${D}-513`,
        `owns ${D}-512 -> ${D}-1105`,
        `write-spn ${D}-1110 -> ${D}-1105`,
      ].sort(),
    )
  })

  it('keeps the names of a deleted object but none of its rights', async () => {
    const [, deleted] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-users.json')))
    expect(deleted).toMatchObject({ samAccountName: 'old', enabled: false, edges: [] })
  })

  it('points sessions and local groups from the attacker side to the target side', async () => {
    const [workstation, old] = directoryOf(
      await readUnits(sharphound, fixture('sharphound/good-computers-meta-first.json')),
    )
    expect(workstation).toMatchObject({
      kind: 'computer',
      dnsHostName: 'ws1.corp.test',
      isDomainController: false,
    })
    expect(edgesOf(workstation)).toEqual(
      [
        `admin-to ${D}-1110 -> ${D}-2001`,
        `all-extended-rights ${D}-1120 -> ${D}-2001`,
        `allowed-to-act ${D}-2002 -> ${D}-2001`,
        `can-psremote ${D}-1105 -> ${D}-2001`,
        `can-rdp ${D}-1105 -> ${D}-2001`,
        `has-session ${D}-2001 -> ${D}-1105`,
        `has-session ${D}-2001 -> ${D}-500`,
        `member-of ${D}-2001 -> ${D}-515`,
        `read-laps ${D}-1120 -> ${D}-2001`,
      ].sort(),
    )
    expect(edgesOf(old)).toEqual(
      [
        `admin-to ${D}-1110 -> ${D}-2002`,
        `can-rdp ${D}-1105 -> ${D}-2002`,
        `has-session ${D}-2002 -> ${D}-1105`,
        `member-of ${D}-2002 -> ${D}-515`,
      ].sort(),
    )
  })

  it('joins both replication rights to dcsync and keeps one alone as half of it, follows trusts and policies', async () => {
    const [domain] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-domains.json')))
    const policy = 'b88ec183-544a-4fee-9492-ebbd3415238c'
    expect(domain?.isHighValue).toBe(true)
    expect(edgesOf(domain)).toEqual(
      [
        `admin-to ${D}-1130 -> ${D}-2001`,
        `all-extended-rights ${D}-1142 -> ${D}`,
        `dcsync ${D}-1140 -> ${D}`,
        `dcsync ${D}-1142 -> ${D}`,
        `get-changes ${D}-1141 -> ${D}`,
        `gpo-applies-to ${policy} -> ${D}`,
        `gpo-applies-to ${policy} -> ${D}-2001`,
        `trusts ${D} -> domain:child.corp.test|`,
        `trusts ${D} -> domain:partner.test|S-1-5-21-9-9-9`,
        `trusts domain:child.corp.test| -> ${D}`,
      ].sort(),
    )
  })

  it('reads members and rows of a sessions file', async () => {
    const [admins] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-groups.json')))
    expect(admins).toMatchObject({ kind: 'group', isHighValue: true })
    expect(edgesOf(admins)).toContain(`member-of ${D}-1110 -> ${D}-512`)
    const [session] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-v5-sessions.json')))
    expect(edgesOf(session)).toEqual([`has-session ${D}-2001 -> ${D}-1105`])
  })

  it('gives the same units whatever the chunks, with meta first or last', async () => {
    for (const name of [
      'good-users',
      'good-computers-meta-first',
      'good-domains',
      'truncated-groups',
      'hostile-users',
    ]) {
      const bytes = fixture(`sharphound/${name}.json`)
      const units = await readUnits(sharphound, bytes)
      for (const size of [1, 7, 200]) expect(await readUnits(sharphound, bytes, size)).toEqual(units)
    }
  })

  it('says where a document holds another number of objects than it states, once for each', async () => {
    const users = (count: number | string, objects: number): string =>
      JSON.stringify({
        data: Array.from({ length: objects }, (_, index) => ({ ObjectIdentifier: `${D}-${1100 + index}` })),
        meta: { methods: 0, type: 'users', count, version: 6 },
      })
    const read = async (text: string) =>
      issuesOf(await readUnits(sharphound, Buffer.from(text))).map((issue) => [
        issue.code,
        issue.locator,
        issue.excerpt,
        issue.records,
      ])
    expect(await read(users(2, 2))).toEqual([])
    expect(await read(users('many', 2))).toEqual([])
    expect(await read(users(5, 1))).toEqual([['sharphound.count', 'objects 1-1', 'meta.count 5, data 1', 0]])
    expect(await read(users(3, 0))).toEqual([['sharphound.count', 'no object', 'meta.count 3, data 0', 0]])
    // several documents in one file: the count of each is compared with its own objects
    expect(await read(`${users(2, 2)}\n${users(1, 3)}\n${users(1, 1)}`)).toEqual([
      ['sharphound.count', 'objects 3-5', 'meta.count 1, data 3', 0],
    ])
  })

  it('reads the objects before a cut, kinds told by their members, and reports the rest', async () => {
    const units = await readUnits(sharphound, fixture('sharphound/truncated-groups.json'))
    expect(directoryOf(units).map((item) => item.kind)).toEqual(['group', 'group', 'group', 'group'])
    expect(issuesOf(units).map(({ code, records }) => [code, records])).toEqual([['sharphound.truncated', 1]])
  })

  it('survives objects that are none and keys that are traps', async () => {
    const units = await readUnits(sharphound, fixture('sharphound/hostile-users.json'))
    expect(codesOf(units)).toEqual([
      'sharphound.not_an_object',
      'sharphound.not_an_object',
      'sharphound.not_an_object',
      'sharphound.syntax',
    ])
    expect(recordsOf(units)).toHaveLength(3)
    expect(Object.prototype).not.toHaveProperty('name')
  })

  it('counts rights that no relation stands for, once for a file', async () => {
    const name = 'good-20260304110018_enterprisecas.json'
    const units = await parseAll(sharphound, partOf(name, fixture(`sharphound/${name}`)), 'Europe/Berlin')
    expect(directoryOf(units)).toMatchObject([
      { kind: 'other', name: 'CORP-CA@CORP.TEST', collectedAt: Date.parse('2026-03-04T10:00:18Z') * 1000 },
    ])
    expect(edgesOf(directoryOf(units)[0])).toEqual([
      `generic-all ${D}-519 -> 9d31dfe5-2231-45bc-8fa7-b3de0c9e6a9c`,
    ])
    expect(issuesOf(units).map(({ code, excerpt, records }) => [code, excerpt, records])).toEqual([
      ['sharphound.unrelated_rights', 'Enroll 2, HostsCAService 1, ManageCA 1, PublishedTo 1', 0],
    ])
  })

  it('reads version 3: arrays by type, rights in two parts, local groups of organisational units', async () => {
    const [computer] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-v3-computers.json')))
    expect(computer).toMatchObject({ kind: 'computer', dnsHostName: 'srv3.corp.test' })
    expect(edgesOf(computer)).toEqual([
      `add-allowed-to-act ${D}-1110 -> ${D}-2003`,
      `admin-to ${D}-512 -> ${D}-2003`,
      `allowed-to-act ${D}-2002 -> ${D}-2003`,
      `allowed-to-delegate ${D}-2003 -> ${D}-2001`,
      `can-rdp ${D}-1110 -> ${D}-2003`,
      `has-session ${D}-2003 -> ${D}-1105`,
      `member-of ${D}-2003 -> ${D}-515`,
      `owns ${D}-512 -> ${D}-2003`,
    ])
    const [user] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-v3-users.json')))
    expect(edgesOf(user)).toEqual([
      `all-extended-rights ${D}-1111 -> ${D}-1108`,
      `force-change-password ${D}-1110 -> ${D}-1108`,
      `force-change-password ${D}-1111 -> ${D}-1108`,
      `member-of ${D}-1108 -> ${D}-513`,
      `sql-admin ${D}-1108 -> ${D}-2003`,
    ])
    const [unit] = directoryOf(await readUnits(sharphound, fixture('sharphound/good-v3-ous.json')))
    expect(edgesOf(unit)).toContain(`admin-to ${D}-1110 -> ${D}-2003`)
  })

  it('takes time and type from the file name where meta is cut off', async () => {
    const cut = '{"data":[{"ObjectIdentifier":"S-1-5-21-1-2-3-9","Properties":{"name":"X"},"Aces":[]},{"Obj'
    const name = 'hosts/20260304110018_containers.json'
    const units = await parseAll(sharphound, partOf(name, Buffer.from(cut)), 'UTC')
    expect(directoryOf(units)).toMatchObject([
      { kind: 'container', collectedAt: Date.parse('2026-03-04T11:00:18Z') * 1000 },
    ])
  })

  it('stops counting edges at the limit and says so', async () => {
    const many = (count: number, base: number): object[] =>
      Array.from({ length: count }, (_, index) => ({ ObjectIdentifier: `${D}-${base + index}` }))
    const ou = {
      ObjectIdentifier: 'B88EC183-544A-4FEE-9492-EBBD3415238C',
      Links: [],
      GPOChanges: { LocalAdmins: many(600, 1000), AffectedComputers: many(600, 5000) },
    }
    const units = await readUnits(sharphound, JSON.stringify({ data: [ou], meta: { type: 'ous' } }))
    expect(codesOf(units)).toEqual(['sharphound.too_many_edges'])
    expect(directoryOf(units)[0]?.edges).toHaveLength(200_000)
  })

  it('recognises collections by content', () => {
    for (const name of ['good-users', 'good-computers-meta-first', 'good-v5-sessions', 'truncated-groups'])
      expect(sharphound.detect(detectInput(fixture(`sharphound/${name}.json`), 'x'))).toBeGreaterThanOrEqual(
        0.9,
      )
    expect(
      sharphound.detect(detectInput('{"data":[],"meta":{"methods":0,"type":"gpos","count":0,"version":6}}')),
    ).toBe(0.9)
    expect(sharphound.detect(detectInput('{"meta":{"type":"azure","version":5},"data":[]}'))).toBe(0)
    expect(sharphound.detect(detectInput('{"data":[{"id":1}]}', 'things.json'))).toBe(0)
  })
})
