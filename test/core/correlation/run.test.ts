import { describe, expect, it } from 'vitest'
import type { EntityDraft, RelationDraft, Rule } from '../../../core/correlation/rule.ts'
import { correlate } from '../../../core/correlation/run.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { readCaseInfo } from '../../../core/store/case-info.ts'
import { anEvent, TEST_NOW, TestCase } from '../../support/case-builder.ts'

const aProcess = (name: string, more: Partial<EntityDraft> = {}): EntityDraft => ({
  kind: 'process',
  key: `process:${name}`,
  name,
  ...more,
})
const aDraft = (more: Partial<RelationDraft> = {}): RelationDraft => ({
  kind: 'spawned',
  from: aProcess('a'),
  to: aProcess('b'),
  at: 1_000_000,
  confidence: 0.5,
  reason: 'stated',
  proof: [{ eventId: 1, evidenceId: 1, record: 1 }],
  ...more,
})
const finding = (id: string, drafts: readonly RelationDraft[]): Rule => ({
  id,
  order: 1,
  relations: ['spawned'],
  attack: [],
  texts: { en: {}, 'zh-TW': {}, ja: {} },
  matches: [],
  ignores: [],
  *run() {
    yield* drafts
  },
})

/** A case with so many events, correlated by rules that find the drafts. */
function withFound<T>(drafts: readonly RelationDraft[], ask: (testCase: TestCase) => T, events = 1): T {
  using testCase = new TestCase()
  testCase.store(Array.from({ length: events }, () => anEvent('generic', '2026-03-10T08:00:00Z', {})))
  testCase.correlate([finding('test.a', drafts)])
  return ask(testCase)
}
const relation = (testCase: TestCase) =>
  testCase.db
    .prepare(
      'SELECT first_at AS first, last_at AS last, count, confidence, observed, event_total AS total, uses FROM relation',
    )
    .get() as {
    first: number | null
    last: number | null
    count: number
    confidence: number
    observed: number
    total: number
    uses: Buffer
  }
const timesOf = (uses: Buffer) => [
  ...new Float64Array(uses.buffer.slice(uses.byteOffset, uses.byteOffset + uses.byteLength)),
]

describe('found relations', () => {
  it('are one per kind and pair, with all uses, the surest reason, and each proof once', () => {
    const drafts = [
      aDraft({ at: 3_000_000, confidence: 0.4 }),
      aDraft({ at: 1_000_000, confidence: 0.9, reason: 'better' }),
      aDraft({ at: 3_000_000, confidence: 0.9, reason: 'later' }),
      aDraft({ at: null, proof: [{ evidenceId: 1, record: 2 }] }),
    ]
    withFound(drafts, (testCase) => {
      const { uses, ...row } = relation(testCase)
      expect(row).toEqual({
        first: 1_000_000,
        last: 3_000_000,
        count: 4,
        confidence: 0.9,
        observed: 1,
        total: 2,
      })
      expect(timesOf(uses)).toEqual([1_000_000, 3_000_000])
      expect(testCase.relations()[0]).toMatchObject({
        reason: { key: 'rule.test.a.reason.better' },
        proofs: 2,
      })
    })
  })

  it('keep a limited number of proofs, and count the rest', () => {
    const drafts = Array.from({ length: 100 }, (_, index) =>
      aDraft({ at: index * 1e6, proof: [{ eventId: index + 1, evidenceId: 1, record: index + 1 }] }),
    )
    withFound(
      drafts,
      (testCase) => {
        expect(relation(testCase).total).toBe(100)
        expect(testCase.relations()[0]?.proofs).toBe(64)
      },
      100,
    )
  })

  it('keep first and last of a beacon whose uses are thinned', () => {
    const drafts = Array.from({ length: 5000 }, (_, index) => aDraft({ at: index * 1e6 }))
    withFound(drafts, (testCase) => {
      const row = relation(testCase)
      const uses = timesOf(row.uses)
      expect(row.count).toBe(5000)
      expect([uses.length, uses[0], uses.at(-1)]).toEqual([4096, 0, 4_999_000_000])
      expect(uses).toEqual([...new Set(uses)].sort((a, b) => a - b))
    })
  })

  it('never lead from an entity to itself, and say of a right that it was not observed', () => {
    withFound([aDraft({ to: aProcess('a') })], (testCase) => expect(testCase.relations()).toEqual([]))
    withFound([aDraft({ kind: 'admin-to', at: null })], (testCase) =>
      expect(relation(testCase).observed).toBe(0),
    )
  })

  it('gather what several finds say of one new entity: names, facts, times', () => {
    const first = aProcess('b', { attributes: { pid: 7 }, aliases: [{ kind: 'pid', value: '7' }] })
    const second = aProcess('b', {
      attributes: { pid: 8, path: 'C:\\b.exe' },
      aliases: [
        { kind: 'pid', value: '7' },
        { kind: 'path', value: 'C:\\b.exe' },
      ],
    })
    withFound(
      [aDraft({ to: first, at: 5_000_000 }), aDraft({ to: second, at: 2_000_000, from: aProcess('c') })],
      (testCase) => {
        const row = testCase.db
          .prepare("SELECT first_seen AS first, last_seen AS last, attributes FROM entity WHERE name = 'b'")
          .get()
        expect(row).toEqual({
          first: 2_000_000,
          last: 5_000_000,
          attributes: '{"pid":7,"path":"C:\\\\b.exe"}',
        })
        expect(
          testCase.db
            .prepare(
              "SELECT a.kind, a.value FROM alias a JOIN entity e ON e.id = a.entity_id WHERE e.name = 'b' ORDER BY a.kind",
            )
            .all(),
        ).toEqual([
          { kind: 'path', value: 'C:\\b.exe' },
          { kind: 'pid', value: '7' },
        ])
      },
    )
  })
})

describe('a correlation run', () => {
  const options = (more: { rules: readonly Rule[]; signal?: AbortSignal }) => ({
    now: () => TEST_NOW,
    signal: new AbortController().signal,
    onRule: () => undefined,
    ...more,
  })

  it('keeps ids of what is found again, and forgets what is not', () => {
    using testCase = new TestCase()
    testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    const ids = () => testCase.db.prepare('SELECT key, id FROM entity ORDER BY key').all()
    testCase.correlate([finding('test.a', [aDraft(), aDraft({ to: aProcess('gone') })])])
    const before = ids()
    // The same rule with other code, which a run cannot know of by itself.
    testCase.correlate([finding('test.a', [aDraft({ to: aProcess('new') }), aDraft()])], true)
    const after = ids()
    const keys = (rows: unknown[]) => rows.map((row) => (row as { key: string }).key)
    expect(after.filter((row) => ['process:a', 'process:b'].includes((row as { key: string }).key))).toEqual(
      before.filter((row) => ['process:a', 'process:b'].includes((row as { key: string }).key)),
    )
    expect(keys(before)).toContain('process:gone')
    expect(keys(after)).not.toContain('process:gone')
    expect(testCase.relations()).toHaveLength(2)
  })

  it('lists a rule that fails and keeps what the others found, and what it had found before', () => {
    using testCase = new TestCase()
    testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    const broken: Rule = {
      ...finding('test.broken', []),
      *run() {
        yield aDraft({ to: aProcess('half') })
        throw new Error('this rule is broken')
      },
    }
    const result = testCase.correlate([broken, finding('test.sound', [aDraft()])])
    expect(result.rules).toEqual([
      { id: 'test.broken', relations: 1, detections: 0, error: 'this rule is broken', reused: 0, run: 1 },
      { id: 'test.sound', relations: 1, detections: 0, error: null, reused: 0, run: 1 },
    ])
    expect(testCase.relations().map((found) => found.to)).toEqual(['b', 'half'])
    const audit = testCase.db
      .prepare("SELECT details FROM audit WHERE action = 'correlation.run'")
      .pluck()
      .get() as string
    expect(JSON.parse(audit)).toMatchObject({ relations: 2, failed: ['test.broken'] })
    expect(readCaseInfo(testCase.db, 'a', false).failedRules).toEqual(['test.broken'])
    testCase.correlate([finding('test.broken', []), finding('test.sound', [aDraft()])])
    expect(readCaseInfo(testCase.db, 'a', false).failedRules).toEqual([])
  })

  it('leaves everything as it was when it is cancelled', () => {
    using testCase = new TestCase()
    testCase.store([anEvent('generic', '2026-03-10T08:00:00Z', {})])
    testCase.correlate([finding('test.a', [aDraft()])])
    const before = testCase.relations()
    const cancel = new AbortController()
    const cancelling: Rule = {
      ...finding('test.cancelling', []),
      *run() {
        cancel.abort(new WorkbenchError('job.cancelled'))
        yield aDraft({ to: aProcess('half') })
      },
    }
    const run = () =>
      correlate(testCase.db, options({ rules: [cancelling, finding('test.b', [])], signal: cancel.signal }))
    expect(run).toThrow(expect.objectContaining({ code: 'job.cancelled' }))
    expect(testCase.relations()).toEqual(before)
  })
})
