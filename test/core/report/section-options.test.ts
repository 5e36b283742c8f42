import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { ReportSettings } from '../../../core/contract/nouns/report.ts'
import { methods } from '../../../core/contract/methods.ts'
import type { ResultOf } from '../../../core/contract/types.ts'
import { buildReport } from '../../../core/report/build.ts'
import { sections } from '../../../core/report/registry.ts'
import { templates } from '../../../core/report/templates/registry.ts'
import { sampleReply } from '../../support/sample-input.ts'
import { fakeAsk, fullAnswers } from './fake-case.ts'
import { toOutline } from './to-outline.ts'

const AT = '2026-03-10T12:00:00.000Z'
type Options = ReportSettings['options'][string]

const STORIES = 4
const finding = (id: string): ResultOf<'story.get'> => ({
  ...methods['story.get'].output.parse(sampleReply('story.get')),
  id,
  title: { key: `Story ${id} of the mailroom`, params: {} },
  userTotal: 1,
  endpointTotal: 2,
  // The message that the suggested paths begin with: without a finding that names it, it is no way in.
  emailVector: {
    message: { id: '100', kind: 'message', name: '' },
    subject: '',
    from: '',
    at: null,
    how: 'link',
    confidence: 0.9,
    isCandidate: false,
    proof: { events: [], relations: [], detections: [], evidence: [] },
  },
  relations: ['501'],
  claims: ['fact', 'interpretation'].flatMap((kind) =>
    ['901', '902'].map((event) => ({
      kind: kind === 'fact' ? ('fact' as const) : ('interpretation' as const),
      text: { key: `Statement ${kind} ${event}`, params: {} },
      at: null,
      confidence: 0.8,
      entities: [],
      proof: { events: [], relations: [], detections: [], evidence: ['2'] },
    })),
  ),
})

const rule: ResultOf<'rule.list'>[number] = {
  id: 'remote.execution',
  title: { key: 'Remote execution', params: {} },
  description: { key: 'Something ran from afar.', params: {} },
  needs: { key: 'Events.', params: {} },
  falsePositives: { key: 'Administrators.', params: {} },
  attack: [],
  attackOf: {},
  relations: [],
  detections: [],
}
const answers = (): ReturnType<typeof fullAnswers> => ({
  ...fullAnswers(),
  'rule.list': () => [rule],
  'story.list': ({ limit }: { limit: number }) => ({
    below: 0,
    rows: Array.from({ length: Math.min(limit, STORIES) }, (_, index) => finding(String(index + 1))),
    next: null,
    total: STORIES,
  }),
  'story.get': ({ id }: { id: string }) => finding(id),
})

/** One section alone, as the outline reads it. */
async function printed(id: string, options: Options = {}, more: object = {}): Promise<string> {
  const settings = ReportSettings.parse({ lang: 'en', sections: [id], options: { [id]: options }, ...more })
  return toOutline((await buildReport(fakeAsk(answers()), settings, AT)).html)
}

describe('options of the sections', () => {
  it('are declared by every section but the one that is only a heading', () => {
    expect(sections.filter(({ options = [] }) => options.length === 0).map(({ id }) => id)).toEqual([
      'appendices',
    ])
  })

  it('stand in the document of the command line, all with their defaults', async () => {
    const text = await readFile('docs/cli.md', 'utf8')
    const missing = sections.flatMap(({ id, options = [] }) =>
      options.filter(
        (option) =>
          !text
            .split('\n')
            .some(
              (line) =>
                line.startsWith(`| \`${id}.${option.id}\` `) && line.endsWith(`\`${option.default}\` |`),
            ),
      ),
    )
    expect(missing).toEqual([])
  })

  it('have words in every language, for each option and each choice', () => {
    const missing = sections.flatMap(({ id, options = [], texts }) =>
      options.flatMap((option) =>
        [
          `option.${option.id}`,
          ...(option.kind === 'choice' ? option.values.map((value) => `option.${option.id}.${value}`) : []),
        ].flatMap((key) =>
          Object.entries(texts).flatMap(([lang, of]) =>
            of[key] === undefined ? [`${lang} ${id} ${key}`] : [],
          ),
        ),
      ),
    )
    expect(missing).toEqual([])
  })

  it.each(
    sections.flatMap(({ id, options = [] }) =>
      options.flatMap((option): [string, string, string | number | boolean][] =>
        option.kind === 'flag'
          ? [[id, option.id, !option.default]]
          : option.kind === 'choice'
            ? option.values.map((value) => [id, option.id, value])
            : [[id, option.id, option.min]],
      ),
    ),
  )('builds %s with %s = %s, and no word is missing', async (id, option, value) => {
    expect(await printed(id, { [option]: value })).not.toMatch(/\breport\.[a-z-]+\.[\w.-]+/)
  })

  it('leaves case id, tool and fingerprint off the cover', async () => {
    expect(await printed('cover')).toContain('Fingerprint (SHA-256)')
    const without = await printed('cover', { technical: false })
    expect(without).not.toMatch(/Fingerprint|Case id|Made with/)
    expect(without).toContain('Case')
  })

  it('counts the rules in place of naming each', async () => {
    expect(await printed('document-control')).toContain('remote.execution')
    const counted = await printed('document-control', { rules: false })
    expect(counted).not.toContain('remote.execution')
    expect(counted).toMatch(/Correlation rules\n1\n/)
  })

  it('names as many findings in the summary as asked for, says how many are left, and cites each', async () => {
    const two = await printed('summary', { findings: 2 })
    expect(two).toContain(
      'Story 2 of the mailroom. Confidence of its weakest statement: high (0.80). Affected: 1 user and 2 endpoints. E2',
    )
    expect(two).not.toContain('Story 3')
    expect(two).toContain('2 more findings are not named here.')
    expect(await printed('summary', { findings: 0 })).not.toContain('of the mailroom')
  })

  it('prints as many statements of a finding as asked for', async () => {
    const one = await printed('findings', { claims: 1, count: 1 })
    expect(one).toContain('Statement fact 901')
    expect(one).not.toContain('Statement fact 902')
    expect(one).toContain('1 more is not printed; the workbench lists it in the story.')
  })

  it('lists in the conservation of records only what is not whole, or says that all is', async () => {
    const rows = (text: string) => text.slice(text.indexOf('Conservation of records')).match(/^E\d+/gm)
    expect(rows(await printed('evidence'))).toEqual(['E1', 'E2', 'E3'])
    expect(rows(await printed('evidence', { conservation: 'open' }))).toEqual(['E2'])
    expect(await printed('evidence', { conservation: 'none' })).not.toContain('Conservation of records')
  })

  it('leaves hashes to the hash manifest', async () => {
    expect(await printed('evidence')).toMatch(/[0-9a-f]{64}/)
    const text = await printed('evidence', { hashes: false })
    expect(text.replace(/SHA-256[\s\S]*?\n/, '')).not.toMatch(/\b(?!0{64})[0-9a-f]{64}\b/)
  })

  it('lists those who acted, and counts those who only received', async () => {
    const all = await printed('affected')
    const acted = await printed('affected', { who: 'acted' })
    expect(acted.length).toBeLessThan(all.length)
    expect(acted).toMatch(/that only received (?:is|are) not listed/)
    expect(await printed('affected', { rows: 1 })).toMatch(/more rows? (?:is|are) not printed/)
  })

  it('tells the path without figure, reasons, other acts and other candidates', async () => {
    const bare = await printed('narrative', { figure: false, reasons: false, beside: false, others: 0 })
    expect(bare).toContain('Steps of the path')
    expect(bare).not.toMatch(/Figure 1|Why it is proposed|Other candidates/)
  })

  it('keeps the gaps, whatever is set', async () => {
    const bare = await printed('limitations', { readiness: false, reading: false, endpoints: 0 })
    expect(bare).toContain('Gaps in the evidence')
    expect(bare).toContain('has no sensor events')
    expect(bare).not.toMatch(/How to read this report|WS-099/)
  })

  it('explains only the words that the printed sections use', async () => {
    const used = await printed('glossary', { terms: 'used' })
    expect(used).toContain('Evidence item')
    expect(used).not.toContain('Retro scan')
    const withRetro = await printed('glossary', { terms: 'used' }, { sections: ['retro-scan', 'glossary'] })
    expect(withRetro).toContain('Judging the URLs')
  })

  it('lists what was written out of the case, with its hash', async () => {
    const entry = {
      seq: 1,
      at: AT,
      actor: 'analyst',
      action: 'export.written',
      evidenceId: null,
      details: { file: 'indicators.csv', sha256: 'ab'.repeat(32) },
      prevHash: '0'.repeat(64),
      hash: '1'.repeat(64),
    }
    const ask = fakeAsk({ ...answers(), 'audit.list': () => ({ rows: [entry], next: null, total: 1 }) })
    const settings = ReportSettings.parse({
      lang: 'en',
      sections: ['hash-manifest'],
      options: { 'hash-manifest': { written: true, packs: true } },
    })
    const text = toOutline((await buildReport(ask, settings, AT)).html)
    expect(text).toContain('indicators.csv')
    expect(text).toContain('ab'.repeat(32))
    expect(text).toContain('Pattern packs')
  })

  it.each(templates.map(({ id, options }) => [id, options] as const))(
    'are named rightly by the template %s',
    async (_id, options) => {
      const settings = ReportSettings.parse({ lang: 'en', options })
      await expect(buildReport(fakeAsk(answers()), settings, AT)).resolves.toBeDefined()
    },
  )
})
