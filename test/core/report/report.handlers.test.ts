import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient, type Client } from '../../../core/contract/client.ts'
import { createEngine, type Engine } from '../../../core/engine.ts'
import { sections } from '../../../core/report/registry.ts'
import { PART_CHARACTERS } from '../../../core/report/render/parts.ts'
import { JoinedPdf } from '../../support/joined-pdf.ts'
import { printedPdf } from '../../support/printed-pdf.ts'
import { windowsLines } from '../../support/workbench.ts'

const generatedAt = '2026-03-10T12:00:00.000Z'
let folder = ''
/** What the host was given to print. */
let printed: string[] = []
/** What the host prints; null: a page for every one that is asked for. */
let answer: Buffer | null = null
let engine: Engine
let client: Client

beforeEach(async () => {
  printed = []
  answer = null
  folder = mkdtempSync(join(tmpdir(), 'redthread-report-'))
  engine = createEngine({
    files: 'paths',
    host: 'cli',
    jobs: 'inline',
    checkReplies: true,
    printer: (html, paper) => {
      printed.push(html)
      const sheets = html.match(/<div aria-hidden="true"><p>/g)?.length ?? 1
      const pages = Array.from({ length: sheets }, () => ({ text: paper }))
      return Promise.resolve(answer ?? printedPdf(pages))
    },
  })
  client = createClient(engine)
  await client.call('case.create', { grant: join(folder, 'c.redthread') })
})
afterEach(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Enough for three parts. */
const ROWS = 6000

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
        pages: null,
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
    expect(written.pages).toBe(1)
    // What the file says of itself names the report and its maker, not the browser.
    const pdf = new JoinedPdf(readFileSync(grant))
    const info = pdf.dict(pdf.trailer.get('Info'))
    expect(info.get('Creator')).toBe('(Redthread)')
    expect(info.get('Title')).toBe('<FEFF0063>')
  })

  it('is written as the host prints it when its files are built in a way that is not known', async () => {
    answer = Buffer.from('%PDF-2.0 of another make')
    const grant = join(folder, 'a.pdf')
    const written = await client.run('report.write', { grant, format: 'pdf', generatedAt })
    expect(readFileSync(grant, 'latin1')).toBe('%PDF-2.0 of another make')
    expect(written.pages).toBeNull()
  })

  it('is printed in parts when it is too long for a browser, and is one file with pages numbered through', async () => {
    const log = join(folder, 'log.jsonl')
    writeFileSync(log, windowsLines(ROWS))
    await client.run('evidence.import', { grants: [log] })
    const settings = {
      options: { timeline: { rows: 'all', max: 100_000 } },
      sections: ['timeline', 'raw-records'],
    }
    const grant = join(folder, 'a.pdf')
    const steps: (string | undefined)[] = []
    const stop = engine.listen((event) => {
      if (event.type === 'job.progress' && event.step) steps.push(event.step.key)
    })
    const written = await client.run('report.write', { ...settings, grant, format: 'pdf', generatedAt })
    stop()
    const parts = printed.slice(0, -1)
    const rows = parts.map((html) => html.match(/<tr><td>/g)?.length ?? 0)
    expect(parts.length).toBeGreaterThan(2)
    expect(rows.reduce((sum, count) => sum + count, 0)).toBe(ROWS)
    expect(parts.every((html) => html.slice(html.indexOf('<main>')).length < 1.2 * PART_CHARACTERS)).toBe(
      true,
    )
    expect(parts[1]).toContain(`Timeline: rows ${((rows[0] ?? 0) + 1).toLocaleString('en')} to`)
    // Every part carries the fingerprint of the whole on its edges, and no number of its own.
    expect(new Set(parts.map((html) => /SHA-256 ([0-9a-f]{16})/.exec(html)?.[1])).size).toBe(1)
    expect(parts.filter((html) => html.includes('counter(page)'))).toEqual([])
    expect(written.pages).toBe(parts.length)
    expect(printed.at(-1)).toContain(`Page 2 of ${parts.length}`)
    expect(readFileSync(grant).length).toBe(written.bytes)
    expect(steps).toEqual(expect.arrayContaining(['report.step.printing', 'report.step.numbering']))
    const log2 = await client.call('audit.list', { limit: 100 })
    expect(log2.rows.at(-1)?.details).toMatchObject({ parts: parts.length, sha256: written.sha256 })
    const before = readdirSync(folder).sort()
    // A cancel between two parts leaves nothing.
    printed = []
    const stopCancel = engine.listen((event) => {
      if (event.type === 'job.progress' && event.step?.key === 'report.step.printing' && printed.length > 0)
        void client.call('job.cancel', { id: event.jobId })
    })
    await expect(
      client.run('report.write', { ...settings, grant: join(folder, 'b.pdf'), format: 'pdf' }),
    ).rejects.toMatchObject({ code: 'job.cancelled' })
    stopCancel()
    expect(readdirSync(folder).sort()).toEqual(before)
    expect(printed.length).toBeLessThan(3)
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
