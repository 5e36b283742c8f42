import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import { anEvent, detectionText, TEST_NOW, TestCase } from '../../support/case-builder.ts'

const proofRows = `SELECT d.id, d.what, p.evidence_id AS evidenceId FROM detection d JOIN detection_proof p ON p.detection_id = d.id
  ORDER BY d.id, p.position`
const rowsLeft = `SELECT (SELECT count(*) FROM detection) + (SELECT count(*) FROM detection_proof) + (SELECT count(*) FROM detection_entity)`

/** Every proof of every detection. */
const proofsOf = (testCase: TestCase) =>
  testCase.db.prepare(proofRows).all() as { id: number; what: string; evidenceId: number }[]
const countRows = (testCase: TestCase): unknown => testCase.db.prepare(rowsLeft).pluck().get()

/** Wrong passwords for one account after another, a second apart. */
const wrongPasswords = (from: number, count: number, host: string) =>
  Array.from({ length: count }, (_, index) =>
    anEvent('logon-failure', new Date(Date.UTC(2026, 2, 10, 8) + (from + index) * 1000).toISOString(), {
      host,
      account: `CORP\\user${index % 5}`,
      sourceIp: '203.0.113.9',
      logonType: 3,
      status: '0xc000006a',
      outcome: 'failure',
    }),
  )

/** Examples in which a rule detects something, each by its rule. */
const detecting = rules.flatMap((rule) =>
  rule.matches
    .filter((example) => example.finds.some((find) => find.startsWith('!')))
    .map((example) => ({ rule, example, name: `${rule.id}: ${example.title}` })),
)

describe('detections of evidence that is removed', () => {
  it.each(detecting)('go with it, at once and in the next run: $name', ({ rule, example }) => {
    using testCase = new TestCase()
    const id = testCase.store(example.items, 'log')
    testCase.correlate([rule])
    expect(testCase.detections().map(detectionText)).toEqual(
      expect.arrayContaining(example.finds.filter((find) => find.startsWith('!'))),
    )
    expect(new Set(proofsOf(testCase).map(({ evidenceId }) => evidenceId))).toEqual(new Set([id]))
    removeEvidence(testCase.db, id, TEST_NOW)
    expect(countRows(testCase)).toBe(0)
    testCase.correlate([rule])
    expect(countRows(testCase)).toBe(0)
  })

  it('leave those of other evidence as they were, under their ids', () => {
    using testCase = new TestCase()
    const removed = testCase.store(wrongPasswords(0, 60, 'ws-01.corp.example'), 'one')
    const kept = testCase.store(wrongPasswords(0, 60, 'ws-02.corp.example'), 'two')
    testCase.correlate()
    const before = proofsOf(testCase).filter(({ what }) => what === 'password-guessing')
    expect(new Set(before.map(({ evidenceId }) => evidenceId))).toEqual(new Set([removed, kept]))
    const others = before.filter(({ evidenceId }) => evidenceId === kept)
    removeEvidence(testCase.db, removed, TEST_NOW)
    const guessing = () => proofsOf(testCase).filter(({ what }) => what === 'password-guessing')
    expect(guessing()).toEqual(others)
    testCase.correlate()
    expect(guessing()).toEqual(others)
  })

  it('come back without it where other evidence proves them too', () => {
    using testCase = new TestCase()
    const removed = testCase.store(wrongPasswords(0, 60, 'ws-01.corp.example'), 'one')
    const kept = testCase.store(wrongPasswords(60, 60, 'ws-01.corp.example'), 'two')
    testCase.correlate()
    const guessing = () => proofsOf(testCase).filter(({ what }) => what === 'password-guessing')
    const evidence = () => new Set(guessing().map(({ evidenceId }) => evidenceId))
    expect(evidence()).toEqual(new Set([removed, kept]))
    expect(new Set(guessing().map(({ id }) => id)).size).toBe(1)
    removeEvidence(testCase.db, removed, TEST_NOW)
    // Nothing stands on half of its proof until it has been looked at again.
    expect(guessing()).toEqual([])
    testCase.correlate()
    expect(evidence()).toEqual(new Set([kept]))
    expect(guessing()).toHaveLength(60)
    removeEvidence(testCase.db, kept, TEST_NOW)
    testCase.correlate()
    expect(countRows(testCase)).toBe(0)
  })
})
