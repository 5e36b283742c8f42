import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findFile, streamFile, type FoundFile } from '../../core/evidence/evidence-file.ts'
import type { PartTask } from '../../core/evidence/pack-part.ts'
import { batchesOfReaders } from '../../core/evidence/readers.ts'
import { RecordSink } from '../../core/evidence/record-sink.ts'
import { threadsFor } from '../../core/evidence/thread-batches.ts'
import { findImporter } from '../../core/importers/registry.ts'
import { StringWriter } from '../../core/store/strings.ts'
import { TestCase } from '../support/case-builder.ts'

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

/** What stands in a case that so many threads have read the file into. */
async function imported({ task, file }: ReturnType<typeof taskFor>, count: number) {
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
    for await (const batch of batchesOfReaders(task, count, threadsFor(THREAD, task, file))) {
      test.db.transaction(() => sink.write(batch))()
      units = batch.units
    }
    test.db.transaction(() => sink.finish())()
    return {
      units,
      counts: sink.counts,
      events: test.db.prepare('SELECT * FROM event ORDER BY id').raw().all(),
      strings: test.db.prepare('SELECT id, v FROM str ORDER BY id').raw().all(),
      issues: test.db.prepare('SELECT locator, code, record FROM issue ORDER BY id').raw().all(),
    }
  } finally {
    test.close()
  }
}

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
