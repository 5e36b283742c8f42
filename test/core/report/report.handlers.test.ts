import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient, type Client } from '../../../core/contract/client.ts'
import { createEngine, type Engine } from '../../../core/engine.ts'
import { sections } from '../../../core/report/registry.ts'
import { PIECE_ROWS } from '../../../core/report/render/tables.ts'
import { windowsLines } from '../../support/workbench.ts'

const generatedAt = '2026-03-10T12:00:00.000Z'
let folder = ''
/** What the host was given to print. */
let printed: string[] = []
let engine: Engine
let client: Client

beforeEach(async () => {
  printed = []
  folder = mkdtempSync(join(tmpdir(), 'redthread-report-'))
  engine = createEngine({
    files: 'paths',
    host: 'cli',
    jobs: 'inline',
    checkReplies: true,
    printer: (html, paper) => {
      printed.push(html)
      return Promise.resolve(Buffer.from(`%PDF-1.7 ${paper} ${html.length}`))
    },
  })
  client = createClient(engine)
  await client.call('case.create', { grant: join(folder, 'c.redthread') })
})
afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('the report of a real case', () => {
  it('is listed section by section in printing order', async () => {
    const listed = await client.call('report.sections', {})
    expect(listed.map(({ id }) => id)).toEqual(sections.map(({ id }) => id))
  })

  it('is previewed and written as the same bytes, again and again', async () => {
    const preview = await client.call('report.preview', { generatedAt })
    for (const name of ['a.html', 'b.html']) {
      const grant = join(folder, name)
      const written = await client.run('report.write', { grant, format: 'html', generatedAt })
      expect(written).toEqual({
        path: grant,
        bytes: Buffer.byteLength(preview.html),
        sha256: preview.sha256,
        format: 'html',
        printedBy: null,
        parts: [],
      })
      expect(sha256(readFileSync(grant))).toBe(preview.sha256)
    }
  })

  it('leaves an entry with its hash in the audit log', async () => {
    const { sha256: hash } = await client.run('report.write', {
      grant: join(folder, 'a.html'),
      format: 'html',
      generatedAt,
    })
    const log = await client.call('audit.list', {})
    expect(log.rows.at(-1)).toMatchObject({
      action: 'report.written',
      details: { file: 'a.html', format: 'html', sha256: hash },
    })
    expect((await client.call('audit.verify', {})).ok).toBe(true)
  })

  it('is printed by the host when it can print', async () => {
    const grant = join(folder, 'a.pdf')
    const written = await client.run('report.write', { grant, format: 'pdf', paper: 'Letter', generatedAt })
    expect(written.printedBy).toBe('cli')
    expect(readFileSync(grant, 'latin1')).toMatch(/^%PDF-1\.7 Letter \d+$/)
  })

  it('is printed in parts of one report when a table is too long for a browser', async () => {
    const log = join(folder, 'log.jsonl')
    writeFileSync(log, windowsLines(2 * PIECE_ROWS + 10))
    await client.run('evidence.import', { grants: [log] })
    const settings = {
      options: { timeline: { rows: 'all', max: 100_000 } },
      sections: ['timeline', 'raw-records'],
    }
    const grant = join(folder, 'a.pdf')
    const written = await client.run('report.write', { ...settings, grant, format: 'pdf', generatedAt })
    expect(written.parts.map(({ path }) => path)).toEqual([2, 3].map((n) => join(folder, `a.part${n}.pdf`)))
    expect(printed.map((html) => html.match(/<tr><td>/g)?.length)).toEqual([PIECE_ROWS, PIECE_ROWS, 10])
    expect(printed[0]).toContain('continues in part 2 of 3')
    expect(printed[2]).toContain('(continued)')
    // Every part carries the fingerprint of the whole on its edges.
    expect(new Set(printed.map((html) => /SHA-256 ([0-9a-f]{16})/.exec(html)?.[1])).size).toBe(1)
    const { rows } = await client.call('audit.list', { limit: 100 })
    expect(rows.at(-1)?.details).toMatchObject({ parts: [{ file: 'a.part2.pdf' }, { file: 'a.part3.pdf' }] })
  })

  it('is not written where the folder is missing, and says so', async () => {
    const grant = join(folder, 'missing', 'a.html')
    await expect(client.run('report.write', { grant, format: 'html' })).rejects.toMatchObject({
      code: 'store.unwritable',
    })
  })

  it('refuses an unknown section and an unknown end of the path', async () => {
    await expect(client.call('report.preview', { sections: ['nothing'] })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    await expect(
      client.call('report.preview', { from: 'user:nobody', to: 'user:nobody' }),
    ).rejects.toMatchObject({ code: 'request.not_found' })
  })
})
