import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../core/contract/client.ts'
import { buildDemoCase } from '../../core/demo/build-demo-case.ts'
import { DEMO_SEED } from '../../core/demo/generate.ts'
import type { Truth } from '../../core/demo/truth.ts'
import { createEngine } from '../../core/engine.ts'
import { redthread, redthreadJson } from '../support/cli.ts'

let folder: string
let casePath: string
let truth: Truth
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-cli-stories-'))
  casePath = join(folder, 'demo.redthread')
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
  const client = createClient(engine)
  const demo = await buildDemoCase(client, join(folder, 'evidence'), casePath, () => undefined, DEMO_SEED)
  truth = demo.files.truth
  await engine.close()
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

type Document = Record<string, unknown>
const ask = async (...args: string[]): Promise<Document> => {
  const { code, document } = await redthreadJson(args)
  expect(code, JSON.stringify(document['error'])).toBe(0)
  expect(document['schema']).toBe(1)
  return document
}

describe('answers of the command line over the demo case', { timeout: 120_000 }, () => {
  it('lists stories with every documented field, the true one first', async () => {
    const document = await ask('stories', casePath)
    const [top] = document['stories'] as Document[]
    expect(Object.keys(top ?? {})).toEqual([
      ...[
        'id',
        'rank',
        'title',
        'titleCode',
        'score',
        'reasons',
        'candidate',
        'firstObserved',
        'firstObservedAt',
      ],
      ...[
        'emailVector',
        'vector',
        'lookedAt',
        'users',
        'userTotal',
        'triedTotal',
        'endpoints',
        'endpointTotal',
        'startAt',
        'endAt',
      ],
      ...['corroboration', 'attack', 'counts', 'relations'],
    ])
    expect(top?.['title']).toMatch(/48213/)
    const endpoints = (top?.['endpoints'] as { name: string }[]).map(
      (endpoint) => `endpoint:${endpoint.name}`,
    )
    expect(endpoints).toEqual(expect.arrayContaining([truth.paths[0]?.to, truth.paths[1]?.to]))
    const reasons = top?.['reasons'] as { weight: number; text: string; code: string }[]
    expect(reasons.reduce((sum, reason) => sum + reason.weight, 0)).toBeCloseTo(Number(top?.['score']), 6)
    for (const { text, code } of reasons) expect(text).not.toContain(`story.reason.${code}`)

    const one = await ask('stories', casePath, String(top?.['id']))
    expect(Object.keys(one)).toEqual(['schema', 'story', 'claims', 'paths', 'evidence'])
    expect(one['story']).toEqual(top)
    for (const claim of one['claims'] as { text: string }[]) expect(claim.text).not.toMatch(/^(story|rule)\./)
    const japanese = await redthread(['stories', casePath, String(top?.['id']), '--lang', 'ja'])
    expect(japanese.stdout).toMatch(/[\u3040-\u30ff]/)
  })

  it('calls an unknown story not found', async () => {
    const { code, document } = await redthreadJson(['stories', casePath, 's0000000000000000'])
    expect(code).not.toBe(0)
    expect(document['error']).toMatchObject({ code: 'request.not_found' })
  })

  it('answers the questions about paths', async () => {
    const [main] = truth.paths
    const origins = await ask('paths', casePath, '--origins', main?.to ?? '')
    const [first] = origins['origins'] as { entity: { name: string }; path: { hops: unknown[] } }[]
    expect(first?.entity.name).toContain('48213')
    expect(first?.path.hops.length).toBeGreaterThan(3)
    const reach = await ask(
      'paths',
      casePath,
      '--reach',
      main?.from ?? '',
      '--observed-only',
      '--kind',
      'endpoint',
    )
    expect(Object.keys(reach)).toEqual(['schema', 'reached', 'total', 'next'])
    const names = (reach['reached'] as { entity: { name: string } }[]).map(
      (row) => `endpoint:${row.entity.name}`,
    )
    expect(names).toContain(main?.to)
    const next = await ask('paths', casePath, '--next')
    expect(
      (next['targets'] as { entity: { name: string } }[]).map((row) => `endpoint:${row.entity.name}`),
    ).toContain(truth.nearMiss.endpoint)
    const none = await ask(
      'paths',
      casePath,
      '--from',
      main?.from ?? '',
      '--to',
      main?.to ?? '',
      '--before',
      '2020-01-01',
    )
    expect(none['paths']).toEqual([])
  })

  it('answers who was exposed, cell by cell', async () => {
    const link = truth.vectors.find((vector) => vector.kind === 'link')
    const exposure = await ask('exposure', casePath, `url:${link?.value}`)
    expect(Object.keys(exposure)).toEqual([
      ...[
        'schema',
        'entity',
        'twins',
        'messages',
        'recipients',
        'users',
        'endpoints',
        'before',
        'after',
        'could',
      ],
    ])
    const matrix = await ask(
      'exposure',
      casePath,
      '--matrix',
      `message:<${link?.messageId}>`,
      '--limit',
      '1000',
    )
    const rows = matrix['recipients'] as { address: string; clicked: { at: string } | null }[]
    const clicked = truth.exposures.filter(
      (row) => row.messageId === link?.messageId && row.clickedAt !== null,
    )
    expect(
      rows
        .filter((row) => row.clicked !== null)
        .map((row) => [row.address, row.clicked?.at])
        .sort(),
    ).toEqual(clicked.map((row) => [row.recipient, row.clickedAt]).sort())
  })

  it('lists detections page by page and as lines', async () => {
    const first = await ask('detections', casePath, '--limit', '2')
    const grave = await ask('detections', casePath, '--order', 'level')
    const ranks = (grave['detections'] as { level: string }[]).map(({ level }) =>
      ['critical', 'high', 'medium', 'low'].indexOf(level),
    )
    expect(ranks).toEqual(ranks.toSorted((a, b) => a - b))
    expect(new Set(ranks).size).toBeGreaterThan(1)
    const all = (await redthread(['detections', casePath, '--all'])).stdout.trimEnd().split('\n')
    expect(all).toHaveLength(Number(first['total']))
    const ids = all.map((line) => (JSON.parse(line) as { id: string }).id)
    expect((first['detections'] as { id: string }[]).map((row) => row.id)).toEqual(ids.slice(0, 2))
  })

  it('opens a chain in place, page by page', async () => {
    const [main] = truth.paths
    const chain = await ask('chains', casePath, '--from', main?.from ?? '', '--depth', '8')
    expect(Object.keys(chain)).toEqual(['schema', 'nodes', 'edges', 'grouped', 'total', 'lists'])
    const page = await ask('chains', casePath, '--expand', main?.to ?? '', '--limit', '5')
    expect((page['edges'] as unknown[]).length).toBe(5)
    const next = await ask(
      'chains',
      casePath,
      '--expand',
      main?.to ?? '',
      '--limit',
      '5',
      '--cursor',
      String(page['next']),
    )
    expect(next['edges']).not.toEqual(page['edges'])
  })

  it('prints a chain in the order of time, with what was first observed and what is noteworthy', async () => {
    const [main] = truth.paths
    const { stdout } = await redthread(['chains', casePath, '--from', main?.to ?? '', '--depth', '8'])
    const lines = stdout.trimEnd().split('\n')
    const times = lines.slice(0, lines.indexOf('First observed:')).map((line) => line.split(' ')[0] ?? '')
    const timed = times.filter((time) => time !== '-')
    expect(timed.length).toBeGreaterThan(10)
    expect(times).toEqual([...timed.sort(), ...times.filter((time) => time === '-')])
    expect(stdout).toMatch(/^First observed:\n {2}\S+ +\w+:/m)
    expect(stdout).toMatch(/^Noteworthy: \d+\n(?: {2}.*(?:suspicious|malicious)\n)+/m)
  })

  it('marks in a chain what was searched for, and says what of it the chain holds', async () => {
    const [main] = truth.paths
    const elsewhere = await ask('entities', casePath, '--type', 'user', '--limit', '100')
    const chainOf = (...matched: string[]) =>
      ask('chains', casePath, '--from', main?.from ?? '', '--depth', '8', '--limit', '500', ...matched)
    type Node = { id: string; kind: string; name: string; marks: string[] }
    const plain = await chainOf()
    expect((plain['lists'] as { matched: unknown[] }).matched).toEqual([])
    const held = new Set((plain['nodes'] as Node[]).map(({ id }) => id))
    const sought = (plain['nodes'] as Node[]).filter(({ kind }) => kind === 'process').slice(0, 2)
    const stranger = (elsewhere['entities'] as Node[]).find(({ id }) => !held.has(id))
    expect(sought).toHaveLength(2)
    const ids = [...sought.map(({ id }) => id), stranger?.id ?? '']
    const marked = await chainOf(...ids.flatMap((id) => ['--matched', id]))
    const lists = marked['lists'] as { matched: Node[] }
    expect(lists.matched.map(({ id }) => id).sort()).toEqual(sought.map(({ id }) => id).sort())
    const carrying = (marked['nodes'] as Node[]).filter(({ marks }) => marks.includes('matched'))
    expect(carrying.map(({ id }) => id).sort()).toEqual(sought.map(({ id }) => id).sort())

    const told = await redthread([
      ...['chains', casePath, '--from', main?.from ?? '', '--matched', main?.from ?? ''],
      ...['--matched', stranger?.id ?? ''],
    ])
    expect(told.stderr).toContain('Entities to mark: 2, of them in this chain: 1. message:')
  })
})
