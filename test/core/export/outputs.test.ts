import { createHash } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCase } from '../../../core/store/case-file.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')

let bench: Workbench
/** Files that nobody can make again, and what is in them. */
let kept: Map<string, string>
beforeAll(async () => {
  bench = await Workbench.open()
  await bench.import(bench.file('log.jsonl', windowsLines(5)))
  createCase(join(bench.folder, 'other.redthread'), 'UTC', '0', 0)
  linkSync(join(bench.folder, 'other.redthread'), join(bench.folder, 'other.csv'))
}, 60_000)
afterAll(() => bench.close())
beforeEach(() => {
  const names = ['log.jsonl', 'other.redthread', 'other.csv']
  kept = new Map(
    names.map((name) => {
      const path = join(bench.folder, name)
      return [path, sha256(path)]
    }),
  )
})

const to = {
  'export.run': (grant: string) => bench.client.run('export.run', { grant, target: 'events-jsonl' }),
  'plan.export': (grant: string) =>
    bench.client.run('plan.export', { grant, format: 'csv', run: null, all: true }),
  'report.write': (grant: string) =>
    bench.client.run('report.write', { grant, format: 'html', sections: ['cover'] }),
  'manifest.write': (grant: string) => bench.client.run('manifest.write', { grant, files: [] }),
  'archive.write': (grant: string) =>
    bench.client.run('archive.write', { grant, evidence: [], passphrase: null }),
  'notification.drafts': (grant: string) =>
    bench.client.run('notification.drafts', { grant, run: null, lang: 'en' }),
}

describe.each(Object.entries(to))('%s', (method, write) => {
  const ending = method === 'notification.drafts' ? '.zip' : ''
  it('writes over no case and no original', async () => {
    // Drafts go into a folder unless the name ends so: the same bytes under that name.
    const names = new Map([
      ['test.redthread', 'output.case'],
      ['other.redthread', 'output.case'],
      ['other.csv', 'output.case'],
      ['test.redthread-journal', 'output.case'],
      ['log.jsonl', 'output.evidence'],
    ])
    for (const [name, code] of names) {
      let path = join(bench.folder, name)
      if (ending !== '' && !name.includes('-journal')) {
        path = join(bench.folder, `${method}-${name}${ending}`)
        linkSync(join(bench.folder, name), path)
      }
      await expect(write(path), name).rejects.toMatchObject({ code })
    }
    for (const [path, before] of kept) expect(sha256(path), path).toBe(before)
    expect(await bench.client.call('audit.verify', {})).toMatchObject({ ok: true })
    expect(readdirSync(bench.folder).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('replaces a file of no account', async () => {
    const path = join(bench.folder, `${method}.out${ending}`)
    if (ending !== '' || method !== 'notification.drafts') writeFileSync(path, 'old')
    await write(path)
    expect(readFileSync(path, 'utf8')).not.toBe('old')
  })
})

describe('a manifest', () => {
  it('writes over no file that it lists, and says of a file that is missing that it is that file', async () => {
    const report = bench.file('r.html', 'x')
    const list = (files: string[], grant = report) => bench.client.run('manifest.write', { grant, files })
    await expect(list([report])).rejects.toMatchObject({ code: 'output.input' })
    const free = join(bench.folder, 'm.json')
    await expect(list([join(bench.folder, 'none.html')], free)).rejects.toMatchObject({
      code: 'file.missing',
      params: { file: 'none.html' },
    })
    await expect(list([bench.folder], free)).rejects.toMatchObject({ code: 'file.is_folder' })
    expect(readFileSync(report, 'utf8')).toBe('x')
  })
})

describe('a report', () => {
  it('prints no text for a time', async () => {
    const write = (generatedAt: string) =>
      bench.client.run('report.write', {
        grant: join(bench.folder, 'time.html'),
        format: 'html',
        sections: ['cover'],
        generatedAt,
      })
    await expect(write('yesterday')).rejects.toMatchObject({
      code: 'request.invalid',
      params: { field: 'generatedAt' },
    })
    expect((await write('2026-03-01T09:30:00Z')).bytes).toBeGreaterThan(0)
  })
})
