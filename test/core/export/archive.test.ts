import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Decrypter } from 'age-encryption'
import { BlobReader, TextWriter, Uint8ArrayWriter, ZipReader } from '@zip.js/zip.js'
import { ZipFile } from 'yazl'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { writeManifest } from '../../../core/export/verify/manifest.ts'
import type { Manifest } from '../../../core/contract/nouns/verify.ts'
import { below, seededRandom } from '../../support/random.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const SEED = 20_261_122
const PASSPHRASE = 'correct horse battery 字'
const hash = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

let bench: Workbench
let originals: string
let folder: string
beforeAll(async () => {
  bench = await Workbench.open()
  originals = join(bench.folder, 'originals')
  mkdirSync(originals)
  writeFileSync(join(originals, '..evil.jsonl'), windowsLines(30))
  writeFileSync(join(originals, 'other.jsonl'), windowsLines(4, 'ws02.corp.example'))
  writeFileSync(join(originals, 'never imported.txt'), 'not of this case')
  await bench.import(join(originals, '..evil.jsonl'), join(originals, 'other.jsonl'))
  await bench.client.run('correlation.run', {})
})
afterAll(() => bench.close())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-archive-'))
  return () => rmSync(folder, { recursive: true, force: true })
})

const archive = (more: { passphrase?: string; evidence?: string[] } = {}) =>
  bench.client.run('archive.write', { grant: join(folder, 'case.rtz'), evidence: [originals], ...more })
const restore = (passphrase?: string, to = join(folder, 'out')) =>
  bench.client.call('archive.restore', {
    grant: join(folder, 'case.rtz'),
    folder: to,
    ...(passphrase === undefined ? {} : { passphrase }),
  })

describe('a case archive', () => {
  it.each([
    ['plain', undefined],
    ['with a passphrase', PASSPHRASE],
  ] as const)(
    'opens back byte for byte, and verifies: %s',
    async (_, passphrase) => {
      const written = await archive(passphrase === undefined ? {} : { passphrase })
      expect(written).toMatchObject({ encrypted: passphrase !== undefined, missing: [] })
      expect(hash(readFileSync(written.path))).toBe(written.sha256)
      expect(statSync(written.path).mode & 0o077).toBe(0)
      expect(readdirSync(folder)).toEqual(['case.rtz'])
      const restored = await restore(passphrase)
      expect(restored).toMatchObject({ ok: true, findings: [] })
      const out = join(folder, 'out')
      expect(hash(readFileSync(join(out, 'case.redthread')))).toBe(written.case.sha256)
      for (const name of ['..evil.jsonl', 'other.jsonl']) {
        const bytes = readFileSync(join(originals, name))
        expect(readFileSync(join(out, 'evidence', hash(bytes))).equals(bytes)).toBe(true)
      }
      expect(readdirSync(join(out, 'evidence')).length).toBe(2)
      const verified = await bench.client.call('verify.file', {
        grant: join(out, 'case.redthread'),
        manifest: join(out, 'manifest.json'),
        evidence: [join(out, 'evidence')],
      })
      expect(verified).toMatchObject({ ok: true, findings: [] })
      expect(verified.holds.map(({ code }) => code)).toEqual(
        expect.arrayContaining(['holds.bytes', 'holds.digest', 'holds.evidence', 'holds.anchor']),
      )
    },
    60_000,
  )

  it('holds the case as it is: restored, it opens and shows the same', async () => {
    await archive()
    await restore()
    const other = new Workbench()
    await other.client.call('case.open', { grant: join(folder, 'out', 'case.redthread') })
    const search = (from: Workbench) => from.client.call('event.search', { limit: 1000 })
    expect((await search(other)).rows).toEqual((await search(bench)).rows)
    const jobs = await other.client.call('job.list', {})
    expect(jobs.every(({ status }) => status === 'done')).toBe(true)
    await other.close()
  })

  it('is written into the log with its hash, never with its passphrase', async () => {
    const written = await archive({ passphrase: PASSPHRASE })
    const log = JSON.stringify((await bench.client.call('audit.list', { limit: 1000 })).rows)
    expect(log).toContain(written.sha256)
    expect(log).not.toContain('battery')
    expect(JSON.stringify(await bench.client.call('job.list', {}))).not.toContain('battery')
    expect(readFileSync(bench.casePath).includes('battery')).toBe(false)
  }, 60_000)

  it('opens with other tools: a ZIP, or an age file around one', async () => {
    await archive()
    const names = async (bytes: Uint8Array<ArrayBuffer>) => {
      const zip = new ZipReader(new BlobReader(new Blob([bytes])))
      const entries = await zip.getEntries()
      const found = await Promise.all(
        entries.map(async (entry) => {
          if (entry.directory) throw new Error('no folders are in it')
          return [entry.filename, hash(await entry.getData(new Uint8ArrayWriter()))] as const
        }),
      )
      await zip.close()
      return found
    }
    const plain = await names(new Uint8Array(readFileSync(join(folder, 'case.rtz'))))
    expect(
      plain
        .map(([name]) => name)
        .sort()
        .slice(0, 3),
    ).toEqual([
      'README.txt',
      'case.redthread',
      `evidence/${
        [...plain.map(([name]) => name)]
          .filter((name) => name.startsWith('evidence/'))
          .sort()[0]
          ?.slice(9) ?? ''
      }`,
    ])
    for (const [name, sha256] of plain)
      if (name.startsWith('evidence/')) expect(name).toBe(`evidence/${sha256}`)
    await archive({ passphrase: PASSPHRASE })
    const age = new Decrypter()
    age.addPassphrase(PASSPHRASE)
    const opened = await age.decrypt(new Uint8Array(readFileSync(join(folder, 'case.rtz'))))
    expect((await names(new Uint8Array(opened))).map(([name]) => name)).toEqual(plain.map(([name]) => name))
  }, 60_000)

  it('tells what no folder held, and takes only originals of the case', async () => {
    const { evidence, missing } = await archive({ evidence: [] })
    expect(evidence).toEqual([])
    expect(missing.map(({ name }) => name).sort()).toEqual(['..evil.jsonl', 'other.jsonl'])
    const whole = await archive()
    expect(whole.evidence.map(({ name }) => name).sort()).toEqual(['..evil.jsonl', 'other.jsonl'])
  })

  it('says that its place or a folder of originals is not there before it copies anything', async () => {
    const steps: string[] = []
    const stop = bench.client.onEvent((event) => {
      if (event.type === 'job.progress' && event.step !== null) steps.push(event.step.key)
    })
    const write = (grant: string, evidence: string[] = []) =>
      bench.client.run('archive.write', { grant, evidence })
    await expect(write(join(folder, 'nowhere', 'case.rtz'))).rejects.toMatchObject({
      code: 'store.unwritable',
      params: { reason: 'ENOENT' },
    })
    mkdirSync(join(folder, 'taken.rtz'))
    await expect(write(join(folder, 'taken.rtz'))).rejects.toMatchObject({ code: 'store.unwritable' })
    await expect(write(join(folder, 'case.rtz'), [join(folder, 'gone')])).rejects.toMatchObject({
      code: 'request.not_found',
    })
    stop()
    expect(steps).not.toContain('archive.step.copying')
    expect(readdirSync(folder)).toEqual(['taken.rtz'])
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const stop = bench.client.onEvent((event) => {
      if (event.type === 'job.progress') void bench.client.call('job.cancel', { id: event.jobId })
    })
    await expect(archive()).rejects.toMatchObject({ code: 'job.cancelled' })
    stop()
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('restoring', () => {
  const codes = async (passphrase?: string, to?: string) => {
    const { ok, findings } = await restore(passphrase, to)
    return [ok, ...findings.map(({ code }) => code)]
  }

  it('asks for the passphrase, and says when it is the wrong one', async () => {
    await archive({ passphrase: PASSPHRASE })
    expect(await codes()).toEqual([false, 'archive.locked'])
    expect(await codes('wrong passphrase', join(folder, 'two'))).toEqual([false, 'archive.passphrase'])
    expect(readdirSync(join(folder, 'two'))).toEqual([])
  }, 60_000)

  it('never overwrites: the folder must be new or empty', async () => {
    await archive()
    mkdirSync(join(folder, 'out'))
    writeFileSync(join(folder, 'out', 'mine'), 'x')
    await expect(restore()).rejects.toMatchObject({ code: 'output.not_empty' })
    expect(readdirSync(join(folder, 'out'))).toEqual(['mine'])
    writeFileSync(join(folder, 'file'), 'x')
    await expect(
      bench.client.call('archive.restore', { grant: join(folder, 'case.rtz'), folder: join(folder, 'file') }),
    ).rejects.toMatchObject({ code: 'store.unwritable' })
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('x')
    await expect(
      bench.client.call('archive.restore', { grant: join(folder, 'none'), folder: join(folder, 'new') }),
    ).rejects.toMatchObject({ code: 'file.missing' })
  })

  it('finds one flipped bit anywhere, or gives back the very same files', async () => {
    await archive()
    const path = join(folder, 'case.rtz')
    const bytes = readFileSync(path)
    const good = (await restore(undefined, join(folder, 'good'))).files
    const random = seededRandom(SEED)
    let found = 0
    for (let round = 0; round < 60; round += 1) {
      const broken = Buffer.from(bytes)
      const place = below(random, bytes.length)
      broken.writeUInt8(broken.readUInt8(place) ^ (1 << below(random, 8)), place)
      writeFileSync(path, broken)
      const out = join(folder, `out${round}`)
      const { ok, files } = await restore(undefined, out)
      // A bit in the README, a time or an unused field changes no file: what is given back is right all the same.
      if (ok) expect(files, `seed ${SEED}, round ${round}, byte ${place}`).toEqual(good)
      else found += 1
      for (const { name, sha256 } of files)
        expect(hash(readFileSync(join(out, name))), `seed ${SEED}, round ${round}`).toBe(sha256)
    }
    expect(found).toBeGreaterThan(40)
  }, 120_000)

  it('finds every flipped bit when it is encrypted: the format is authenticated', async () => {
    await archive({ passphrase: PASSPHRASE, evidence: [] })
    const path = join(folder, 'case.rtz')
    const bytes = readFileSync(path)
    const random = seededRandom(SEED + 1)
    // Each try costs a whole key derivation: one place in the text, and the end.
    const places = [below(random, bytes.length), bytes.length - 1]
    for (const place of places) {
      const broken = Buffer.from(bytes)
      broken.writeUInt8(broken.readUInt8(place) ^ 1, place)
      writeFileSync(path, broken)
      const out = join(folder, `out${place}`)
      expect(await codes(PASSPHRASE, out), `seed ${SEED + 1}, byte ${place}`).toEqual([
        false,
        expect.stringMatching(/^archive\./),
      ])
      expect(readdirSync(out)).toEqual([])
    }
    writeFileSync(path, bytes.subarray(0, bytes.length - 100))
    expect(await codes(PASSPHRASE, join(folder, 'cut'))).toEqual([false, 'archive.unreadable'])
  }, 120_000)
})

describe('a hostile archive', () => {
  /** A ZIP whose manifest is whole but was made by somebody else. */
  async function make(
    entries: readonly (readonly [string, Buffer])[],
    files: Manifest['files'],
    caseFile: Manifest['case']['file'] = null,
  ): Promise<void> {
    const text = writeManifest({
      schema: 1,
      kind: 'redthread-manifest',
      createdAt: '2026-01-01T00:00:00Z',
      tool: { name: 'redthread', version: '0' },
      case: {
        id: 'x',
        name: '../../evil',
        digest: { sha256: '0'.repeat(64), schemaVersion: 10, tables: {} },
        auditHead: '0'.repeat(64),
        auditEntries: 0,
        file: caseFile,
      },
      evidence: [],
      files,
    })
    const zip = new ZipFile()
    zip.addBuffer(Buffer.from(text), 'manifest.json')
    for (const [name, bytes] of entries) zip.addBuffer(bytes, name)
    zip.end()
    const chunks: Buffer[] = []
    for await (const chunk of zip.outputStream as AsyncIterable<Buffer>) chunks.push(chunk)
    writeFileSync(join(folder, 'case.rtz'), Buffer.concat(chunks))
  }

  it('writes nothing that its manifest does not name, and nothing under a name of its own', async () => {
    const evil = Buffer.from('evil')
    const sha = hash(evil)
    await make(
      [
        ['evidence/passwd', evil],
        ['autorun.inf', evil],
        [`evidence/${sha}`, evil],
      ],
      [
        { role: 'evidence', name: '../../escape', sha256: sha, bytes: 4 },
        { role: 'evidence', name: 'evidence/passwd', sha256: sha, bytes: 4 },
        { role: 'evidence', name: `evidence/${'0'.repeat(64)}`, sha256: sha, bytes: 4 },
      ],
    )
    const { ok, findings, files } = await restore()
    expect([ok, files]).toEqual([false, []])
    expect(findings.map(({ code }) => code)).toEqual([
      'archive.foreign',
      'archive.foreign',
      'archive.foreign',
    ])
    expect(readdirSync(join(folder, 'out'))).toEqual(['manifest.json'])
    expect(existsSync(join(folder, 'escape'))).toBe(false)
  })

  it('does not unpack more than the manifest says', async () => {
    const bomb = Buffer.alloc(50 * 1024 * 1024)
    await make([['case.redthread', bomb]], [], {
      bytes: 10,
      sha256: hash(bomb),
      calm: '0'.repeat(64),
    })
    expect((await restore()).findings.map(({ code }) => code)).toEqual(['archive.changed'])
    expect(readdirSync(join(folder, 'out'))).toEqual(['manifest.json'])
  })

  it.each([
    ['nothing', ''],
    ['a text', 'hello'],
    ['the head of an age file', 'age-encryption.org/v1\n-> scrypt AAAA 99\n'],
    ['the head of a ZIP', 'PK\u0003\u0004'],
  ])('that is %s is told as one', async (_, text) => {
    writeFileSync(join(folder, 'case.rtz'), text)
    expect((await restore('a passphrase')).findings.map(({ code }) => code)).toEqual(['archive.unreadable'])
  })

  it('has a manifest that is looked at by a strict reader', async () => {
    await make([], [])
    const zip = new ZipReader(
      new BlobReader(new Blob([new Uint8Array(readFileSync(join(folder, 'case.rtz')))])),
    )
    const [entry] = await zip.getEntries()
    const text = entry === undefined || entry.directory ? '' : await entry.getData(new TextWriter())
    await zip.close()
    expect(JSON.parse(text)).toMatchObject({
      kind: 'redthread-manifest',
      self: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
  })
})
