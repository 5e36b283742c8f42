import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DirectoryEdge, DirectoryItem } from '../../../core/model/directory.ts'
import rights from '../../../core/correlation/rules/directory.rights.rule.ts'
import { markStale, readInfo, writeInfo } from '../../../core/store/case-info.ts'
import { findSuperseded } from '../../../core/store/snapshots.ts'
import { listStaleEvidence } from '../../../core/store/stale-evidence.ts'
import { relationText, TestCase } from '../../support/case-builder.ts'

const D = 'S-1-5-21-1-2-3'
const day = (number: number): number => Date.UTC(2026, 2, number) * 1000
const access = (right: DirectoryEdge['right'], from: number, to: number): DirectoryEdge => ({
  right,
  from: `${D}-${from}`,
  to: `${D}-${to}`,
})

/** Ten users of one domain as one export states them; the edges stand at the first. */
function users(
  collectedAt: number | undefined,
  edges: readonly DirectoryEdge[],
  count = 10,
): DirectoryItem[] {
  return Array.from({ length: count }, (_, index) => ({
    type: 'directory' as const,
    kind: 'user' as const,
    objectId: `${D}-${1100 + index}`,
    sid: `${D}-${1100 + index}`,
    name: `u${index}`,
    samAccountName: `u${index}`,
    domain: 'corp.example',
    title: `of ${collectedAt ?? 'unknown'}`,
    collectedAt,
    edges: index === 0 ? edges : [],
  }))
}

let test: TestCase
beforeEach(() => {
  test = new TestCase()
})
afterEach(() => test.close())
const found = (): string[] => {
  test.correlate([rights])
  return test.relations().map(relationText)
}

describe('snapshots of one directory', () => {
  it('takes rights from the newer one only, whatever was imported first', () => {
    const newer = test.store(users(day(5), [access('generic-all', 1101, 1100)]))
    const older = test.store(users(day(1), [access('write-dacl', 1102, 1100)]))
    expect(found()).toEqual(['generic-all: u1 -> u0'])
    expect([...listStaleEvidence(test.db)]).toEqual([older])
    expect(newer).toBeLessThan(older)
  })

  it('takes the order of import where no time is known', () => {
    const first = test.store(users(undefined, [access('write-dacl', 1102, 1100)]))
    test.store(users(undefined, [access('generic-all', 1101, 1100)]))
    expect(found()).toEqual(['generic-all: u1 -> u0'])
    expect([...listStaleEvidence(test.db)]).toEqual([first])
  })

  it('lets the facts of the newer one win, and names people that only the older one knows', () => {
    test.store(users(day(5), [], 9))
    test.store(users(day(1), []))
    test.correlate([])
    const names = test.db
      .prepare(
        `SELECT name, json_extract(attributes, '$.title') AS title FROM entity WHERE kind = 'user' ORDER BY name`,
      )
      .all() as { name: string; title: string }[]
    expect(names).toHaveLength(10)
    expect(names[0]?.title).toBe(`of ${day(5)}`)
    expect(names[9]?.title).toBe(`of ${day(1)}`)
  })

  it('does not take an export of a few accounts for the directory', () => {
    test.store(users(day(1), [access('write-dacl', 1102, 1100)]))
    test.store(users(day(5), [access('generic-all', 1101, 1100)], 3))
    expect(found()).toEqual(['generic-all: u1 -> u0', 'write-dacl: u2 -> u0'])
    expect(listStaleEvidence(test.db).size).toBe(0)
  })

  it('keeps the rights that a newer collection by other means says nothing about', () => {
    test.store(users(day(1), [access('write-dacl', 1102, 1100), access('member-of', 1100, 1103)]))
    test.store(users(day(5), [access('has-session', 1104, 1100)]))
    expect(found()).toEqual(['has-session: u4 -> u0', 'member-of: u0 -> u3', 'write-dacl: u2 -> u0'])
    expect(listStaleEvidence(test.db).size).toBe(0)
  })

  it('keeps exports of other domains and of other tools apart', () => {
    const other = users(day(1), [access('write-dacl', 1102, 1100)]).map((item) => ({
      ...item,
      domain: 'lab.example',
    }))
    test.store(other)
    const ldif = test.store(users(day(2), [access('member-of', 1100, 1103)]))
    test.db.prepare(`UPDATE evidence SET format = 'ldif' WHERE id = ?`).run(ldif)
    test.store(users(day(5), [access('generic-all', 1101, 1100), access('member-of', 1100, 1104)]))
    expect(findSuperseded(test.db)).toEqual([])
  })

  it('tells two collections in one evidence item apart by their times', () => {
    test.store([
      ...users(day(1), [access('write-dacl', 1102, 1100)]),
      ...users(day(5), [access('generic-all', 1101, 1100)]),
    ])
    expect(found()).toEqual(['generic-all: u1 -> u0'])
    expect(listStaleEvidence(test.db).size).toBe(0)
  })

  it('does not stay stale when the newer one is gone', () => {
    const older = test.store(users(day(1), []))
    const newer = test.store(users(day(5), []))
    expect([...listStaleEvidence(test.db)]).toEqual([older])
    test.db.prepare('DELETE FROM directory_object WHERE evidence_id = ?').run(newer)
    test.db.prepare('DELETE FROM raw_block WHERE evidence_id = ?').run(newer)
    test.db.prepare('DELETE FROM evidence WHERE id = ?').run(newer)
    expect(listStaleEvidence(test.db).size).toBe(0)
    // a file imported after that gets the number of the removed one
    const other = test.store(users(day(9), [], 2))
    expect(other).toBe(newer)
    expect(listStaleEvidence(test.db).size).toBe(0)
  })

  it('uses what an import left behind, and no word of a text that is none', () => {
    const older = test.store(users(day(1), []))
    test.store(users(day(5), []))
    markStale(test.db)
    expect(readInfo(test.db, 'stale_evidence')?.startsWith(`${older}|`)).toBe(true)
    expect([...listStaleEvidence(test.db)]).toEqual([older])
    writeInfo(test.db, 'stale_evidence', '{"__proto__":[7]}')
    markStale(test.db)
    expect(readInfo(test.db, 'stale_evidence')?.startsWith(`${older}|`)).toBe(true)
  })
})
