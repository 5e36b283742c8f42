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

/** The same of an export that does not say when it was made; its objects do. */
const dated = (changedAt: number, edges: readonly DirectoryEdge[]): DirectoryItem[] =>
  users(undefined, edges).map((item, index) => ({
    ...item,
    title: `of ${changedAt}`,
    changedAt: changedAt - index * 1_000_000,
  }))

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

  it('goes by the newest time of the objects where no time is stated, whatever was imported first', () => {
    const newer = dated(day(4), [access('generic-all', 1101, 1100)])
    const older = dated(day(2), [access('write-dacl', 1102, 1100)])
    for (const order of [[newer, older] as const, [older, newer] as const]) {
      using own = new TestCase()
      const ids = order.map((items) => own.store(items))
      own.correlate([rights])
      expect(own.relations().map(relationText)).toEqual(['generic-all: u1 -> u0'])
      expect([...listStaleEvidence(own.db)]).toEqual([ids[order.indexOf(older)]])
      const title = `SELECT json_extract(attributes, '$.title') FROM entity WHERE kind = 'user' AND name = 'u0'`
      expect(own.db.prepare(title).pluck().get()).toBe(`of ${day(4)}`)
    }
  })

  it('does not go by a time after the import, of before there were directories, or of a lone password', () => {
    const newer = dated(day(4), [access('generic-all', 1101, 1100)])
    const older = dated(day(2), [access('write-dacl', 1102, 1100)]).map((item, index) => ({
      ...item,
      ...(index === 3 ? { lastLogonAt: Date.UTC(2099, 0, 1) * 1000 } : {}),
      ...(index === 4 ? { passwordSetAt: day(20) } : {}),
      ...(index === 5 ? { lastLogonAt: Date.UTC(1970, 0, 2) * 1000 } : {}),
    }))
    test.store(newer)
    const stale = test.store(older)
    expect(found()).toEqual(['generic-all: u1 -> u0'])
    expect([...listStaleEvidence(test.db)]).toEqual([stale])
  })

  it('compares a stated time with the times of objects, and one without any by the order of import', () => {
    const stated = users(day(3), [access('generic-all', 1101, 1100)])
    const before = dated(day(2), [access('write-dacl', 1102, 1100)])
    const silent = users(undefined, [access('write-owner', 1103, 1100)])
    test.store(stated)
    const old = test.store(before)
    expect([...listStaleEvidence(test.db)]).toEqual([old])
    // it tells nothing of its time, so it is the newest yet; whatever is proven to be later than those before it comes after
    test.store(silent)
    expect(found()).toEqual(['write-owner: u3 -> u0'])
    test.store(before, 'again')
    expect(found()).toEqual(['write-owner: u3 -> u0'])
    test.store(dated(day(6), [access('owns', 1104, 1100)]))
    expect(found()).toEqual(['owns: u4 -> u0'])
    expect(listStaleEvidence(test.db).size).toBe(4)
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
