import { describe, expect, it } from 'vitest'
import { exampleDomain } from '../../../core/correlation/example-mail.ts'
import { anEvent, relationText, TestCase } from '../../support/case-builder.ts'
import { aUser, listEntities, sid } from './people.ts'

describe('directory domains', () => {
  it('are domains with their SID, distinguished name and DNS name, of high value', () => {
    using testCase = new TestCase()
    testCase.store([{ ...exampleDomain('corp.example', 3), netbiosDomain: 'CORP' }])
    testCase.correlate([])
    expect(listEntities(testCase)).toEqual([
      {
        id: expect.any(Number) as number,
        kind: 'domain',
        key: 'domain:corp.example',
        name: 'corp.example',
        aliases: ['dn:DC=corp,DC=example', 'fqdn:corp.example', 'netbios:CORP', 'sid:S-1-5-21-1-2-3'],
      },
    ])
    const attributes = testCase.db.prepare('SELECT attributes FROM entity').pluck().get() as string
    expect(JSON.parse(attributes)).toEqual({ domain: 'corp.example', isHighValue: true })
  })

  it('are the same domain that events speak of, and no destination: asking for it reaches nothing it contains', () => {
    using testCase = new TestCase()
    testCase.store([
      exampleDomain('corp.example', 3),
      anEvent('dns-query', '2026-03-10T08:00:00Z', {
        processPath: 'C:\\tools\\scan.exe',
        pid: 7,
        target: 'CORP.example',
      }),
    ])
    testCase.correlate()
    expect(listEntities(testCase, 'domain').map((domain) => domain.key)).toEqual(['domain:corp.example'])
    expect(testCase.relations().map(relationText)).not.toContain('resolved: scan.exe -> corp.example')
  })

  it('keep the rights over them, also when named by their distinguished name', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('amber', 1105, {
        edges: [{ right: 'generic-all', from: sid(1105), to: 'dc=corp,dc=example' }],
      }),
      { ...exampleDomain('corp.example', 3), dn: 'DC=corp, DC=example' },
    ])
    testCase.correlate()
    expect(testCase.relations().map(relationText)).toEqual(['generic-all: amber -> corp.example'])
  })

  it('are not the partitions of the DNS server', () => {
    using testCase = new TestCase()
    testCase.store([{ ...exampleDomain('domaindnszones.corp.example', 3), sid: undefined }])
    testCase.correlate()
    expect(listEntities(testCase)).toEqual([])
  })
})
