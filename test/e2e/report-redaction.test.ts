import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ReportSettings } from '../../core/contract/nouns/report.ts'
import type { ResultOf } from '../../core/contract/types.ts'
import type { Ask } from '../../core/jobs/handlers.ts'
import { makeReport } from '../../core/report/build.ts'
import { printedParts } from '../../core/report/print/printed-parts.ts'
import { printWithChromium } from '../../core/report/print/chromium.ts'
import { canaryLines } from '../support/canary-lines.ts'
import { JoinedPdf } from '../support/joined-pdf.ts'
import { metadataOf, textOfPdf } from '../support/pdf-text.ts'
import { Workbench } from '../support/workbench.ts'

const generatedAt = '2026-03-10T12:00:00.000Z'
let bench: Workbench
beforeAll(async () => {
  bench = await Workbench.open()
  await bench.import(bench.file('zq.canary-ws-canary7.jsonl', canaryLines(30)))
  await bench.client.run('correlation.run', {})
  const { rows } = await bench.client.call('entity.search', { text: '', limit: 100 })
  const events = await bench.client.call('event.search', { limit: 2 })
  await bench.client.call('work.mark', {
    type: 'pin',
    text: 'zq.canary was here',
    targets: [
      ...rows.slice(0, 5).map(({ id }) => ({ kind: 'entity' as const, id })),
      ...events.rows.map(({ id }) => ({ kind: 'event' as const, id })),
    ],
  })
})
/** Reports ask for answers, never for jobs. */
const askBench: Ask = async (method, input) =>
  (await bench.client.call(method, input)) as ResultOf<typeof method>
afterAll(() => bench.close())

const input = {
  options: { timeline: { rows: 'all', max: 1000 } },
  title: 'Case of Zq.Canary',
  client: 'WS-CANARY7',
  classification: 'TLP:RED zq.canary',
  questions: 'What did `zq.canary` do on **ws-canary7**?',
  blocks: [{ section: 'summary', place: 'after' as const, text: 'See CORP\\zq.canary at 10.66.77.88' }],
}
const redaction = { users: true, endpoints: true, addresses: 'own' as const, terms: [] }

/** Every canary that a text holds, also inside what is encoded in it; wrapping leaves no gap in the text of a page. */
function canariesIn(text: string): readonly string[] {
  const plain = text.replaceAll(/\s+/g, '').toLowerCase()
  const decoded = [...text.replaceAll(/\s+/g, '').matchAll(/[A-Za-z0-9+/]{16,}={0,2}/g)].flatMap(([run]) => [
    Buffer.from(run, 'base64').toString('utf8'),
    Buffer.from(run, 'base64').toString('utf16le'),
  ])
  const all = [plain, ...decoded.map((one) => one.toLowerCase())].join('\n')
  return ['canary', '66.77.88', '66[.]77'].filter((canary) => all.includes(canary))
}

describe('a redacted PDF', () => {
  it('holds no hidden name in its text, its figures and what it says of itself; the open one does', async () => {
    const said = []
    for (const [name, hides] of [
      ['open.pdf', false],
      ['hidden.pdf', true],
    ] as const) {
      const grant = join(bench.folder, name)
      await bench.client.run('report.write', {
        ...input,
        ...(hides ? { redaction } : {}),
        generatedAt,
        format: 'pdf',
        grant,
      })
      const bytes = readFileSync(grant)
      const pdf = new JoinedPdf(bytes)
      said.push({ text: textOfPdf(pdf).join('\n'), about: metadataOf(pdf), raw: bytes.toString('latin1') })
    }
    const [open, hidden] = said
    expect(canariesIn(open?.text ?? '')).toContain('canary')
    expect(canariesIn(open?.about ?? '')).toContain('canary')
    expect(canariesIn(hidden?.text ?? 'canary')).toEqual([])
    expect(canariesIn(hidden?.about ?? 'canary')).toEqual([])
    expect(hidden?.raw.toLowerCase()).not.toContain('canary')
    expect(hidden?.text).toMatch(/USER-\w{6}/)
    expect(hidden?.text).toMatch(/Figure/)
    expect(hidden?.text).not.toContain('\ufffd')
  })

  it('holds none when it is printed in parts and joined', async () => {
    const settings = ReportSettings.parse({ ...input, redaction, generatedAt })
    const made = await makeReport(askBench, settings, generatedAt, {
      folder: null,
      rowLimit: null,
      limits: { part: 60_000, whole: 80_000 },
      secret: 'secret',
      signal: new AbortController().signal,
      onProgress: () => undefined,
    })
    expect(made.parts).toBeGreaterThan(1)
    const context = {
      print: printWithChromium,
      progress: () => undefined,
      signal: new AbortController().signal,
    }
    const chunks: Uint8Array[] = []
    for await (const chunk of printedParts(context, made, 'A4').pdf()) chunks.push(chunk)
    const pdf = new JoinedPdf(Buffer.concat(chunks))
    const texts = textOfPdf(pdf)
    expect(canariesIn(texts.join('\n'))).toEqual([])
    expect(canariesIn(metadataOf(pdf))).toEqual([])
    expect(
      texts.filter((text, at) => !text.replaceAll(' ', '').includes(`Page${at + 1}of${texts.length}`)),
    ).toEqual([])
  })
})
