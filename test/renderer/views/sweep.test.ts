import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import type { SweepCriteria } from '../../../core/contract/nouns/sweep.ts'
import type { InputOf, ResultOf } from '../../../core/contract/types.ts'
import { useGraphStore } from '../../../renderer/stores/graph.ts'
import { useNavigationStore } from '../../../renderer/stores/navigation.ts'
import SweepScreen from '../../../renderer/views/sweep/sweep-screen.vue'
import SightingTable from '../../../renderer/views/sweep/sighting-table.vue'
import { isNested } from '../../../renderer/views/sweep/criteria.ts'
import { fakeEngine, page } from '../../support/fake-engine.ts'
import { aNode } from '../graph/slices.ts'
import { mountView } from '../mount-view.ts'

const criteria: SweepCriteria = {
  name: 'Typed',
  format: 'plain-list',
  indicators: [
    {
      id: 'i1',
      kind: 'url',
      operator: 'is',
      value: 'https://evil.example/a',
      title: 'the lure',
      supported: true,
      why: null,
      body: null,
    },
    {
      id: 'i2',
      kind: null,
      operator: 'is',
      value: 'mutex_of_evil',
      title: '',
      supported: false,
      why: { key: 'sweep.why.kind', params: {} },
      body: null,
    },
  ],
  tree: { any: [{ indicator: 'i1' }, { indicator: 'i2' }] },
}
const counts = {
  indicators: 2,
  supported: 1,
  matched: 1,
  sightings: 3,
  endpoints: 1,
  users: 0,
  messages: 1,
}
const endpoint = { id: '7', kind: 'endpoint' as const, name: 'WS01' }
const run = (more: Partial<ResultOf<'sweep.get'>> = {}): ResultOf<'sweep.get'> => ({
  id: '1',
  at: '2026-03-02T10:00:00Z',
  name: 'Typed',
  from: null,
  to: null,
  counts,
  criteria,
  indicators: criteria.indicators.map((one) => ({
    ...one,
    sightings: one.supported ? 3 : 0,
    kept: one.supported ? 3 : 0,
    firstAt: null,
    lastAt: null,
  })),
  matches: [
    {
      entity: endpoint,
      addresses: ['10.0.0.1'],
      operatingSystem: 'Windows 11',
      users: [],
      firstAt: '2026-03-02T08:00:00Z',
      lastAt: null,
      occurrences: 3,
      indicators: ['i1'],
    },
  ],
  ...more,
})
const sighting = {
  id: '1',
  indicator: 'i1',
  at: '2026-03-02T08:00:00Z',
  entity: endpoint,
  user: null,
  event: '11',
  field: 'url.full',
  value: 'https://evil.example/a',
  source: { evidenceId: '1', record: 4, locator: 'line 4' },
}

describe('the sweep screen', () => {
  it('says what to do while nothing has been looked for', async () => {
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({ 'sweep.runs': [], 'sweep.saved': [], 'sweep.formats': [] }),
    })
    expect(view.text()).toContain('Nothing has been looked for yet')
  })

  it('shows what will be looked for, struck through what cannot be, and searches within the time window', async () => {
    const asked: InputOf<'sweep.run'>[] = []
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [],
        'sweep.saved': [],
        'sweep.formats': [],
        'sweep.read': { ...criteria, counts: { indicators: 2, supported: 1 } },
        'sweep.run': (input: InputOf<'sweep.run'>) => {
          asked.push(input)
          return { jobId: '1' }
        },
      }),
    })
    await view.get('textarea').setValue('hxxps://evil[.]example/a\nmutex_of_evil')
    await view.get('form').trigger('submit')
    await flushPromises()
    expect(view.text()).toContain('1 of 2 will be looked for')
    expect(view.findAll('s').map((one) => one.text())).toEqual(['mutex_of_evil'])
    expect(view.text()).toContain('hxxps://evil[.]example/a')
    expect(view.text()).not.toContain('https://evil.example')
    await view
      .findAll('button')
      .find((one) => one.text() === 'Search')
      ?.trigger('click')
    await flushPromises()
    expect(asked).toMatchObject([{ from: null, to: null }])
    expect(asked[0]?.criteria.name).toMatch(/^Typed .*\(2\)$/u)
  })

  it('searches what stands on the screen: another choice reads again, another text has to be checked', async () => {
    const asked: InputOf<'sweep.read'>[] = []
    const together = { ...criteria, tree: { all: [{ indicator: 'i1' }, { indicator: 'i2' }] } }
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [],
        'sweep.saved': [],
        'sweep.formats': [],
        'sweep.read': (input: InputOf<'sweep.read'>) => {
          asked.push(input)
          return {
            ...(input.operator === 'all' ? together : criteria),
            counts: { indicators: 2, supported: 1 },
          }
        },
      }),
    })
    await view.get('textarea').setValue('https://evil.example/a')
    await view.get('form').trigger('submit')
    await flushPromises()
    expect(view.get('.period').text()).toContain('Any of them')
    const choice = view.findAll('select').find((one) => one.text().includes('all at one endpoint'))
    await choice?.setValue('all')
    await flushPromises()
    expect(asked.map(({ operator }) => operator)).toEqual(['any', 'all'])
    expect(view.get('.period').text()).toContain('together at one endpoint')
    await view.get('textarea').setValue('https://evil.example/b')
    expect(view.text()).not.toContain('will be looked for')
  })

  it('says that saving replaces criteria of the same name, and takes saved ones away when asked twice', async () => {
    const forgotten: string[] = []
    const saved = [
      { id: '4', name: 'The feed', at: '2026-03-02T10:00:00Z', format: 'plain-list', indicators: 2 },
    ]
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [],
        'sweep.saved': saved,
        'sweep.formats': [],
        'sweep.load': { ...criteria, name: 'The feed' },
        'sweep.forget': ({ id }: InputOf<'sweep.forget'>) => {
          forgotten.push(id)
          return {}
        },
      }),
    })
    const choice = view.findAll('select').find((one) => one.text().includes('The feed'))
    await choice?.setValue('4')
    await flushPromises()
    expect(view.text()).toContain('Replace saved criteria')
    const button = (text: string) => view.findAll('button').find((one) => one.text() === text)
    await button('Remove saved criteria')?.trigger('click')
    await flushPromises()
    expect(forgotten).toEqual([])
    const sure = [...document.querySelectorAll<HTMLButtonElement>('[role="dialog"] footer button')]
    sure.find((one) => one.textContent === 'Remove saved criteria')?.click()
    await flushPromises()
    expect(forgotten).toEqual(['4'])
  })

  it('says of what was found in an encoded command that it stands in what that decodes to', async () => {
    const found = { ...sighting, field: 'process.parent.command_line.decoded', value: 'IEX evil.example' }
    const engine = fakeEngine({ 'sweep.sightings': page([sighting, found]) })
    const { view } = await mountView(SightingTable, {
      engine,
      props: { run: '1', indicators: new Map(), indicator: '', entity: null },
    })
    const fields = view.findAll('tbody tr').map((row) =>
      row
        .findAll('td')[3]
        ?.findAll('span')
        .map((part) => part.text()),
    )
    expect(fields).toEqual([['url.full'], ['process.parent.command_line', 'decoded']])
  })

  it('shows figures, who matched, and narrows sightings to one endpoint or indicator', async () => {
    const asked: InputOf<'sweep.sightings'>[] = []
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [run()],
        'sweep.get': run(),
        'sweep.saved': [],
        'sweep.formats': [],
        'sweep.sightings': (input: InputOf<'sweep.sightings'>) => {
          asked.push(input)
          return { rows: [sighting], next: null, total: 1 }
        },
      }),
    })
    expect(view.text()).toContain('WS01')
    expect(view.text()).toContain('Windows 11')
    expect(view.text()).toContain('line 4')
    await view.get('button[aria-label="Only sightings of WS01"]').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toMatchObject({ id: '1', entityId: '7', indicator: null })
    await view.get('button[aria-label="Only sightings of https://evil.example/a"]').trigger('click')
    await flushPromises()
    expect(asked.at(-1)).toMatchObject({ entityId: '7', indicator: 'i1' })
  })

  it('hands what it matched over to the chain it opens, and to the picture of all of it', async () => {
    const nothing = { nodes: [], edges: [], total: { nodes: 0, edges: 0 }, grouped: [] }
    const around: InputOf<'chain.around'>[] = []
    const engine = fakeEngine({
      'sweep.runs': [run()],
      'sweep.get': run(),
      'sweep.saved': [],
      'sweep.formats': [],
      'sweep.sightings': { rows: [sighting], next: null, total: 1 },
      'sweep.matched': (input: InputOf<'sweep.matched'>) =>
        input.id === '1' ? { ids: ['7', '8'], total: 2 } : { ids: [], total: 0 },
      'chain.around': (input: InputOf<'chain.around'>) => {
        around.push(input)
        const lists = { targetEndpoints: [], firstObserved: [], matched: [], noteworthy: [] }
        return { ...nothing, lists }
      },
      'graph.among': { ...nothing, nodes: [aNode('7', 'endpoint'), aNode('8', 'file')] },
    })
    const { view } = await mountView(SweepScreen, { engine })
    const ways = view.findAll('button[aria-label="Chain around WS01"]')
    expect(ways).toHaveLength(2)
    for (const way of ways) {
      await way.trigger('click')
      await flushPromises()
    }
    expect(around).toMatchObject([
      { entity: '7', matched: ['7', '8'] },
      { entity: '7', matched: ['7', '8'] },
    ])
    expect(useNavigationStore().screenId).toBe('graph')
    await view
      .findAll('button')
      .find((one) => one.text() === 'Show in the graph')
      ?.trigger('click')
    await flushPromises()
    expect(useGraphStore().picture.slice.nodes.map(({ id, marks }) => [id, marks])).toEqual([
      ['7', ['matched']],
      ['8', ['matched']],
    ])
  })

  it('accounts for every sighting: with nobody known, and not kept', async () => {
    const many = run({
      counts: { ...counts, sightings: 6080 },
      indicators: criteria.indicators.map((one) => ({
        ...one,
        sightings: one.supported ? 6080 : 0,
        kept: one.supported ? 5000 : 0,
        firstAt: null,
        lastAt: null,
      })),
    })
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [many],
        'sweep.get': many,
        'sweep.saved': [],
        'sweep.formats': [],
        'sweep.sightings': { rows: [], next: null, total: 0 },
      }),
    })
    expect(view.findAll('tfoot tr').map((row) => row.findAll('td')[1]?.text())).toEqual(['4,997', '1,080'])
  })

  it('does not say of each what is true of all together', async () => {
    const nothing = run({
      counts: { ...counts, matched: 0, sightings: 0 },
      matches: [],
      criteria: { ...criteria, tree: { all: [{ indicator: 'i1' }, { indicator: 'i2' }] } },
    })
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [nothing],
        'sweep.get': nothing,
        'sweep.saved': [],
        'sweep.formats': [],
      }),
    })
    expect(view.text()).toContain('holds all of them together')
    expect(view.text()).not.toContain('Nothing in this case holds any of these')
  })

  it('says that nothing was seen, and what that means', async () => {
    const nothing = run({ counts: { ...counts, matched: 0, sightings: 0 }, matches: [] })
    const { view } = await mountView(SweepScreen, {
      engine: fakeEngine({
        'sweep.runs': [nothing],
        'sweep.get': nothing,
        'sweep.saved': [],
        'sweep.formats': [],
        'sweep.sightings': { rows: [], next: null, total: 0 },
      }),
    })
    expect(view.text()).toContain('No sighting')
    expect(view.text()).toContain('What is not in the evidence cannot be found')
  })
})

describe('criteria', () => {
  it('are nested when some must come together', () => {
    expect(isNested(criteria.tree)).toBe(false)
    expect(isNested({ any: [{ all: [{ indicator: 'i1' }, { indicator: 'i2' }] }] })).toBe(true)
    expect(isNested({ all: [{ indicator: 'i1' }] })).toBe(false)
  })
})
