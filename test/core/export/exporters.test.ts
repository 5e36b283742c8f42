import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exporters } from '../../../core/export/registry.ts'
import { BUILT_IN_LANGUAGES } from '../../../core/model/text.ts'
import type { Workbench } from '../../support/workbench.ts'
import { exported, openExportCase } from './export-case.ts'

const IDS = [
  'analyst-work-csv',
  'analyst-work-json',
  'attack-navigator',
  'audit-jsonl',
  'bloodhound-opengraph',
  'case-uco',
  'events-csv',
  'events-jsonl',
  'graphml',
  'indicators-csv',
  'indicators-plain',
  'misp',
  'neo4j-csv',
  'opensearch-bulk',
  'parquet',
  'stix',
  'timesketch-csv',
  'timesketch-jsonl',
]
// eslint wants no control characters in patterns; the escapes spell them out.
const CONTROLS = new RegExp('[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]')
const ORDER = /[\u202a-\u202e\u2066-\u2069\u200b\u2028\u2029]/

let bench: Workbench
beforeAll(async () => {
  bench = await openExportCase()
}, 60_000)
afterAll(() => bench.close())

describe('the list of targets', () => {
  it('has the targets of the hand-off, and the formats of the remediation plan by reference', async () => {
    expect(exporters.map(({ id }) => id)).toEqual(IDS)
    const targets = await bench.client.call('export.targets', {})
    expect(targets.map(({ id, method }) => `${method} ${id}`)).toEqual([
      ...IDS.map((id) => `export.run ${id}`),
      ...['csv', 'graph', 'json', 'powershell'].map((id) => `plan.export plan-${id}`),
    ])
    const english = await bench.client.call('locale.messages', { lang: 'en' })
    for (const target of targets)
      for (const text of [target.title, target.description, ...(target.left ? [target.left] : [])])
        expect(english[text.key], text.key).toBeTruthy()
  })

  it.each(exporters.map((exporter) => [exporter.id, exporter] as const))(
    '%s says in every language what it is and what it leaves out',
    (_, { texts, extension }) => {
      for (const lang of BUILT_IN_LANGUAGES)
        expect(
          Object.values(texts[lang]).every((text) => text.trim() !== ''),
          lang,
        ).toBe(true)
      expect(extension).toMatch(/^[a-z]+$/)
    },
  )
})

describe.each(IDS)('export to %s', (target) => {
  it('writes the file whose hash and rows it tells, and says so in the audit log', async () => {
    const { result, bytes } = await exported(bench, target)
    expect(result).toMatchObject({
      target,
      bytes: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(result.rows).toBe(Object.values(result.counts).reduce((sum, count) => sum + count, 0))
    expect(statSync(result.path).mode & 0o077).toBe(0)
    const last = (await bench.client.call('audit.list', { limit: 1000 })).rows.at(-1)
    expect(last).toMatchObject({
      action: 'export.written',
      details: {
        target,
        file: `out-${target}`,
        sha256: result.sha256,
        rows: result.rows,
        addresses: result.isLive ? 'live' : 'defanged',
      },
    })
  })

  it('writes text without a character that moves a cursor, ends a line of its own or reorders it', async () => {
    const { result, bytes } = await exported(bench, target)
    if (result.path.endsWith('parquet') || result.path.endsWith('neo4j-csv')) return
    const text = bytes.toString('utf8').replace(/^\ufeff/, '')
    expect(CONTROLS.exec(text)).toBeNull()
    expect(ORDER.exec(text)).toBeNull()
    expect(text.isWellFormed()).toBe(true)
    expect(text).not.toContain('\ufffd\ufffd')
  })

  it('writes the same bytes twice from the same rows', async () => {
    const first = await exported(bench, target)
    const second = await exported(bench, target)
    // What tells its own time differs in that alone, and the audit log has grown.
    if (target === 'audit-jsonl') {
      expect(second.bytes.subarray(0, first.bytes.length).equals(first.bytes)).toBe(true)
      return
    }
    const quiet = (bytes: Buffer) =>
      bytes
        .toString('latin1')
        .replace(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3,6}Z/g, 'TIME')
        .replace(/"timestamp":"\d+"/g, 'TIME')
        .replace(/bundle--[0-9a-f-]{36}/, 'BUNDLE')
    expect(quiet(second.bytes)).toBe(quiet(first.bytes))
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const path = join(bench.folder, `cancelled-${target}`)
    const before = readdirSync(bench.folder).length
    const stop = bench.client.onEvent((event) => {
      if (event.type === 'job.progress') void bench.client.call('job.cancel', { id: event.jobId })
    })
    await expect(bench.client.run('export.run', { grant: path, target })).rejects.toMatchObject({
      code: 'job.cancelled',
    })
    stop()
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(bench.folder).length).toBe(before)
  })
})

describe('an export', () => {
  it('refuses a target, a span and a place that are none, before anything is written', async () => {
    const run = (more: object) =>
      bench.client.run('export.run', { grant: join(bench.folder, 'x'), target: 'events-csv', ...more })
    await expect(run({ target: '../../x' })).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(run({ target: '__proto__' })).rejects.toMatchObject({ code: 'request.invalid' })
    await expect(run({ from: 'yesterday' })).rejects.toMatchObject({ params: { field: 'from' } })
    await expect(run({ from: '2026-03-03T00:00:00Z', to: '2026-03-02T00:00:00Z' })).rejects.toMatchObject({
      params: { field: 'to' },
    })
    await expect(run({ target: 'audit-jsonl', from: '2026-03-03T00:00:00Z' })).rejects.toMatchObject({
      params: { field: 'from' },
    })
    await expect(run({ grant: join(bench.folder, 'no', 'such', 'folder') })).rejects.toMatchObject({
      code: 'store.unwritable',
    })
    expect(existsSync(join(bench.folder, 'x'))).toBe(false)
  })

  it('takes a span: what happened from its start until before its end', async () => {
    const span = { from: '2026-03-02T08:00:03.123Z', to: '2026-03-02T08:00:06.123Z' }
    const { result, bytes } = await exported(bench, 'events-jsonl', span)
    const events = bytes.toString('utf8').trimEnd().split('\n')
    expect(result.counts).toEqual({ events: 3 })
    expect(events.map((line) => (JSON.parse(line) as { at: string }).at)).toEqual([
      '2026-03-02T08:00:03.123Z',
      '2026-03-02T08:00:04.123Z',
      '2026-03-02T08:00:05.123Z',
    ])
    const graph = (await exported(bench, 'graphml', span)).bytes.toString('utf8')
    const ids = new Set([...graph.matchAll(/<node id="(n\d+)"/g)].map((match) => match[1]))
    const ends = [...graph.matchAll(/ (?:source|target)="(n\d+)"/g)].map((match) => match[1])
    expect(ends.length).toBeGreaterThan(0)
    expect(ends.filter((end) => !ids.has(end))).toEqual([])
    const whole = (await exported(bench, 'graphml')).result.counts
    expect(ids.size).toBeLessThan(whole['entities'] ?? 0)
  })

  it('replaces a file whole, never follows what evidence names', async () => {
    const path = bench.file('old.csv', 'old')
    await bench.client.run('export.run', { grant: path, target: 'indicators-plain' })
    expect(readFileSync(path, 'utf8')).not.toContain('old')
  })
})
