import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createClient } from '../../../core/contract/client.ts'
import type { InputOf } from '../../../core/contract/types.ts'
import { createEngine } from '../../../core/engine.ts'
import { sections } from '../../../core/report/registry.ts'
import { templates } from '../../../core/report/templates/registry.ts'
import { canaryLines } from '../../support/canary-lines.ts'
import { fixture } from '../../support/parse.ts'
import { ViewState } from '../../../renderer/graph/view-state.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'
import { textOf } from './to-outline.ts'

const generatedAt = '2026-03-10T12:00:00.000Z'
const EVENTS = 30
let bench: Workbench
beforeEach(async () => {
  bench = await Workbench.open()
})
afterEach(() => bench.close())

const preview = async (input: InputOf<'report.preview'>) =>
  (await bench.client.call('report.preview', { generatedAt, ...input })).html

describe('a report of a real case', () => {
  beforeEach(async () => {
    await bench.import(bench.file('zq.canary-ws-canary7.jsonl', canaryLines(EVENTS)))
    await bench.client.run('correlation.run', {})
  })
  const all = { options: { timeline: { rows: 'all', max: 1000 } } }

  it('has the nineteen sections of the design in their order', () => {
    const own = sections.filter(({ within, id }) => within === undefined && id !== 'contents')
    expect(own.map(({ id }) => id)).toEqual([
      'cover',
      'document-control',
      'summary',
      'scope',
      'evidence',
      'custody',
      'method',
      'findings',
      'narrative',
      'timeline',
      'mail-vector',
      'retro-scan',
      'affected',
      'indicators',
      'attack',
      'plan',
      'limitations',
      'examiner',
      'appendices',
    ])
  })

  it('cites nothing that its appendix does not hold', async () => {
    const html = await preview(all)
    const targets = new Set([...html.matchAll(/ id="(E\d+(?:-\d+)?)"/g)].map(([, id]) => id))
    const cited = [...html.matchAll(/class="cite"[^>]*>(E\d+(?::\d+)?)</g)].map(([, ref]) => ref ?? '')
    expect(new Set(cited).size).toBeGreaterThan(EVENTS)
    expect(cited.filter((ref) => !targets.has(ref.replace(':', '-')))).toEqual([])
  })

  it('lists the many records of a long table as ranges, every one of them', async () => {
    await bench.import(bench.file('more.jsonl', windowsLines(2300, 'ws02.corp.example')))
    const path = join(bench.folder, 'r.html')
    await bench.client.run('report.write', {
      ...all,
      options: { timeline: { rows: 'all', max: 10_000 } },
      generatedAt,
      grant: path,
      format: 'html',
    })
    const html = readFileSync(path, 'utf8')
    const cited = new Set(
      [...html.matchAll(/class="cite"[^>]*>E2:(\d+)</g)].map(([, record]) => Number(record)),
    )
    expect(cited.size).toBe(2300)
    const held = new Set([...html.matchAll(/ id="E2-(\d+)"/g)].map(([, record]) => Number(record)))
    const from = html.indexOf('<b>E2</b>', html.indexOf('register-title'))
    const [, listed = ''] = /<p class="register">([^<]*)<\/p>/.exec(html.slice(from)) ?? []
    for (const range of listed.split(' ')) {
      const [first = 0, last = first] = range.split('–').map(Number)
      for (let record = first; record <= last; record += 1) held.add(record)
    }
    expect([...cited].filter((record) => !held.has(record))).toEqual([])
  })

  it('says nothing of who is hidden, in no text, figure, record, edge or title', async () => {
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
    const input = {
      ...all,
      title: 'Case of Zq.Canary',
      client: 'WS-CANARY7',
      classification: 'TLP:RED zq.canary',
      questions: 'What did `zq.canary` do on **ws-canary7**?',
      blocks: [{ section: 'summary', place: 'after' as const, text: 'See CORP\\zq.canary at 10.66.77.88' }],
    }
    const redaction = { users: true, endpoints: true, addresses: 'own' as const, terms: [] }
    const open = await preview(input)
    expect(open.toLowerCase()).toContain('canary')
    const hidden = await preview({ ...input, redaction })
    // Edges of the page are written as CSS escapes; base64 may hold the name, as may hidden characters.
    const plain = textOf(hidden.replaceAll(/url\(data:[^)]*\)/g, ''))
      .replaceAll(/\\([0-9a-f]{6})/g, (_all, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
      .replaceAll(/[A-Za-z0-9+/]{16,}={0,2}/g, (run) =>
        [
          run,
          Buffer.from(run, 'base64').toString('utf8'),
          Buffer.from(run, 'base64').toString('utf16le'),
        ].join(' '),
      )
    for (const canary of ['canary', '66.77.88', '66[.]77']) expect(plain.toLowerCase()).not.toContain(canary)
    expect(hidden.toLowerCase()).not.toContain('canary')
    expect(plain).toMatch(/USER-\w{6}/)
    expect(plain).toMatch(/HOST-\w{6}/)
    const counts = await bench.client.call('report.redaction', { generatedAt, ...input, redaction })
    expect(counts.rules.find(({ kind }) => kind === 'user')?.replaced).toBeGreaterThan(EVENTS)
    expect(counts.rows.every(({ pseudonym }) => plain.includes(pseudonym))).toBe(true)
  })

  it('is the same in a copy of the case, pseudonyms too', async () => {
    const redaction = { users: true, endpoints: true, addresses: 'all' as const, terms: ['tool'] }
    const first = await preview({ ...all, redaction })
    await bench.client.call('case.close', {})
    mkdirSync(join(bench.folder, 'elsewhere'))
    const copy = join(bench.folder, 'elsewhere', basename(bench.casePath))
    copyFileSync(bench.casePath, copy)
    const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline' })
    const client = createClient(engine)
    await client.call('case.open', { grant: copy })
    const second = await client.call('report.preview', { generatedAt, ...all, redaction })
    await engine.close()
    expect(second.html === first).toBe(true)
  })

  it('shows the first rows of a long table in the preview and writes all of them', async () => {
    await bench.import(bench.file('more.jsonl', windowsLines(700, 'ws02.corp.example')))
    const wanted = {
      sections: ['timeline', 'raw-records'],
      options: { timeline: { rows: 'all', max: 100_000 } },
    }
    const shown = await bench.client.call('report.preview', { generatedAt, ...wanted })
    expect(shown.cut).toBe(true)
    expect(shown.html.match(/<tr>/g)?.length).toBeLessThan(310)
    const path = join(bench.folder, 'r.html')
    await bench.client.run('report.write', { generatedAt, ...wanted, grant: path, format: 'html' })
    expect(readFileSync(path, 'utf8').match(/<tr>/g)?.length).toBeGreaterThan(700 + EVENTS)
    expect(readdirSync(bench.folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('leaves nothing behind when it is cancelled', async () => {
    const path = join(bench.folder, 'r.html')
    const { jobId } = await bench.client.call('report.write', {
      ...all,
      generatedAt,
      grant: path,
      format: 'html',
    })
    await bench.client.call('job.cancel', { id: jobId })
    const ended = await new Promise<string>((resolve) => {
      const stop = bench.client.onEvent((event) => {
        if (event.type !== 'job.ended' || event.jobId !== jobId) return
        stop()
        resolve(event.status)
      })
    })
    expect(ended).toBe('cancelled')
    expect(existsSync(path)).toBe(false)
    expect(readdirSync(bench.folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('keeps its settings in the case, with one entry in the log per change and none of the words in it', async () => {
    const settings = {
      title: 'Heron',
      sections: ['cover', 'summary'],
      options: { custody: { rows: 10 } },
      blocks: [{ section: 'summary', place: 'before' as const, text: 'Secret words' }],
      redaction: { users: true, endpoints: false, addresses: 'none' as const, terms: ['Quill'] },
    }
    expect(await bench.client.call('report.settings', {})).toEqual({ settings: null })
    expect(await bench.client.call('report.save', settings)).toEqual({ changed: true })
    expect(await bench.client.call('report.save', settings)).toEqual({ changed: false })
    expect(await bench.client.call('report.settings', {})).toMatchObject({ settings })
    const { rows } = await bench.client.call('audit.list', { limit: 100 })
    const saved = rows.filter(({ action }) => action === 'report.settings')
    expect(saved).toHaveLength(1)
    expect(JSON.stringify(saved)).not.toMatch(/Secret|Quill/)
    expect((await bench.client.call('audit.verify', {})).ok).toBe(true)
  })

  it.each(templates.map(({ id }) => [id]))('is made by the template %s', async (id) => {
    const template = (await bench.client.call('report.templates', {})).find((one) => one.id === id)
    const html = await preview({ sections: template?.sections ?? null, options: template?.options ?? {} })
    const printed = [...html.matchAll(/<section class="section[^"]*" id="section-([a-z-]+)"/g)].map(
      ([, one]) => one,
    )
    expect(printed).toEqual(template?.sections)
  })

  it('refuses an option that no section has, and a value that it does not take', async () => {
    await expect(preview({ options: { timeline: { rowz: 1 } } })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    await expect(preview({ options: { timeline: { max: 0 } } })).rejects.toMatchObject({
      code: 'request.invalid',
    })
    await expect(preview({ options: { timeline: { rows: 'some' } } })).rejects.toMatchObject({
      code: 'request.invalid',
    })
  })

  it('leaves out the figures of pins that are not wanted', async () => {
    const events = await bench.client.call('event.search', { limit: 1 })
    const { ids } = await bench.client.call('work.mark', {
      type: 'pin',
      targets: events.rows.map(({ id }) => ({ kind: 'event' as const, id })),
    })
    expect(await preview({})).toContain('Pinned events')
    expect(await preview({ withoutFigures: ids })).not.toContain('Pinned events')
    const [figure] = await bench.client.call('report.figures', {})
    expect(figure).toMatchObject({ id: ids[0], section: 'timeline', kind: 'event' })
  })

  it('draws the steps of the plan and the views of mail that are pinned, and tells the word of the analyst from records', async () => {
    const mail = [
      'From: Shop <shop@outside.example>',
      'To: anna@corp.example',
      'Subject: Invoice',
      'Message-ID: <m1@outside.example>',
      'Date: Mon, 2 Mar 2026 09:00:00 +0000',
      '',
      'See https://outside.example/x',
    ]
    const other = mail.map((line) =>
      line.replace('m1@outside', 'm2@outside').replace('Shop <shop@', 'Bank <bank@'),
    )
    const third = mail.map((line) =>
      line
        .replace('m1@', 'm3@')
        .replace('Shop <shop@outside', 'Friend <friend@elsewhere')
        .replace('https://outside', 'https://elsewhere'),
    )
    await bench.import(
      ...[mail, other, third].map((lines, index) => bench.file(`m${index}.eml`, lines.join('\r\n'))),
    )
    await bench.client.run('correlation.run', {})
    const [campaign] = (await bench.client.call('mail.campaigns', { limit: 1 })).rows
    const shared = await bench.client.call('view.save', {
      screen: 'mail',
      name: 'One campaign',
      state: { text: '', campaign: { by: campaign?.by ?? '', value: campaign?.value ?? '' } },
    })
    const gone = await bench.client.call('view.save', {
      screen: 'mail',
      name: 'Gone campaign',
      state: { text: '', campaign: { by: 'url', value: 'nowhere.example' } },
    })
    const { items } = await bench.client.call('plan.list', {})
    const view = await bench.client.call('view.save', {
      screen: 'mail',
      name: 'All mail',
      state: { text: '' },
    })
    const { rows } = await bench.client.call('entity.search', { text: '', limit: 100 })
    const [from, to] = [
      rows.find(({ kind }) => kind === 'user'),
      rows.find(({ kind }) => kind === 'endpoint'),
    ]
    await bench.client.call('work.relate', {
      from: from?.id ?? '',
      to: to?.id ?? '',
      label: 'phoned',
      reason: 'said so',
    })
    const { edges } = await bench.client.call('graph.among', { entities: [from?.id ?? '', to?.id ?? ''] })
    const said = edges.find(({ kind }) => kind.startsWith('analyst'))
    const targets = [
      { kind: 'view' as const, id: view.id },
      { kind: 'view' as const, id: shared.id },
      { kind: 'view' as const, id: gone.id },
      { kind: 'relation' as const, id: said?.id ?? '' },
      ...items.slice(0, 2).map(({ id }) => ({ kind: 'plan-item' as const, id })),
    ]
    await bench.client.call('work.mark', { type: 'pin', targets })
    const html = await preview({})
    const captions = [...html.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, one]) =>
      textOf(one ?? ''),
    )
    expect(captions.filter((one) => /Messages of the view All mail/.test(one)).length).toBe(1)
    // A view of a campaign shows its messages and no others; of one that is gone there is no figure.
    const figureOf = (name: string) =>
      /<figure[^]*?<\/figure>/g
        [Symbol.match](html)
        ?.find((one) => textOf(one).includes(`of the view ${name}`)) ?? ''
    expect(campaign?.messages).toBe(2)
    expect(textOf(figureOf('All mail'))).toContain('friend')
    expect(textOf(figureOf('One campaign'))).toContain('bank')
    expect(textOf(figureOf('One campaign'))).not.toContain('friend')
    expect(figureOf('Gone campaign')).toBe('')
    expect(captions.filter((one) => /Steps of the plan that the analyst pinned/.test(one)).length).toBe(
      items.length > 0 ? 1 : 0,
    )
    expect(captions.every((one) => /^\s*Figure \d+/.test(one))).toBe(true)
    // Dots are for the analyst's word; dashes for what a directory allows.
    const drawn = html.slice(html.indexOf('<figure'), html.lastIndexOf('</figure>'))
    expect(drawn).toContain('stroke-dasharray="0.1 4.5"')
  })

  it('draws a pinned picture of the graph from the state that the graph screen saves, and says what cannot be drawn', async () => {
    const { rows } = await bench.client.call('entity.search', { text: '', limit: 3 })
    const [first, second, folded] = rows.map(({ id }) => id)
    const state: ViewState = {
      version: 1,
      layout: 'layered',
      nodes: [first ?? '', second ?? '', folded ?? ''],
      edges: null,
      positions: { [first ?? '']: [0, 0], [second ?? '']: [1400, 48] },
      isByHand: true,
      pinned: [],
      hidden: [],
      collapsed: [second ?? ''],
      groups: [],
      kindsOff: [],
      linesOff: [],
      marks: [],
      grouped: [],
      total: 3,
      alone: 0,
      possible: true,
      path: null,
    }
    const named = new Map<string, unknown>([
      ['My picture', ViewState.parse(state)],
      ['Another program', { version: 9 }],
    ])
    for (const [name, one] of named) {
      const { id } = await bench.client.call('view.save', { screen: 'graph', name, state: one })
      await bench.client.call('work.mark', { type: 'pin', targets: [{ kind: 'view', id }] })
    }
    const html = await preview({})
    const figures = html.match(/<figure[^]*?<\/figure>/g) ?? []
    const [mine, ...more] = figures.filter((one) => textOf(one).includes('My picture (times in UTC'))
    expect(more).toEqual([])
    const names = rows.map(({ name }) => textOf(mine ?? '').includes(name))
    expect(names).toEqual([true, true, false])
    // A wide, low picture is not pressed flat: names of two rows stand clear of each other.
    const heights = [...(mine ?? '').matchAll(/<text x="[^"]*" y="([^"]*)"[^>]*font-weight="700"/g)].map(
      ([, y]) => Number(y),
    )
    expect(heights.length).toBeGreaterThanOrEqual(2)
    expect(Math.max(...heights) - Math.min(...heights)).toBeGreaterThanOrEqual(50)
    expect(figures.some((one) => one.includes('Another program'))).toBe(false)
    expect(textOf(html)).toContain('Pinned view Another program: it holds nothing that can be drawn.')
  })

  it('prints a pinned picture of what was observed without what a directory allows', async () => {
    for (const name of ['good-groups.json', 'good-users.json', 'good-v3-computers.json'])
      await bench.import(bench.file(name, fixture(`sharphound/${name}`)))
    await bench.client.run('correlation.run', {})
    const { rows } = await bench.client.call('entity.search', { text: '', limit: 200 })
    const whole = await bench.client.call('graph.among', {
      entities: rows.map(({ id }) => id),
      possible: true,
    })
    const allowed = whole.edges.find((edge) => !edge.observed)
    if (allowed === undefined) throw new Error('the case holds nothing that a directory allows')
    const figures: string[] = []
    for (const possible of [true, false]) {
      const name = `Possible ${possible}`
      const nodes = [allowed.from, allowed.to]
      const state = {
        nodes,
        edges: null,
        positions: {},
        hidden: [],
        groups: [],
        kindsOff: [],
        linesOff: [],
        path: null,
        possible,
      }
      const { id } = await bench.client.call('view.save', { screen: 'graph', name, state })
      await bench.client.call('work.mark', { type: 'pin', targets: [{ kind: 'view', id }] })
      const drawn = (await preview({})).match(/<figure[^]*?<\/figure>/g) ?? []
      figures.push(drawn.find((one) => textOf(one).includes(name)) ?? '')
    }
    const dashes = figures.map((figure) => figure.includes('stroke-dasharray'))
    expect(figures.every((figure) => figure !== '')).toBe(true)
    expect(dashes).toEqual([true, false])
  })

  it('says what the marks of a pinned figure mean, whoever wrote its caption', async () => {
    const { id } = await bench.client.call('view.save', {
      screen: 'timeline',
      name: 'mine',
      state: { text: '', from: null, to: null, entity: null, endpoint: [], user: [], source: [] },
    })
    const target = { kind: 'view' as const, id }
    await bench.client.call('work.mark', { type: 'pin', targets: [target] })
    expect(textOf(await preview({}))).toContain('mine (times in UTC; a stroke for each event)')
    await bench.client.call('work.mark', { type: 'pin', targets: [target], text: 'What I saw' })
    expect(textOf(await preview({}))).toContain('What I saw (times in UTC; a stroke for each event)')
  })

  it('draws of a pinned filter what the Timeline showed: its kinds and chosen facets count', async () => {
    const chosen = { text: '', from: null, to: null, entity: null, endpoint: [], user: [], source: [] }
    const [seen] = (await bench.client.call('event.search', { limit: 1 })).rows
    const unseen = seen?.kind === 'registry-set' ? 'dns-query' : 'registry-set'
    const state = new Map<string, unknown>([
      ['Everything', chosen],
      ['Its kind', { ...chosen, kinds: [seen?.kind ?? ''] }],
      ['Another kind', { ...chosen, kinds: [unseen] }],
      ['Another source', { ...chosen, source: [{ id: '4000', name: 'gone' }] }],
    ])
    for (const [name, one] of state) {
      const { id } = await bench.client.call('view.save', { screen: 'timeline', name, state: one })
      await bench.client.call('work.mark', { type: 'pin', targets: [{ kind: 'view', id }] })
    }
    const html = await preview({})
    const captions = [...html.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, one]) =>
      textOf(one ?? ''),
    )
    expect([...state.keys()].filter((name) => captions.some((one) => one.includes(name)))).toEqual([
      'Everything',
      'Its kind',
    ])
  })

  it('lets other questions be answered while a preview is made, and gives way to a newer preview', async () => {
    let isMade = false
    const made = bench.client.call('report.preview', { generatedAt, ...all }).finally(() => {
      isMade = true
    })
    let answered = 0
    while (!isMade) {
      await setImmediate()
      await bench.client.call('overview.get', {})
      if (!isMade) answered += 1
    }
    await made
    expect(answered).toBeGreaterThan(5)
    const older = bench.client.call('report.preview', { generatedAt, ...all })
    const newer = bench.client.call('report.preview', { generatedAt })
    await expect(older).rejects.toMatchObject({ code: 'job.cancelled' })
    expect((await newer).html).toContain('</main>')
  })
})
