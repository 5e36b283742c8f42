import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { ReportSettings } from '../../../core/contract/nouns/report.ts'
import { buildReport } from '../../../core/report/build.ts'
import { sections } from '../../../core/report/registry.ts'
import { emptyAnswers, fakeAsk, fullAnswers, plainTexts } from './fake-case.ts'
import { textOf, toOutline } from './to-outline.ts'

const AT = '2026-03-10T12:00:00.000Z'
const LANGUAGES = ['en', 'zh-TW', 'ja'] as const
const settings = (input: Parameters<typeof ReportSettings.parse>[0] = {}) => ReportSettings.parse(input)
const report = async (lang: string, answers = fullAnswers(), more: object = {}) =>
  (await buildReport(fakeAsk(answers), settings({ lang, ...more }), AT)).html

/** What the golden files hold: the fingerprint changes with every byte of markup and is tested by itself. */
async function outline(lang: string, answers = fullAnswers()): Promise<string> {
  const { html, fingerprint } = await buildReport(fakeAsk(answers), settings({ lang }), AT)
  return toOutline(html).replaceAll(fingerprint, 'FINGERPRINT')
}

describe('the report of a full case', () => {
  it.each(LANGUAGES)('says in %s what the golden file says', async (lang) => {
    await expect(await outline(lang)).toMatchFileSnapshot(`../../golden/report/full.${lang}.md`)
  })

  it.each(LANGUAGES)('leaves no message key without words in %s', async (lang) => {
    for (const answers of [fullAnswers(), emptyAnswers]) {
      expect(toOutline(await report(lang, answers))).not.toMatch(/\b(?:report|errors|rule)\.[a-z-]+\.[\w.-]+/)
    }
  })

  it('cites a record or an evidence item in every sentence of the summary', async () => {
    const html = await report('en')
    const summary = html.slice(html.indexOf('id="section-summary"'), html.indexOf('id="section-evidence"'))
    const sentences = [...summary.matchAll(/<li>([\s\S]*?)<\/li>/g)].map(([, sentence = '']) => sentence)
    expect(sentences.length).toBeGreaterThan(6)
    expect(sentences.filter((sentence) => !sentence.includes('class="cite"'))).toEqual([])
  })

  it('takes words from a locale file, and English where that has none', async () => {
    const answers = {
      ...fullAnswers(),
      'locale.messages': ({ lang }: { lang: string }) =>
        lang === 'de' ? { 'report.summary.title': 'Zusammenfassung' } : {},
    }
    const html = await report('de', answers)
    expect(html.includes('<html lang="de">')).toBe(true)
    expect(
      [...html.matchAll(/<h2>.*?<\/span> ([^<]*)<\/h2>/g)].slice(0, 3).map(([, title]) => title),
    ).toEqual(['Document control', 'Zusammenfassung', 'Scope and questions'])
  })

  it('prints what its claims rest on, and what else its tables name is counted', async () => {
    const html = await report('en')
    const targets = new Set([...html.matchAll(/ id="(E\d+(?:-\d+)?)"/g)].map(([, id]) => id))
    const links = [...html.matchAll(/href="#(E[^"]*)"/g)].map(([, id]) => id)
    expect(links.length).toBeGreaterThan(20)
    expect(links.filter((id) => !targets.has(id))).toEqual([])
    const claims = html.slice(html.indexOf('id="section-summary"'), html.indexOf('id="section-timeline"'))
    expect(claims).toContain('class="cite"')
    // Nothing is named that the appendix does not hold.
    expect(html.match(/<span class="cite">/g)).toBeNull()
    expect(textOf(html)).toContain('Records named')
  })

  it('tells what else was done from the path and what was refused, and nothing from elsewhere', async () => {
    const text = textOf(await report('en'))
    const narrative = text.slice(text.indexOf('What else was done'), text.indexOf('Other candidates'))
    for (const name of ['lsass.exe', '203[.]0[.]113[.]9', 'UpdSvc', 'HKCU', 'adm-keller', 'adm-other'])
      expect(narrative).toContain(name)
    for (const name of ['10[.]1[.]2[.]3', 'EarlierSvc', 'SRV-FILE012', '(0x0)'])
      expect(text).not.toContain(name)
    expect(narrative).toContain('logon-failure: 2')
    expect(narrative).toContain('right password, but this kind of logon is not granted there')
  })

  it('names the authors as those who worked in the case, or says that it does not know them', async () => {
    expect(textOf(await report('en', fullAnswers(), { authors: 'A. Brandt' }))).toContain(
      'made by: A. Brandt.',
    )
    expect(textOf(await report('en'))).toContain('does not know the name of the person')
  })

  it('drops the full stop of an issue before its count, and says when an item is nothing but duplicates', async () => {
    const answers = fullAnswers()
    const [first, ...rest] = await fakeAsk(answers)('evidence.list', {})
    if (!first) throw new Error('no evidence')
    const copies = { ...first, read: 10, stored: 0, duplicate: 10, firstAt: null, lastAt: null }
    const text = textOf(
      await report('en', {
        ...answers,
        'evidence.list': () => [copies, ...rest],
        'locale.messages': () => ({ 'importer.sysmon-json.issue.syntax': 'The file ends too early.' }),
      }),
    )
    expect(text).toContain('The file ends too early: 3')
    expect(text).toContain('every record is a duplicate')
    expect(text.slice(text.indexOf('Name and SHA-256'), text.indexOf('Nothing is lost'))).not.toContain(
      'undated',
    )
  })

  it('has no link, source or address that leads outside', async () => {
    const html = await report('en')
    expect(
      [...html.matchAll(/(?:href|src|action)="([^"]*)"/g)].filter(([, url]) => !url?.startsWith('#')),
    ).toEqual([])
    expect(
      [...html.matchAll(/url\(([^)]{0,20})/g)].filter(([, url]) => !url?.startsWith('data:font/woff2;')),
    ).toEqual([])
    expect(textOf(html.slice(html.indexOf('<body>'))).match(/https?:\/\//gi)).toBeNull()
    expect(html.match(/<(script|iframe|object|embed|link|img|form|base)\b/gi)).toBeNull()
  })

  it('allows by its policy only its own two style sheets', async () => {
    const html = await report('en')
    const styles = [...html.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css = '']) => css)
    const hashes = styles.map(
      (css) => `&#39;sha256-${createHash('sha256').update(css).digest('base64')}&#39;`,
    )
    expect(html.slice(0, 2000)).toContain(`style-src ${hashes.join(' ')}; font-src data:; img-src data:`)
    expect(html.includes(' style="')).toBe(false)
  })

  it('carries a fingerprint that anybody can compute again', async () => {
    const { html, fingerprint } = await buildReport(fakeAsk(fullAnswers()), settings(), AT)
    const main = html.slice(html.indexOf('<main'), html.indexOf('</main>') + '</main>'.length)
    expect(main.split(fingerprint)).toHaveLength(3)
    expect(
      createHash('sha256')
        .update(main.replaceAll(fingerprint, '0'.repeat(64)))
        .digest('hex'),
    ).toBe(fingerprint)
  })

  it('tells the path between two chosen ends', async () => {
    const answers = fullAnswers()
    const suggested = await fakeAsk(answers)('path.suggest', {})
    const [first] = suggested
    if (!first) throw new Error('no suggestion')
    const found = {
      from: first.from,
      to: first.to,
      paths: [first.path],
      graph: { nodes: [], edges: [], total: { nodes: 0, edges: 0 }, grouped: [] },
    }
    const html = await report(
      'en',
      { ...answers, 'path.find': () => found },
      { from: 'message:a', to: 'endpoint:b' },
    )
    expect(textOf(html.slice(html.indexOf('<main>')))).toContain('chosen by the analyst')
  })

  it('says so when no path leads between the chosen ends', async () => {
    const [first] = await fakeAsk(fullAnswers())('path.suggest', {})
    if (!first) throw new Error('no suggestion')
    const found = {
      from: first.from,
      to: first.to,
      paths: [],
      graph: { nodes: [], edges: [], total: { nodes: 0, edges: 0 }, grouped: [] },
    }
    const html = await report(
      'en',
      { ...fullAnswers(), 'path.find': () => found },
      { from: 'user:a', to: 'endpoint:b' },
    )
    const text = textOf(html.slice(html.indexOf('<main>')))
    // By the names of the entities, in the narrative and in the summary.
    const { name: one } = await fakeAsk(fullAnswers())('entity.get', { id: 'user:a' })
    const { name: other } = await fakeAsk(fullAnswers())('entity.get', { id: 'endpoint:b' })
    expect(text.split(`No attack path leads from ${one} to ${other}.`)).toHaveLength(3)
  })

  it('claims of one end alone only that no proposed path begins or ends there', async () => {
    const { name } = await fakeAsk(fullAnswers())('entity.get', { id: 'user:nobody' })
    for (const [ends, words] of [
      [{ from: 'user:nobody', to: null }, `begins at ${name}.`],
      [{ from: null, to: 'user:nobody' }, `ends at ${name}.`],
    ] as const) {
      const answers = { ...fullAnswers(), 'path.suggest': () => [] }
      const text = textOf(await report('en', answers, ends))
      expect(text).toContain(`None of the attack paths that the case proposes ${words}`)
      expect(text).not.toContain('No attack path was found')
    }
  })

  it('says beside a step whose clock is off when it was by the others', async () => {
    const answers = fullAnswers()
    const suggested = await fakeAsk(answers)('path.suggest', {})
    const off = (aheadSeconds: number) => ({
      ...{ endpoint: null, evidenceId: '2', confidence: 0.9, aheadSeconds },
      rightAt: '2026-03-02T09:06:21.412345Z',
    })
    const withClock = suggested.map((one) => ({
      ...one,
      path: {
        ...one.path,
        hops: one.path.hops.map((hop, index) => (index === 1 ? { ...hop, clock: off(420) } : hop)),
      },
    }))
    const html = await report('en', { ...answers, 'path.suggest': () => withClock })
    expect(textOf(html)).toContain('this clock is 420 s ahead: 2026-03-02 10:06:21 by the others')
    expect(textOf(await report('en', answers))).not.toContain('this clock is')
  })

  it('is the same after a report was written, because that entry is left out', async () => {
    const answers = fullAnswers()
    const written = {
      seq: 5,
      at: AT,
      actor: 'analyst',
      action: 'report.written',
      details: {},
      evidenceId: null,
      hash: 'f'.repeat(64),
    }
    const log = await fakeAsk(answers)('audit.list', {})
    const later = { ...answers, 'audit.list': () => ({ ...log, rows: [...log.rows, written] }) }
    expect((await report('en', later)) === (await report('en', answers))).toBe(true)
  })
})

describe('the report of an empty case', () => {
  it.each(LANGUAGES)('is whole in %s and says in each section that there is nothing', async (lang) => {
    await expect(await outline(lang, emptyAnswers)).toMatchFileSnapshot(
      `../../golden/report/empty.${lang}.md`,
    )
  })
})

describe('chosen sections', () => {
  it('are printed in the order of the settings', async () => {
    const html = await report('en', fullAnswers(), { sections: ['raw-records', 'summary'] })
    expect([...html.matchAll(/id="section-([a-z-]+)"/g)].map(([, id]) => id)).toEqual([
      'raw-records',
      'summary',
    ])
    expect(html.includes('id="E1-1"')).toBe(true)
  })

  it('cite without a link when the records are not printed', async () => {
    const html = await report('en', fullAnswers(), { sections: ['summary'] })
    expect(html.includes('<span class="cite">E1:1</span>')).toBe(true)
    expect(html.includes('href=')).toBe(false)
  })

  it('refuse an id that no section has', async () => {
    await expect(report('en', fullAnswers(), { sections: ['sumary'] })).rejects.toMatchObject({
      code: 'request.not_found',
    })
  })

  it('are refused when no case is open', async () => {
    await expect(report('en', { ...emptyAnswers, 'case.info': () => null })).rejects.toMatchObject({
      code: 'case.none_open',
    })
  })
})

describe('text from evidence', () => {
  const hostile = [
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    '</style><script>alert(1)</script>',
    "';}@import url(//evil.example);/*",
    '<svg/onload=alert(1)>',
    '{{constructor.constructor("alert(1)")()}}',
    'invoice\u202Efdp.exe\u2069\u200B\u0000\u001B[31m\u0085',
    '\uD800 lone \uDC00 surrogates \u{E0041} tag \uFEFF bom',
    '&lt;script&gt; &#x3C;b&#x3E;',
    '@:report.cover.title {name} {0} | a | b @.lower:x',
    'hTTps://evil.example/x http:\\\\evil.example www.evil.example mailto:a@evil.example javascript:alert(1) file://srv/x ftp://evil.example',
    '__proto__',
    'A'.repeat(20_000),
    'مرحبا שלום \u0300\u0301\u0302',
  ]

  it.each(hostile.map((text, index) => [index, text]))(
    'is drawn as text and never as markup or link (%i)',
    async (_index, text) => {
      const texts = {
        subject: text,
        senderName: text,
        url: `https://evil.example/${text}`,
        user: text,
        endpoint: text,
        commandLine: text,
        raw: text,
      }
      const html = await report('en', fullAnswers(texts), {
        title: text.slice(0, 300),
        client: text.slice(0, 300),
        authors: text.slice(0, 300),
        classification: text.slice(0, 60),
      })
      const body = html.slice(html.indexOf('</head>'))
      // Attribute values are text; what is left is the markup the browser obeys.
      const markup = body.replace(/="[^"]*"/g, '=""')
      expect(markup.match(/<(script|style|img|iframe|object|embed|link|form|meta)\b/gi)).toBeNull()
      expect(markup.match(/<[a-z]+[^>]*\son\w+=/gi)).toBeNull()
      expect(html.match(/<\/?style>/g)).toHaveLength(4)
      // prettier-ignore
      expect(html.match(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\p{Cs}]/gu)).toBeNull()
      expect(textOf(body).match(/https?:[/\\]{2}|ftp:\/\/|www\.|mailto:|javascript:|file:/gi)).toBeNull()
    },
  )

  it('names hidden characters in place of obeying them', async () => {
    const html = await report('en', fullAnswers({ ...plainTexts, subject: 'invoice\u202Efdp.exe' }))
    expect(html.includes('invoice<span class="hidden-character">U+202E</span>fdp.')).toBe(true)
  })

  it('breaks long command lines with a mark and keeps every character', async () => {
    const html = await report('en', fullAnswers(), { sections: ['timeline'] })
    expect(html.includes('class="wrap-mark"')).toBe(true)
    const cell = /<code>([\s\S]*?)<\/code>/.exec(html)?.[1] ?? ''
    expect(textOf(cell.replace(/<svg.*?<\/svg><br>/g, ''))).toBe(plainTexts.commandLine)
  })
})

describe('the bytes of a report', () => {
  it('do not depend on the zone and language of the machine', async () => {
    const before = { TZ: process.env['TZ'], LANG: process.env['LANG'] }
    const made = new Set<string>()
    const offsets = new Set<number>()
    for (const [TZ, LANG] of [
      ['UTC', 'C'],
      ['Asia/Taipei', 'zh_TW.UTF-8'],
      ['America/St_Johns', 'de_DE.UTF-8'],
      ['Pacific/Kiritimati', 'tr_TR.UTF-8'],
    ]) {
      process.env['TZ'] = TZ
      process.env['LANG'] = LANG
      offsets.add(new Date(0).getTimezoneOffset())
      made.add(await report('ja'))
    }
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name]
      else process.env[name] = value
    }
    expect(offsets.size).toBe(4)
    expect(made.size).toBe(1)
  })
})

describe('words without end in a sentence or cell', () => {
  it('are cut where the line ends, with the mark of a wrapped line, and nothing of them is lost', async () => {
    const endless = `SQBuAH${'YAbwBrAG'.repeat(18)}`
    const { html } = await buildReport(
      fakeAsk(fullAnswers({ ...plainTexts, user: endless })),
      ReportSettings.parse({}),
      '2026-03-10T12:00:00.000Z',
    )
    const cell = /<td>(?:(?!<\/td>).)*SQBuAH(?:(?!<\/td>).)*<\/td>/s.exec(html)?.[0] ?? ''
    expect(cell).toMatch(/class="wrap-mark"/)
    const joined = textOf(cell).replaceAll(/[^A-Za-z]+/g, '')
    expect(joined).toContain(endless)
  })

  it('are not made of Han text, which breaks anywhere', async () => {
    const { html } = await buildReport(
      fakeAsk(fullAnswers({ ...plainTexts, user: '請求書'.repeat(30) })),
      ReportSettings.parse({ lang: 'ja' }),
      '2026-03-10T12:00:00.000Z',
    )
    const cell = /<td>(?:(?!<\/td>).)*請求書請求書(?:(?!<\/td>).)*<\/td>/s.exec(html)?.[0] ?? 'wrap-mark'
    expect(cell).not.toMatch(/class="wrap-mark"/)
  })
})

describe('every section', () => {
  it.each(sections.map((section) => [section.id, section] as const))(
    '%s has the same texts in all three languages',
    (_id, { texts }) => {
      const keys = (lang: (typeof LANGUAGES)[number]) => Object.keys(texts[lang]).sort()
      const placeholders = (text: string) =>
        [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()
      for (const lang of LANGUAGES) {
        expect(keys(lang)).toEqual(keys('en'))
        expect(keys(lang)).toEqual(expect.arrayContaining(['title', 'description']))
        for (const [key, text] of Object.entries<string>(texts[lang])) {
          expect(text.trim()).not.toBe('')
          expect({ key, names: placeholders(text) }).toEqual({
            key,
            names: placeholders((texts.en as Record<string, string>)[key] ?? ''),
          })
        }
      }
    },
  )
})
