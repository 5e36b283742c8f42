import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gzipSync } from 'node:zlib'
import { choosePart } from '../../core/evidence/choose-importer.ts'
import { findFile, streamFile, type FoundFile } from '../../core/evidence/evidence-file.ts'
import { packPart, type PartTask } from '../../core/evidence/pack-part.ts'
import type { PackedBatch } from '../../core/evidence/packed-batch.ts'
import { type EvidencePart, openParts } from '../../core/evidence/parts.ts'
import { batchesOfReaders } from '../../core/evidence/readers.ts'
import { RecordSink } from '../../core/evidence/record-sink.ts'
import { dropThreads, memberThread, threadsFor } from '../../core/evidence/thread-batches.ts'
import { findImporter } from '../../core/importers/registry.ts'
import { StringWriter } from '../../core/store/strings.ts'
import { lockedZip, tarOf, zipOf } from '../support/archives.ts'
import { TestCase } from '../support/case-builder.ts'
import { windowsLines } from '../support/workbench.ts'

const THREAD = pathToFileURL(join(import.meta.dirname, '../../out/main/parse-thread.js'))
/** More than two segments. */
const BYTES = 10_000_000

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'redthread-threads-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

function taskFor(name: string, content: string): { task: PartTask; file: FoundFile } {
  const path = join(folder, name)
  writeFileSync(path, content)
  const importer = findImporter('json-lines')
  if (importer === undefined) throw new Error('json-lines is missing')
  const part = {
    name,
    size: content.length,
    prefix: '',
    open: () => streamFile({ path, bytes: content.length }, () => undefined),
  }
  return {
    task: { part, importer, context: { zone: 'UTC', dateOrder: null, mapping: null }, skip: 0 },
    file: findFile(path),
  }
}

/** What stands in a case into which these batches were written. */
async function written(batches: AsyncIterable<PackedBatch>) {
  const test = new TestCase()
  try {
    const sink = new RecordSink(test.db, new StringWriter(test.db), test.store([]), {
      read: 0,
      stored: 0,
      duplicate: 0,
      rejected: 0,
      record: 0,
    })
    let units = 0
    for await (const batch of batches) {
      test.db.transaction(() => sink.write(batch))()
      units = batch.units
    }
    test.db.transaction(() => sink.finish())()
    return {
      units,
      counts: sink.counts,
      events: test.db.prepare('SELECT * FROM event ORDER BY id').raw().all(),
      strings: test.db.prepare('SELECT id, v FROM str ORDER BY id').raw().all(),
      keys: test.db.prepare('SELECT hex(key), record FROM record_key ORDER BY record').raw().all(),
      issues: test.db.prepare('SELECT locator, code, record FROM issue ORDER BY id').raw().all(),
    }
  } finally {
    test.close()
  }
}

/** The same of a file that so many threads have read. */
const imported = ({ task, file }: ReturnType<typeof taskFor>, count: number) =>
  written(batchesOfReaders(task, count, threadsFor(THREAD, task, file)))

const line = (index: number): string =>
  index % 9_001 === 9_000
    ? '{"cut": '
    : JSON.stringify({
        time: new Date(Date.UTC(2031, 4, 6) + index * 917).toISOString(),
        hostname: `ws${index % 40}`,
        message: `event ${index % 3 === 0 ? index : index % 100}`,
        filler: 'x'.repeat((index * 13) % 700),
      })
function lines(): string {
  const all: string[] = []
  for (let size = 0; size < BYTES; size += all.at(-1)!.length + 1) all.push(line(all.length))
  return `${all.join('\n')}\n`
}

describe('parse threads', () => {
  it('bring the same into a case, however many read the file', async () => {
    const file = taskFor('large.jsonl', lines())
    const one = await imported(file, 1)
    expect(one.events.length).toBeGreaterThan(20_000)
    expect(one.issues.length).toBeGreaterThan(1)
    expect(await imported(file, 2)).toEqual(one)
  })

  it('end with what one of them could not do', async () => {
    const file = taskFor('gone.jsonl', lines())
    rmSync(file.file.path)
    await expect(imported(file, 2)).rejects.toThrow(/ENOENT|gone\.jsonl|evidence/)
  })

  it('end with words of their own when one needs more memory than it may have', async () => {
    const greedy = join(folder, 'greedy.mjs')
    writeFileSync(greedy, 'const all = []; for (;;) all.push(new Array(1e6).fill({}))')
    const { task, file } = taskFor('huge.jsonl', '{}')
    const batches = batchesOfReaders(task, 1, threadsFor(pathToFileURL(greedy), task, file, 32))
    await expect(batches.next()).rejects.toMatchObject({
      code: 'limit.memory',
      params: { name: 'huge.jsonl' },
    })
  })

  it('leave a file to one of them that they cannot share', async () => {
    const file = taskFor('array.json', JSON.stringify([{ index: 1 }, { index: 2 }]))
    const found = await imported(file, 2)
    expect(found.counts.stored).toBe(2)
  })
})

describe('members of an archive', () => {
  afterAll(() => dropThreads())
  const MEMBERS = {
    'logs/large.jsonl': lines(),
    'small.json': windowsLines(30, 'ws02'),
    'empty.json': '{}',
    'wide.jsonl': lines().slice(0, 3_000_000),
  }

  /** Every member that an importer knows, from the archive of that name. */
  async function* batchesOf(
    path: string,
    parse: (task: PartTask) => AsyncIterable<PackedBatch>,
    failures: string[],
  ): AsyncGenerator<PackedBatch> {
    const { items } = await openParts(findFile(path), { passwords: [] })
    for await (const part of items) {
      if (part.kind === 'problem') continue
      const choice = await choosePart(part, true, null)
      if (!('importer' in choice)) continue
      const context = { zone: 'UTC', dateOrder: null, mapping: null }
      yield* parse({ part, importer: choice.importer, context, skip: 0, repeats: 'ab'.repeat(32) })
      if (part.failure) failures.push(`${part.name}: ${part.failure.message}`)
    }
  }

  it.each([
    ['zip', () => zipOf(MEMBERS)],
    ['tar.gz', async () => gzipSync(await tarOf(MEMBERS))],
    ['locked zip', () => lockedZip(MEMBERS, 'infected', 3)],
    ['zip in tar', async () => tarOf({ 'in.zip': await zipOf(MEMBERS) })],
    ['gz', () => Promise.resolve(gzipSync(MEMBERS['logs/large.jsonl']))],
    [
      'cut tar.gz',
      async () => {
        const whole = gzipSync(await tarOf(MEMBERS), { level: 0 })
        return whole.subarray(0, Math.floor(whole.length * 0.9))
      },
    ],
  ])('are in a %s what they are without a thread', { timeout: 60_000 }, async (kind, make) => {
    const path = join(folder, `archive of ${kind}`)
    writeFileSync(path, await make())
    const failures: string[][] = [[], []]
    const here = await written(batchesOf(path, (task) => packPart(task, () => 0), failures[0]!))
    const threaded = (task: PartTask) => batchesOfReaders(task, 1, memberThread(THREAD, task))
    const there = await written(batchesOf(path, threaded, failures[1]!))
    expect(here.events.length).toBeGreaterThan(20_000)
    expect(there).toEqual(here)
    expect(here.keys).toHaveLength(here.counts.stored)
    expect(failures[1]).toEqual(failures[0])
    expect(failures[0]).toHaveLength(kind === 'cut tar.gz' ? 1 : 0)
  })

  it('are given up in the middle, and the next is read by another thread', async () => {
    const path = join(folder, 'given-up.tar.gz')
    writeFileSync(path, gzipSync(await tarOf(MEMBERS)))
    const { items } = await openParts(findFile(path), { passwords: [] })
    const seen: [string, number][] = []
    for await (const part of items) {
      const { name, importer } = await known(part as EvidencePart)
      if (importer === undefined) continue
      const context = { zone: 'UTC', dateOrder: null, mapping: null }
      const task = { part: part as EvidencePart, importer, context, skip: 0 }
      for await (const batch of batchesOfReaders(task, 1, memberThread(THREAD, task))) {
        seen.push([name, batch.records])
        break
      }
    }
    expect(seen.map(([name]) => name)).toEqual(Object.keys(MEMBERS))
    expect(seen[1]).toEqual(['small.json', 30])
  })

  async function known(part: EvidencePart) {
    const choice = await choosePart(part, true, null)
    return { name: part.name, importer: 'importer' in choice ? choice.importer : undefined }
  }
})
