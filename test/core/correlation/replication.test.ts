import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import replication from '../../../core/correlation/rules/directory.replication.rule.ts'
import rights from '../../../core/correlation/rules/directory.rights.rule.ts'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import type { DirectoryEdge, DirectoryItem, DirectoryRight } from '../../../core/model/directory.ts'
import { relationText, TEST_NOW, TestCase } from '../../support/case-builder.ts'

const D = 'S-1-5-21-1-2-3'
const day = (number: number): number => Date.UTC(2026, 2, number) * 1000
const sid = (rid: number): string => `${D}-${rid}`

const user = (rid: number): DirectoryItem => ({
  ...{ type: 'directory', kind: 'user', objectId: sid(rid), sid: sid(rid) },
  ...{ name: `u${rid}`, samAccountName: `u${rid}`, domain: 'corp.example', edges: [] },
})
const group = (rid: number, members: readonly number[], collectedAt?: number): DirectoryItem => ({
  ...{ type: 'directory', kind: 'group', objectId: sid(rid), sid: sid(rid) },
  ...{ name: `g${rid}`, samAccountName: `g${rid}`, domain: 'corp.example', collectedAt },
  edges: members.map((member) => ({ right: 'member-of', from: sid(member), to: sid(rid) })),
})
const domain = (
  halves: readonly (readonly [DirectoryRight, number])[],
  collectedAt?: number,
): DirectoryItem => ({
  ...{ type: 'directory', kind: 'domain', objectId: D, sid: D, dn: 'DC=corp,DC=example' },
  ...{ name: 'CORP.EXAMPLE', domain: 'corp.example', collectedAt },
  edges: halves.map(([right, rid]): DirectoryEdge => ({ right, from: sid(rid), to: D })),
})

let test: TestCase
beforeEach(() => {
  test = new TestCase()
})
afterEach(() => test.close())

const replicates = (): string[] =>
  test
    .relations()
    .filter(({ kind }) => kind === 'dcsync')
    .map(relationText)
const run = (): void => void test.correlate([rights, replication])

describe('replication of secrets through memberships', () => {
  it('is proved by both entries and every membership on the way, and names both groups', () => {
    test.store(
      [
        domain([
          ['get-changes', 1201],
          ['get-changes-all', 1202],
        ]),
      ],
      'domains',
    )
    test.store([user(1105)], 'users')
    test.store([group(1201, [1105]), group(1202, [1203]), group(1203, [1105])], 'groups')
    run()
    const [found] = test.relations().filter(({ kind }) => kind === 'dcsync')
    expect(found).toMatchObject({ from: 'u1105', to: 'corp.example', rule: 'directory.replication' })
    expect(found?.reason.params).toEqual({ changes: 'g1201', all: 'g1202' })
    expect(found?.proofs).toBe(4)
  })

  it('is gone when the file with the memberships is, and back with it', () => {
    test.store(
      [
        user(1105),
        domain([
          ['get-changes', 1201],
          ['get-changes-all', 1202],
        ]),
      ],
      'domains',
    )
    const groups = [group(1201, [1105]), group(1202, [1105])]
    const id = test.store(groups, 'groups')
    run()
    expect(replicates()).toEqual(['dcsync: u1105 -> corp.example'])
    removeEvidence(test.db, id, TEST_NOW)
    run()
    expect(replicates()).toEqual([])
    test.store(groups, 'groups again')
    run()
    expect(replicates()).toEqual(['dcsync: u1105 -> corp.example'])
  })

  it('goes by the newest export: who left one of the groups since can no longer', () => {
    const others = [1301, 1302, 1303]
    const export_ = (at: number, members: readonly number[]) => [
      ...[user(1105), ...others.map(user)],
      domain(
        [
          ['get-changes', 1201],
          ['get-changes-all', 1202],
        ],
        at,
      ),
      group(1201, [1105, 1301], at),
      group(1202, [...members, 1302], at),
    ]
    test.store(export_(day(1), [1105]), 'old')
    run()
    expect(replicates()).toEqual(['dcsync: u1105 -> corp.example'])
    const newer = test.store(export_(day(5), []), 'new')
    run()
    expect(replicates()).toEqual([])
    removeEvidence(test.db, newer, TEST_NOW)
    run()
    expect(replicates()).toEqual(['dcsync: u1105 -> corp.example'])
  })

  it('is said once of groups that are members of each other, and not again of who holds both already', () => {
    test.store([
      ...[user(1105), user(1106)],
      group(1201, [1210]),
      group(1202, [1210, 1106]),
      group(1210, [1211, 1105]),
      group(1211, [1210]),
      group(1220, [1106]),
      domain([
        ['get-changes', 1201],
        ['get-changes', 1106],
        ['get-changes-all', 1202],
        ['dcsync', 1220],
      ]),
    ])
    run()
    expect(replicates()).toEqual(['dcsync: g1210 -> corp.example', 'dcsync: g1220 -> corp.example'])
  })
})
