import { expect, it, describe } from 'vitest'
import type { Asset } from '../../../core/contract/nouns/story.ts'
import type { EntityKind } from '../../../core/model/relation.ts'
import { addAddresses } from '../../../core/reputation/plan-addresses.ts'
import { People } from '../../../core/reputation/plan-people.ts'
import { Steps } from '../../../core/reputation/plan-steps.ts'
import { TestCase } from './case-builder.ts'

const START = Date.UTC(2026, 2, 1) * 1000
const MINUTE = 60_000_000

/** A program on WS-1 that reports to an address it had found by name, as a story tells it; others go there, too. */
function blocked({
  address = '203.0.113.9',
  rule = 'network.beacon',
  what = 'beacon',
  level = 'high',
  others = 0,
}) {
  const test = new TestCase(START + 1000 * MINUTE)
  const [ws, ip, name] = [
    test.entity('endpoint', 'WS-1'),
    test.entity('ip', address),
    test.entity('domain', 'sync.example'),
  ]
  const elsewhere = test.entity('domain', 'www.example')
  const program = test.entity('process', 'a.exe')
  test.relate('ran-on', program, ws, START)
  test.relate('connected-to', program, ip, START + MINUTE)
  test.relate('connected-to', program, name, START + MINUTE)
  test.relate('connected-to', program, elsewhere, START + 9 * MINUTE)
  for (let n = 0; n < others; n += 1) {
    const other = test.entity('process', `chrome.exe ${n}`)
    test.relate('ran-on', other, test.entity('endpoint', `WS-9${n}`), START)
    test.relate('connected-to', other, ip, START + MINUTE)
  }
  test.db
    .prepare(
      `INSERT INTO detection VALUES (1, 'k', ?, ?, ?, ?, ?, ?, 1, 0.9, '{"key":"x","params":{}}', 0, 1)`,
    )
    .run(rule, what, level, program, START, START)
  const asset = (kind: EntityKind, id: number, label: string, detections: string[]): Asset => ({
    entity: { id: String(id), kind, name: label },
    roles: ['detected'],
    firstAt: null,
    lastAt: null,
    rating: 'unrated',
    isCandidate: false,
    proof: { relations: [], detections, events: [], evidence: [] },
  })
  const steps = new Steps(test.db)
  const assets = [
    asset('endpoint', ws, 'WS-1', []),
    asset('ip', ip, address, ['1']),
    asset('domain', elsewhere, 'www.example', []),
  ]
  addAddresses(test.db, steps, new People(test.db), { vectors: new Set(), established: [assets] })
  return steps.list().map(({ action, target }) => `${action} ${target.url}`)
}

describe('addresses from which programs of an established story were controlled', () => {
  it('are blocked, with the name they were reached under, and not what was merely reached', () => {
    expect(blocked({})).toEqual(['block-url 203.0.113.9', 'block-url sync.example'])
  })

  it('are left alone inside, where others go there as well, and where no rule saw more than a contact', () => {
    expect(blocked({ address: '10.0.0.9' })).toEqual([])
    expect(blocked({ others: 5 })).toEqual([])
    expect(blocked({ level: 'low' })).toEqual([])
    expect(blocked({ rule: 'network.upload', what: 'upload-volume' })).toEqual([])
  })
})
