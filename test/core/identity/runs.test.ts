import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exampleDomain } from '../../../core/correlation/example-mail.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { aComputer, aLogon, aMail, aUser, listEntities, otherSid, sid } from './people.ts'

const items: readonly RecordItem[] = [
  aUser('amber', 1105, { proxyAddresses: ['amber@corp.example', 'a.stone@mail.example'] }),
  aUser('basil', 1106),
  aUser('amber', 7, {
    objectId: otherSid(9),
    sid: otherSid(9),
    domain: 'other.example',
    netbiosDomain: 'OTHER',
    upn: 'amber@other.example',
    mail: undefined,
  }),
  aUser('coral', 1107, {
    sid: undefined,
    objectId: 'cn=coral,dc=corp,dc=example',
    dn: 'CN=coral,DC=corp,DC=example',
    upn: undefined,
  }),
  aUser('coral', 1107, { dn: 'CN=coral,DC=corp,DC=example' }),
  aComputer('ws-01', 1201),
  aComputer('ws-02', 1202, { dnsHostName: undefined }),
  exampleDomain('corp.example', 3),
  aLogon({ host: 'ws-01', account: 'CORP\\amber' }),
  aLogon({ host: 'WS-02.corp.example', account: 'OTHER\\amber', accountSid: otherSid(9) }),
  aLogon({ host: 'ws-03', account: 'WS-03\\admin' }),
  aLogon({ host: 'ws-03.corp.example', account: 'WS-03\\admin', accountSid: 'S-1-5-21-7-7-7-1001' }),
  aLogon({ host: 'ws-01', account: 'basil' }),
  aLogon({ host: 'ws-01', account: 'dora' }),
  aLogon({ host: 'ws-01', account: 'dora@corp.example' }),
  anEvent('process-start', '2026-03-10T08:00:05Z', {
    host: 'ws-01',
    account: 'CORP\\basil',
    pid: 7,
    processPath: 'C:\\a.exe',
  }),
  aMail({
    mailbox: 'amber@corp.example',
    messageId: 'one@out.example',
    urls: [{ url: 'http://out.example/a', where: 'body' }],
  }),
  aMail({ mailbox: 'a.stone@mail.example', messageId: 'one@out.example', attachments: [{ name: 'a.zip' }] }),
]
const shape = (testCase: TestCase) => listEntities(testCase).map(({ id: _id, ...entity }) => entity)

describe('identity over runs', () => {
  it('gives every entity the same id in a second run, and the same names', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    const first = listEntities(testCase)
    testCase.correlate()
    expect(listEntities(testCase)).toEqual(first)
  })

  it('keeps the ids of what was known when one more file is imported', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    const before = listEntities(testCase)
    testCase.store(
      [
        aUser('amber.renamed', 1105),
        aUser('elm', 1109),
        aComputer('ws-09', 1209),
        aLogon({ host: 'ws-01', account: 'CORP\\elm', accountSid: sid(1109) }, '2026-03-11T08:00:00Z'),
        aMail({ mailbox: 'elm@corp.example', messageId: 'two@out.example' }),
      ],
      'more.json',
    )
    testCase.correlate()
    const after = new Map(listEntities(testCase).map((entity) => [entity.key, entity.id]))
    expect(before.filter((entity) => after.get(entity.key) !== entity.id)).toEqual([])
    expect(after.size).toBeGreaterThan(before.length)
  })

  it('forgets what a removed file alone told of', () => {
    using testCase = new TestCase()
    testCase.store(items)
    testCase.correlate()
    const before = shape(testCase)
    const more = testCase.store(
      [aLogon({ host: 'ws-77', account: 'CORP\\gone', accountSid: sid(1777) })],
      'more.json',
    )
    testCase.correlate()
    expect(shape(testCase)).not.toEqual(before)
    testCase.db.prepare('DELETE FROM event WHERE evidence_id = ?').run(more)
    testCase.correlate()
    expect(shape(testCase)).toEqual(before)
  })

  it('does not depend on the order of the records', () => {
    const inOrder = (order: readonly RecordItem[]) => {
      using testCase = new TestCase()
      testCase.store(order)
      testCase.correlate([])
      return shape(testCase)
    }
    const expected = inOrder(items)
    fc.assert(
      fc.property(fc.shuffledSubarray([...items], { minLength: items.length }), (order) => {
        expect(inOrder(order)).toEqual(expected)
      }),
      { seed: 20_260_310, numRuns: 8 },
    )
  })
})
