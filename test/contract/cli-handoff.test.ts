import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { pinnedNode } from '../../tools/checkout.mjs'
import { CLI, redthread } from '../support/cli.ts'
import { windowsLines } from '../support/workbench.ts'

let folder: string
let casePath: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'redthread-handoff-'))
  casePath = join(folder, 'incident.redthread')
  await mkdir(join(folder, 'evidence'))
  await writeFile(join(folder, 'evidence', 'log.jsonl'), windowsLines(20))
  await writeFile(join(folder, 'pass'), 'correct horse battery\n')
  await redthread(['new', casePath])
  await redthread(['import', casePath, join(folder, 'evidence')])
  await redthread(['correlate', casePath])
}, 60_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const json = async (args: readonly string[]) => {
  const { code, stdout, stderr } = await redthread([...args, '--json'])
  return { code, stderr, document: JSON.parse(stdout) as Record<string, unknown> }
}

describe('redthread export', () => {
  it('lists its targets, writes one, and says what it wrote', async () => {
    const { document } = await json(['export', casePath])
    const targets = document['targets'] as { id: string }[]
    expect(targets.map(({ id }) => id)).toEqual(expect.arrayContaining(['stix', 'parquet', 'plan-csv']))
    const out = join(folder, 'events.jsonl')
    const written = await json([
      'export',
      casePath,
      '--to',
      'events-jsonl',
      '--out',
      out,
      '--from',
      '2026-03-02T08:00:05Z',
      '--until',
      '2026-03-02T08:00:15Z',
    ])
    expect(written).toMatchObject({
      code: 0,
      document: { schema: 1, target: 'events-jsonl', rows: 10, counts: { events: 10 }, isLive: true },
    })
    expect((await readFile(out, 'utf8')).trimEnd().split('\n').length).toBe(10)
    const plan = await json(['export', casePath, '--to', 'plan-csv', '--out', join(folder, 'plan.csv')])
    expect(plan).toMatchObject({ code: 0, document: { target: 'plan-csv', items: 0 } })
  }, 60_000)

  it.each([
    [['--to', 'nonsense', '--out', 'x']],
    [['--to', 'stix']],
    [['--to', 'audit-jsonl', '--out', 'x', '--from', '2026-01-01T00:00:00Z']],
    [['--to', 'events-csv', '--out', 'x', '--from', 'soon']],
  ])('takes %j for bad usage', async (args) => {
    expect((await redthread(['export', casePath, ...args])).code).toBe(2)
  })
})

describe('redthread keygen and manifest', () => {
  it('make a key and a signed manifest, which verify checks; a flipped bit in a file of it is found', async () => {
    const at = (name: string) => join(folder, name)
    const pass = ['--passphrase-file', at('pass')]
    const made = await json(['keygen', at('ann'), ...pass])
    const fingerprint = made.document['fingerprint'] as string
    expect(made).toMatchObject({
      code: 0,
      document: { schema: 1, path: at('ann'), publicPath: at('ann.pub') },
    })
    expect((await stat(at('ann'))).mode & 0o077).toBe(0)
    expect((await redthread(['keygen', at('ann'), ...pass])).code).toBe(1)
    const report = at('signed.html')
    await redthread(['report', casePath, '--out', report, '--sections', 'cover'])
    await redthread(['export', casePath, '--to', 'events-csv', '--out', at('signed.csv')])
    const files = [report, at('signed.csv')]
    const signed = ['manifest', casePath, ...files, '--out', at('signed.json'), '--key', at('ann')]
    expect((await redthread(signed)).code).toBe(1)
    expect(await json([...signed, ...pass])).toMatchObject({
      code: 0,
      document: {
        schema: 1,
        path: at('signed.json'),
        signer: fingerprint,
        sha256: sha256(await readFile(at('signed.json'))),
      },
    })
    // Beside those named, every report and export the log tells of stands in it.
    const { files: listed } = JSON.parse(await readFile(at('signed.json'), 'utf8')) as {
      files: { name: string }[]
    }
    expect(listed.map(({ name }) => name)).toEqual(expect.arrayContaining(['signed.html', 'signed.csv']))
    const check = () => json(['verify', casePath, '--manifest', at('signed.json'), '--key', at('ann.pub')])
    expect(await check()).toMatchObject({ code: 0, document: { ok: true } })
    for (const file of files) {
      const bytes = await readFile(file)
      const flipped = Buffer.from(bytes)
      flipped.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 4, bytes.length >> 1)
      await writeFile(file, flipped)
      expect(await check()).toMatchObject({ code: 1, document: { ok: false } })
      await writeFile(file, bytes)
    }
    await redthread(['keygen', at('mei')])
    const other = await json(['verify', casePath, '--manifest', at('signed.json'), '--key', at('mei.pub')])
    expect(other).toMatchObject({ code: 1, document: { findings: [{ code: 'manifest.other_key' }] } })
    for (const [args, code] of [
      [['keygen'], 2],
      [['keygen', at('no/such/folder')], 1],
      [['manifest', casePath], 2],
      [['manifest', casePath, at('nothing.html'), '--out', at('x.json')], 1],
    ] as const)
      expect([args, (await redthread(args)).code]).toEqual([args, code])
  }, 120_000)
})

describe.runIf(process.platform !== 'win32')('Ctrl+C while a file is being written', () => {
  let large: string
  beforeAll(async () => {
    large = join(folder, 'large.redthread')
    await writeFile(join(folder, 'large.jsonl'), windowsLines(30_000))
    await redthread(['new', large])
    await redthread(['import', large, join(folder, 'large.jsonl')])
  }, 120_000)

  it.each([
    ['a table', ['export', '--to', 'events-csv']],
    ['a package', ['export', '--to', 'parquet']],
    ['an archive', ['archive', '--evidence', 'FOLDER']],
  ])(
    'leaves nothing of %s, and the case whole',
    async (_, [command = '', ...options]) => {
      const place = await mkdtemp(join(folder, 'interrupted-'))
      const args = [command, large, ...options.map((word) => (word === 'FOLDER' ? folder : word))]
      const child = spawn(pinnedNode(), [CLI, ...args, '--out', join(place, 'out')], { stdio: 'ignore' })
      const ended = once(child, 'exit')
      // What is written first stands beside its place under another name.
      const begun = watch(place)
      await once(begun, 'change')
      begun.close()
      child.kill('SIGINT')
      const [code] = (await ended) as [number | null]
      expect(await readdir(place)).toEqual([])
      expect(code).toBe(1)
      expect(await json(['verify', large])).toMatchObject({ code: 0, document: { ok: true } })
    },
    60_000,
  )

  it.each(['SIGTERM'] as const)(
    'leaves no pieces of a report beside the case after %s',
    async (signal) => {
      const pieces = async (): Promise<string[]> =>
        (await readdir(folder)).filter((name) => name.startsWith('.redthread-report-'))
      const place = await mkdtemp(join(folder, 'interrupted-'))
      const args = ['report', large, '--out', join(place, 'out.html'), '--set', 'timeline.rows=all']
      const child = spawn(pinnedNode(), [CLI, ...args, '--set', 'timeline.max=30000'], { stdio: 'ignore' })
      const ended = once(child, 'exit')
      await vi.waitUntil(async () => (await pieces()).length > 0, { timeout: 40_000, interval: 20 })
      child.kill(signal)
      const [code] = (await ended) as [number | null]
      expect(await pieces()).toEqual([])
      expect(await readdir(place)).toEqual([])
      expect(code).toBe(1)
    },
    60_000,
  )
})

describe('redthread verify, archive and restore', () => {
  it('verify has the document scripts rely on, and exit code 1 when something does not hold', async () => {
    const manifest = join(folder, 'manifest.json')
    const saved = await json([
      'verify',
      casePath,
      '--evidence',
      join(folder, 'evidence'),
      '--save-manifest',
      manifest,
    ])
    expect(saved).toMatchObject({
      code: 0,
      document: {
        schema: 1,
        ok: true,
        findings: [],
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        auditHead: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    })
    expect((await redthread(['verify', casePath, '--manifest', manifest])).stdout).toContain('byte for byte')
    const copy = join(folder, 'broken.redthread')
    const bytes = await readFile(casePath)
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1)
    await writeFile(copy, bytes)
    const broken = await json(['verify', copy, '--manifest', manifest])
    expect(broken.code).toBe(1)
    expect(broken.document).toMatchObject({ ok: false })
    const [finding] = broken.document['findings'] as { code: string; what: string; where: string }[]
    expect(Object.keys(finding ?? {}).sort()).toEqual(['code', 'level', 'what', 'where'])
    for (const lang of ['zh-TW', 'ja']) {
      const told = await redthread(['verify', copy, '--manifest', manifest, '--lang', lang])
      expect(told.stdout).toMatch(/[\u3040-\u9fff]/)
      expect(told.stdout).not.toMatch(/verify\.|cli\./)
    }
    expect((await redthread(['verify', join(folder, 'nowhere')])).code).toBe(1)
  }, 120_000)

  it('archive and restore give the same case back, with a passphrase out of a file', async () => {
    const out = join(folder, 'case.rtz')
    const pass = ['--passphrase-file', join(folder, 'pass')]
    const written = await json([
      'archive',
      casePath,
      '--out',
      out,
      '--evidence',
      join(folder, 'evidence'),
      ...pass,
    ])
    expect(written).toMatchObject({ code: 0, document: { encrypted: true, missing: [] } })
    expect((await redthread(['restore', out, '--out', join(folder, 'no')])).code).toBe(1)
    const restored = await json(['restore', out, '--out', join(folder, 'back'), ...pass])
    expect(restored).toMatchObject({ code: 0, document: { ok: true, findings: [] } })
    const back = join(folder, 'back')
    const verified = await json([
      'verify',
      join(back, 'case'),
      '--manifest',
      join(back, 'manifest.json'),
      '--evidence',
      join(back, 'evidence'),
    ])
    expect(verified).toMatchObject({ code: 0, document: { ok: true, findings: [] } })
    await writeFile(join(folder, 'short'), 'short\n')
    expect(
      (await redthread(['archive', casePath, '--out', out, '--passphrase-file', join(folder, 'short')])).code,
    ).toBe(2)
  }, 120_000)
})
