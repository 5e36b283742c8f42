import { expect, it } from 'vitest'
import lolbin from '../../../core/correlation/rules/process.lolbin.rule.ts'
import { anEvent, TestCase } from '../../support/case-builder.ts'

it('a timer that fetches one address again and again is told once for each endpoint, and counted', () => {
  using testCase = new TestCase()
  const runs = (host: string, url: string, minutes: readonly number[]) =>
    minutes.map((minute) =>
      anEvent('process-start', `2026-03-10T08:${String(minute).padStart(2, '0')}:00Z`, {
        host,
        processPath: '/usr/bin/wget',
        pid: 100 + minute,
        commandLine: `wget -q -O /var/cache/geo.db ${url}`,
      }),
    )
  testCase.store([
    ...runs('git.corp.example', 'https://geo.example.net/db', [1, 11, 21]),
    ...runs('git.corp.example', 'http://203.0.113.60/x', [33]),
    ...runs('web.corp.example', 'https://geo.example.net/db', [2]),
  ])
  testCase.correlate([lolbin])
  const found = testCase
    .detections()
    .map(({ what, count, proofs, reason }) => [what, count, proofs, reason.params['url']])
  expect(found).toHaveLength(3)
  expect(found).toContainEqual(['unix_download', 3, 3, 'https://geo.example.net/db'])
  expect(found).toContainEqual(['unix_download', 1, 1, 'http://203.0.113.60/x'])
  expect(found).toContainEqual(['unix_download', 1, 1, 'https://geo.example.net/db'])
})
