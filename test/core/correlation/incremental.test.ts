import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import { removeEvidence } from '../../../core/evidence/remove.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { TEST_NOW, TestCase } from '../../support/case-builder.ts'
import { dumpGraph, dumpIds } from '../../support/graph-dump.ts'
import { aComputer, aLogon, aMail, aUser, otherSid, sid } from '../identity/people.ts'

/** What every rule finds, and what it must not find, in one case; and names that come to mean somebody else. */
const items: readonly RecordItem[] = [
  ...rules.flatMap((rule) => [...rule.matches, ...rule.ignores].flatMap((example) => example.items)),
  aUser('amber', 1105, { proxyAddresses: ['amber@corp.example', 'a.stone@mail.example'] }),
  aUser('amber', 7, {
    objectId: otherSid(9),
    sid: otherSid(9),
    domain: 'other.example',
    netbiosDomain: 'OTHER',
    upn: 'amber@other.example',
    mail: undefined,
  }),
  aComputer('ws-01', 1201),
  aComputer('ws-02', 1202, { dnsHostName: undefined }),
  aLogon({ host: 'ws-03', account: 'WS-03\\admin' }),
  aLogon({ host: 'ws-01', account: 'basil', accountSid: sid(1106) }),
  aMail({ mailbox: 'amber@corp.example', messageId: 'one@out.example' }),
]

/** Cuts what is stored into files, in any order. */
const pieces = fc
  .tuple(
    fc.shuffledSubarray([...items], { minLength: Math.floor(items.length / 3) }),
    fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  )
  .map(([order, cuts]) => {
    const at = [...new Set([0, ...cuts.map((cut) => cut % order.length), order.length])].sort((a, b) => a - b)
    return at.slice(1).map((end, index) => order.slice(at[index], end))
  })

/** Nothing may be saved by the safety net: a run that fails and starts anew says so. */
const complaints = vi.spyOn(process.stderr, 'write')
afterEach(() => {
  const said = complaints.mock.calls
    .map(([text]) => String(text))
    .filter((text) => text.startsWith('redthread:'))
  complaints.mockClear()
  expect(said).toEqual([])
})

const runs = { seed: 20_261_122, numRuns: 12 }

describe('correlation after each file', () => {
  it('finds what one run over all of them finds', () => {
    fc.assert(
      fc.property(pieces, (files) => {
        using stepwise = new TestCase()
        using whole = new TestCase()
        for (const [index, file] of files.entries()) {
          stepwise.store(file, `file ${index}`)
          stepwise.correlate()
          whole.store(file, `file ${index}`)
        }
        whole.correlate()
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
      }),
      runs,
    )
  }, 300_000)

  it('finds what a full run over the same case finds, under the same ids', () => {
    fc.assert(
      fc.property(pieces, (files) => {
        using testCase = new TestCase()
        for (const file of files) {
          testCase.store(file)
          testCase.correlate()
        }
        const before = [dumpGraph(testCase), dumpIds(testCase)]
        const again = testCase.correlate(undefined, true)
        expect(again.reused).toBe(0)
        expect([dumpGraph(testCase), dumpIds(testCase)]).toEqual(before)
      }),
      runs,
    )
  }, 300_000)

  it('forgets a removed file as if it had never been correlated', () => {
    fc.assert(
      fc.property(pieces, fc.nat(), (files, choice) => {
        using stepwise = new TestCase()
        using whole = new TestCase()
        const gone = choice % files.length
        const ids = files.map((file, index) => {
          const id = stepwise.store(file, `file ${index}`)
          stepwise.correlate()
          whole.store(file, `file ${index}`)
          return id
        })
        for (const testCase of [stepwise, whole]) removeEvidence(testCase.db, ids[gone] ?? 0, TEST_NOW)
        stepwise.correlate()
        whole.correlate()
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
        // and once more, under numbers that are used again
        for (const testCase of [stepwise, whole]) testCase.store(files[gone] ?? [], 'again')
        stepwise.correlate()
        whole.correlate(undefined, true)
        expect(dumpGraph(stepwise)).toEqual(dumpGraph(whole))
      }),
      runs,
    )
  }, 300_000)
})

describe('a run with nothing new', () => {
  it('runs no rule and writes no relation', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    const stamp = () =>
      testCase.db.prepare('SELECT (SELECT max(run) FROM relation), (SELECT max(run) FROM entity)').raw().get()
    const before = stamp()
    const result = testCase.correlate()
    expect(result.run).toBe(0)
    expect(result.reused).toBeGreaterThan(rules.length - 1)
    expect(stamp()).toEqual(before)
  })
})

describe('one more file', () => {
  it('re-runs the rules that read what it holds, and no others', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    testCase.store([
      aLogon({ host: 'ws-01', account: 'basil', accountSid: sid(1106) }, '2026-03-11T08:00:00Z'),
    ])
    const result = testCase.correlate()
    const ran = result.rules.filter((rule) => rule.run > 0).map((rule) => rule.id)
    expect(ran).toContain('logon.session')
    expect(result.rules.find((rule) => rule.id === 'mail.message')).toMatchObject({ run: 0, error: null })
    expect(result.rules.find((rule) => rule.id === 'persistence.task')).toMatchObject({ run: 0 })
    expect(result.run).toBeLessThan(result.reused)
  })
})
