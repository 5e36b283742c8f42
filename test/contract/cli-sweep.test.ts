import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redthread, redthreadJson } from '../support/cli.ts'
import { windowsLines } from '../support/workbench.ts'

describe('redthread sweep', () => {
  const folder = mkdtempSync(join(tmpdir(), 'redthread-cli-sweep-'))
  const casePath = join(folder, 'incident.redthread')
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  beforeAll(async () => {
    await redthreadJson(['new', casePath])
    await redthreadJson(['import', casePath, file('a.json', windowsLines(5))])
    await redthreadJson(['correlate', casePath])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('prints what was looked for, what not and why, and where it was seen', async () => {
    const list = file('iocs.txt', 'command-line~echo 3\nevil[.]example\nmutex_of_evil\n')
    const { code, document } = await redthreadJson(['sweep', casePath, list])
    expect(code).toBe(0)
    expect(document).toMatchObject({
      schema: 1,
      run: { name: 'iocs.txt', from: null, to: null },
      indicators: [
        { id: 'i1', kind: 'command-line', operator: 'contains', value: 'echo 3', supported: true, why: null },
        { id: 'i2', kind: 'domain', operator: 'is', value: 'evil.example', supported: true, why: null },
        { id: 'i3', kind: null, value: 'mutex_of_evil', supported: false },
      ],
      sightings: [
        {
          indicator: 'i1',
          at: '2026-03-02T08:00:03.000Z',
          entity: { kind: 'endpoint', name: 'WS01' },
          field: 'process.command_line',
          value: 'cmd /c echo 3',
          source: { locator: 'line 4' },
        },
      ],
      total: 1,
      next: null,
      counts: { indicators: 3, supported: 2, matched: 1, sightings: 1, endpoints: 1 },
    })
  })

  it('takes several files of several formats, and shows them first where that is asked', async () => {
    const rule = file(
      'rule.yml',
      'title: Echo\nlogsource: {category: process_creation, product: windows}\ndetection: {s: {CommandLine|contains: echo 4}, condition: s}\n',
    )
    const list = file('more.txt', '203.0.113.7\n')
    const preview = await redthreadJson(['sweep', casePath, rule, list, '--preview'])
    expect(preview.document).toMatchObject({
      format: 'sigma, plain-list',
      indicators: [
        { kind: 'sigma', value: 'Echo' },
        { kind: 'ip', value: '203.0.113.7' },
      ],
      counts: { indicators: 2, supported: 2 },
    })
    const words = await redthread(['sweep', casePath, rule, list])
    expect(words.code).toBe(0)
    expect(words.stdout).toContain('Indicators matched: 1 of 2.')
    expect(words.stdout).toContain('Echo')
  })

  it('says what is wrong with a file, and searches nothing', async () => {
    const prose = file('letter.txt', 'Dear colleagues, please find attached the list of last week.')
    const refused = await redthreadJson(['sweep', casePath, prose])
    expect(refused.code).toBe(1)
    expect(refused.document).toMatchObject({
      error: { code: 'sweep.unrecognised', params: { name: 'letter.txt' } },
    })
    const broken = await redthread(['sweep', casePath, file('broken.ioc', '<ioc><definition>')])
    expect(broken.code).toBe(1)
    expect(broken.stderr).toContain('could not be read')
    expect(broken.stderr).not.toMatch(/\bat .*\.ts/)
    const missing = await redthreadJson(['sweep', casePath, join(folder, 'none.txt')])
    expect(missing.document).toMatchObject({ error: { code: 'evidence.unreadable' } })
  })
})
