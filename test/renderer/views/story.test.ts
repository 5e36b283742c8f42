import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { MatrixRow } from '../../../core/contract/nouns/exposure.ts'
import type { EntityRef } from '../../../core/contract/shapes.ts'
import type { InputOf, ResultOf } from '../../../core/contract/types.ts'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useNavigationStore } from '../../../renderer/stores/navigation.ts'
import { useReputationStore } from '../../../renderer/stores/reputation.ts'
import { useStoryStore } from '../../../renderer/stores/story.ts'
import { endpointsNotDrawn } from '../../../renderer/views/story/not-drawn.ts'
import StoryFigure from '../../../renderer/views/story/story-figure.vue'
import StoryScreen from '../../../renderer/views/story/story-screen.vue'
import { caseInfo, fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const text = (key: string, params: Record<string, string | number> = {}) => ({ key, params })
const user = { id: '1', kind: 'user' as const, name: 'Mira Okafor' }
const endpoint = { id: '2', kind: 'endpoint' as const, name: 'WS-014' }
const message = { id: '3', kind: 'message' as const, name: 'Your parcel' }
const proof = { relations: ['71', '72'], detections: [], events: ['11'], evidence: ['7'] }

const story = (more: Partial<ResultOf<'story.get'>> = {}): ResultOf<'story.get'> => ({
  id: 's1',
  rank: 1,
  title: text('story.title.mail', { subject: 'Your parcel' }),
  score: 41.6,
  reasons: [
    { code: 'bad_link', params: { count: 2 }, weight: 30 },
    { code: 'endpoints', params: { count: 1 }, weight: 11.6 },
  ],
  candidate: [text('story.candidate.one_source')],
  firstObserved: { entity: message, at: '2026-03-01T08:00:00Z' },
  emailVector: {
    message,
    subject: 'Your parcel',
    from: 'post@evil.example',
    at: '2026-03-01T08:00:00Z',
    how: 'link',
    confidence: 0.9,
    isCandidate: true,
    proof,
  },
  lookedAt: [],
  users: [user],
  userTotal: 1,
  triedTotal: 0,
  endpoints: [endpoint],
  endpointTotal: 1,
  startAt: '2026-03-01T08:00:00Z',
  endAt: '2026-03-01T09:00:00Z',
  corroboration: {
    sources: 2,
    of: [
      { recorder: 'endpoint', endpoint: null },
      { recorder: 'mail', endpoint: null },
    ],
    evidence: 2,
    kinds: ['evtx', 'eml'],
  },
  attack: ['T1566.002'],
  counts: { entities: 3, relations: 2, detections: 1, events: 4 },
  relations: ['71', '72'],
  claims: [
    {
      text: text('story.claim.clicked', { from: 'https://evil.example/a', to: 'Mira Okafor' }),
      at: '2026-03-01T08:10:00Z',
      kind: 'interpretation',
      confidence: 0.8,
      entities: [user, { id: '4', kind: 'url', name: 'https://evil.example/a' }],
      proof,
    },
  ],
  paths: [],
  graph: { nodes: [], edges: [], total: { nodes: 0, edges: 0 }, grouped: [] },
  ...more,
})
const answers = (one: ResultOf<'story.get'>) => ({
  'case.info': caseInfo,
  'story.list': { ...page([one]), below: 0 },
  'story.get': one,
  'story.assets': page([
    {
      entity: user,
      roles: ['clicked' as const],
      firstAt: null,
      lastAt: null,
      rating: 'unrated' as const,
      isCandidate: false,
      proof,
    },
  ]),
  'exposure.matrix': {
    ...page([]),
    counts: {
      messages: 1,
      others: 0,
      recipients: 0,
      delivered: 0,
      opened: 0,
      clicked: 0,
      blocked: 0,
      executed: 0,
      perhaps: 0,
      loggedOn: 0,
      removed: 0,
    },
  },
  'plan.list': { run: null, counts: { open: 0, approved: 0, declined: 0 }, items: [] },
})

describe('the story screen', () => {
  it('answers what came in, who touched it and that it is a candidate, with nothing clickable that leads outside', async () => {
    const { view } = await mountView(StoryScreen, { engine: fakeEngine(answers(story())) })
    const shown = view.text()
    for (const part of [
      'What came in',
      'Your parcel',
      'By link',
      'Mira Okafor',
      'opened the link',
      'Candidate',
    ])
      expect(shown).toContain(part)
    expect(shown).toContain('hxxps://evil[.]example/a')
    expect(view.findAll('a[href^="http"]')).toEqual([])
  })

  it('leads from a sentence to the relation that proves it', async () => {
    const { view, role } = await mountView(StoryScreen, { engine: fakeEngine(answers(story())) })
    role('button', 'Open proof 1').click()
    await flushPromises()
    expect(useInspectorStore().current).toEqual({ kind: 'relation', id: '71' })
    expect(view.text()).toContain('Interpretation · 80%')
  })

  it('shows the first proofs of a sentence, and all of them when asked', async () => {
    const claims = story().claims.map((claim) => ({
      ...claim,
      proof: { ...proof, relations: Array.from({ length: 8 }, (_, at) => String(at + 1)) },
    }))
    const { view, role } = await mountView(StoryScreen, { engine: fakeEngine(answers(story({ claims }))) })
    const proofs = () =>
      view.findAll('.claim .proof .text-link').filter((link) => /^Proof/u.test(link.text()))
    expect(proofs()).toHaveLength(5)
    role('button', 'Show all 8 proofs').click()
    await flushPromises()
    expect(proofs()).toHaveLength(8)
  })

  it('says how many affected endpoints its figure leaves out, and leads to all of them', async () => {
    const node = (id: string) => ({
      id,
      kind: 'endpoint' as const,
      name: `WS-${id}`,
      at: null,
      rating: 'unrated' as const,
      marks: [],
      hidden: [],
      detail: '',
    })
    const figure = (drawn: readonly string[]) => ({
      endpoints: [endpoint, { ...endpoint, id: '8' }],
      endpointTotal: 4,
      graph: { nodes: drawn.map(node), edges: [], total: { nodes: 0, edges: 0 }, grouped: [] },
    })
    // Another endpoint of the figure is not one of those affected.
    expect(endpointsNotDrawn(figure([endpoint.id, '77']))).toBe(3)
    expect(endpointsNotDrawn({ ...figure([endpoint.id, '8']), endpointTotal: 2 })).toBe(0)
    const { role } = await mountView(StoryFigure, { props: { story: story(figure([])) } })
    role('button', '4 affected endpoints are not in the figure').click()
    expect(useStoryStore().tab).toBe('assets')
    const { view } = await mountView(StoryFigure, {
      props: { story: story({ endpointTotal: 0, endpoints: [] }) },
    })
    expect(view.text()).not.toContain('not in the figure')
  })

  it('says what was looked at where no mail was found', async () => {
    const without = story({ emailVector: null, lookedAt: [text('story.looked.no_mail')] })
    const { view } = await mountView(StoryScreen, { engine: fakeEngine(answers(without)) })
    expect(view.text()).toContain('First trace')
    expect(view.text()).not.toContain('By link')
  })

  it('says in words that no path leads on from its message, and no figure of zero', async () => {
    const one = story()
    const loose = { ...one, emailVector: one.emailVector && { ...one.emailVector, confidence: 0 } }
    const { view } = await mountView(StoryScreen, { engine: fakeEngine(answers(loose)) })
    const said = view.get('.answers').text()
    expect(said).toContain('By link · no path leads on from this message in the records')
    expect(said).not.toContain('0%')
  })

  it('says why there is no story', async () => {
    const engine = fakeEngine({ ...answers(story()), 'story.list': { ...page([]), below: 0 } })
    const { view } = await mountView(StoryScreen, { engine })
    expect(view.text()).toContain('No connected suspicious activity')
  })

  it('asks for the steps that made the story, says of how many, and for all where that is wanted', async () => {
    const asked: InputOf<'story.timeline'>[] = []
    const engine = fakeEngine({
      ...answers(story()),
      'story.timeline': (input: InputOf<'story.timeline'>) => {
        asked.push(input)
        return { ...page([]), total: 2 }
      },
    })
    const { view, role } = await mountView(StoryScreen, { engine })
    role('tab', 'Timeline').dispatchEvent(new MouseEvent('mousedown', { bubbles: true }))
    await flushPromises()
    expect(view.text()).toContain('2 of 3')
    await view.get('input[type=checkbox]').setValue(false)
    await flushPromises()
    expect(asked.map(({ keyOnly }) => keyOnly)).toEqual([true, false])
  })

  it('names who ran it before who clicked it, and every answer opens its proof', async () => {
    const one = story({
      firstObserved: { entity: { ...message, id: '8', name: 'First lure' }, at: '2026-03-01T07:00:00Z' },
      claims: [
        {
          text: text('story.claim.ran', { from: 'invoice.docm', to: 'WINWORD.EXE' }),
          at: '2026-03-01T08:20:00Z',
          kind: 'fact',
          confidence: 0.9,
          entities: [],
          proof: { ...proof, relations: ['75'] },
        },
      ],
    })
    const asset = (id: string, name: string, role: 'clicked' | 'ran', relation: string) => ({
      entity: { id, kind: 'user' as const, name },
      roles: [role],
      firstAt: null,
      lastAt: null,
      rating: 'unrated' as const,
      isCandidate: false,
      proof: { ...proof, relations: [relation] },
    })
    const step = (id: string, name: string) => ({
      id: `isolate ${id}`,
      action: 'isolate-endpoint' as const,
      target: {
        mailbox: null,
        messageId: null,
        uniqueId: null,
        subject: null,
        sender: null,
        deliveredAt: null,
        url: null,
        account: null,
        endpoint: name,
        inboxRule: null,
        text: null,
      },
      subject: { id, kind: 'endpoint' as const, name },
      reasons: [],
      evidence: { messages: [], relations: [], events: [] },
      state: 'open' as const,
      note: '',
      decidedAt: null,
    })
    const engine = fakeEngine({
      ...answers(one),
      'story.assets': page([
        asset('21', 'Clicker', 'clicked', '81'),
        asset('22', 'Runner', 'ran', '82'),
        { ...asset('2', 'WS-014', 'ran', '83'), entity: endpoint },
      ]),
      'plan.list': {
        run: null,
        counts: { open: 9, approved: 0, declined: 0 },
        items: [step('99', 'ELSEWHERE'), step('2', 'WS-014')],
      },
    })
    const { view, role } = await mountView(StoryScreen, { engine })
    const inspector = useInspectorStore()
    const shown = view.get('.answers').text()
    expect(shown.indexOf('Runner')).toBeLessThan(shown.indexOf('Clicker'))
    expect(shown).toContain('First lure')
    // What to do is said of the story, not of the case.
    expect(shown).toContain('WS-014')
    expect(shown).not.toContain('ELSEWHERE')
    // Its own steps come first, then how many the plan of the case has.
    expect(shown.indexOf('9 open steps')).toBeGreaterThan(shown.lastIndexOf('WS-014'))
    for (const [name, id] of [
      ['ran', '75'],
      ['ran it', '82'],
      ['By link · confidence 90%', '71'],
    ] as const) {
      const said = view.findAll('.answers button').find((one) => one.text().replaceAll(/\s+/gu, ' ') === name)
      await said?.trigger('click')
      await flushPromises()
      expect(inspector.current).toEqual({ kind: 'relation', id })
    }
    role('button', 'Go to the plan').click()
    expect([useNavigationStore().screenId, useReputationStore().tab]).toEqual(['reputation', 'plan'])
  })

  it('counts as exposed who has any mail of the story, each once, and nobody who acted, a stopped click included', async () => {
    const second = { id: '30', kind: 'message' as const, name: 'First lure' }
    const part = (entity: EntityRef, isCandidate = false) => ({
      entity,
      roles: ['part' as const],
      firstAt: null,
      lastAt: null,
      rating: 'unrated' as const,
      isCandidate,
      proof,
    })
    const cell = { at: null, source: 'copy' as const, proof }
    const got = (id: string, more: Partial<MatrixRow> = {}): MatrixRow => ({
      message,
      isRecipient: true,
      perhaps: [],
      address: `${id}@home.example`,
      mailbox: null,
      user: { id, kind: 'user', name: `Person ${id}` },
      endpoint: null,
      recordedAction: null,
      delivered: cell,
      opened: null,
      clicked: null,
      blocked: null,
      executed: null,
      loggedOn: null,
      removedAt: null,
      ...more,
    })
    const rows: Record<string, MatrixRow[]> = {
      [message.id]: [got('41'), got('42', { executed: cell }), got('43')],
      [second.id]: [
        got('41'),
        got('43', { clicked: cell }),
        got('44', { blocked: cell }),
        got('45', { user: null }),
        got('46', { removedAt: '2026-03-01T09:00:00Z' }),
      ],
    }
    const base = answers(story())
    const engine = fakeEngine({
      ...base,
      'story.assets': page([
        part(message),
        part(second),
        part({ id: '50', kind: 'process', name: 'x.exe' }, true),
      ]),
      'exposure.matrix': (input) => ({
        ...base['exposure.matrix'],
        ...page('entity' in input ? (rows[input.entity] ?? []) : []),
      }),
    })
    const { view, role } = await mountView(StoryScreen, { engine })
    await flushPromises()
    const shown = view.get('.answers').text()
    expect(shown).toContain('2 more received the mail')
    expect(shown).toContain('Person 41')
    expect(shown).not.toContain('Person 43')
    // All of them: the assets narrowed to those two, until the chip is taken off.
    role('button', 'All of them').click()
    await flushPromises()
    const names = (): string[] =>
      view.findAll('tbody tr .who').map((one) => one.text().replace(/^\S+:/u, '').trim())
    expect(names()).toEqual(['Person 41'])
    expect(view.text()).toContain('and 1 address the case has no user or mailbox for')
    role('button', 'Who else is exposed').click()
    await flushPromises()
    expect(names()).toEqual(['Your parcel', 'First lure', 'x.exe'])
    expect(engine.calls.filter(({ method }) => method === 'story.assets').at(-1)?.input).toMatchObject({
      limit: 100,
    })
  })

  it('says of a story without mail who may have a part in it, when mail was looked for, and no step of another story', async () => {
    const asset = (entity: EntityRef) => ({
      entity,
      roles: [],
      firstAt: null,
      lastAt: null,
      rating: 'unrated' as const,
      isCandidate: true,
      proof,
    })
    // The words of the engine are not loaded here: any text with two moments shows how they are printed.
    const looked = text('retro.compared', {
      from: '2026-03-07T18:01:20.000Z',
      to: '2026-03-10T18:01:20.000Z',
    })
    const engine = fakeEngine({
      ...answers(story({ emailVector: null, lookedAt: [looked] })),
      'story.assets': page([asset(endpoint), asset({ id: '50', kind: 'process', name: 'services.exe' })]),
      'plan.list': { run: null, counts: { open: 9, approved: 0, declined: 0 }, items: [] },
    })
    const { view } = await mountView(StoryScreen, { engine })
    const shown = view.get('.answers').text()
    expect(shown).toContain('1 more may have a part in it')
    expect(shown).not.toContain('received')
    expect(shown).not.toContain('services.exe')
    expect(shown).toContain('2026-03-07 18:01')
    expect(shown).toContain('No open step is about this story.')
  })
})
