import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { useCommandStore } from '../../../renderer/stores/commands.ts'
import { readLayout, useEventColumnStore } from '../../../renderer/stores/event-columns.ts'
import { useTimelineStore } from '../../../renderer/stores/timeline.ts'
import { useTimeWindowStore } from '../../../renderer/stores/time-window.ts'
import { useWorkStore } from '../../../renderer/stores/work.ts'
import { CountSum } from '../../../renderer/views/timeline/counts.ts'
import { itemAt, placeOfRow } from '../../../renderer/views/timeline/group-rows.ts'
import { readState } from '../../../renderer/views/timeline/read-state.ts'
import TimelineScreen from '../../../renderer/views/timeline/timeline-screen.vue'
import { anEvent, fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const press = (element: Element, key: string, more: KeyboardEventInit = {}): boolean =>
  element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
const heads = (): string[] =>
  [...document.querySelectorAll('[role="columnheader"] .name')].map((head) => head.textContent.trim())

describe('the grid of events', () => {
  it('moves, widens, pins and hides columns by keyboard and menu, and remembers it', async () => {
    await mountView(TimelineScreen)
    const columns = useEventColumnStore()
    expect(heads()[1]).toContain('Time')
    const kind = [...document.querySelectorAll('[role="columnheader"] .name')][2] as HTMLElement
    const width = columns.sizeOf('kind')
    press(kind, 'ArrowLeft', { ctrlKey: true, shiftKey: true })
    press(kind, 'ArrowRight', { shiftKey: true })
    await flushPromises()
    expect(heads()[1]).toBe('Event')
    expect(columns.sizeOf('kind')).toBe(width + 16)
    columns.pin('user', true)
    columns.show('endpoint', false)
    await flushPromises()
    expect(heads()[0]).toBe('User')
    expect(heads()).not.toContain('Endpoint')
    expect(JSON.parse(localStorage.getItem('redthread.timeline.columns') ?? '')).toMatchObject({
      pinned: ['user'],
    })
  })

  it('drops a column where it is dragged to', async () => {
    await mountView(TimelineScreen)
    const cells = document.querySelectorAll('[role="columnheader"]')
    cells[4]?.dispatchEvent(new Event('dragstart', { bubbles: true }))
    cells[1]?.dispatchEvent(new Event('dragover', { bubbles: true, cancelable: true }))
    cells[1]?.dispatchEvent(new Event('drop', { bubbles: true, cancelable: true }))
    await flushPromises()
    expect(useEventColumnStore().shown.slice(0, 3)).toEqual(['marks', 'user', 'time'])
  })

  it('sorts by a head, by several with Shift, and asks the engine in that order', async () => {
    const { engine } = await mountView(TimelineScreen)
    const names = [...document.querySelectorAll<HTMLElement>('[role="columnheader"] .name')]
    names[3]?.click()
    names[1]?.dispatchEvent(new MouseEvent('click', { shiftKey: true, bubbles: true }))
    await flushPromises()
    expect(engine.calls.findLast(({ method }) => method === 'event.search')?.input).toMatchObject({
      sort: [
        { by: 'endpoint', descending: false },
        { by: 'time', descending: false },
      ],
      brief: true,
    })
    expect(document.querySelectorAll('[aria-sort="ascending"]')).toHaveLength(2)
  })

  it('fills the lines it has anew when others scroll into sight', async () => {
    const rows = Array.from({ length: 100 }, (_, index) => anEvent(String(index + 1)))
    const engine = fakeEngine({
      'event.search': { ...page(rows), next: '1:1', chips: [], searched: null },
    })
    const { role } = await mountView(TimelineScreen, { engine })
    const grid = role('grid', 'Timeline')
    const lines = () => [...document.querySelectorAll<HTMLElement>('.event-line')]
    const before = new Set(lines())
    expect(document.getElementById('row-1')).not.toBeNull()
    grid.scrollTop = 26 * 64
    grid.dispatchEvent(new Event('scroll'))
    await flushPromises()
    expect(document.getElementById('row-1')).toBeNull()
    expect(document.getElementById('row-65')).not.toBeNull()
    expect(lines().filter((line) => before.has(line)).length).toBeGreaterThan(lines().length / 2)
  })

  it('picks rows with Space for the marks, and narrows by the cell one stands on', async () => {
    const engine = fakeEngine({
      'event.search': {
        ...page([anEvent('11'), anEvent('12')]),
        chips: [],
        searched: null,
      },
    })
    const { role } = await mountView(TimelineScreen, { engine })
    const grid = role('grid', 'Timeline')
    for (const key of ['j', ' ', 'j', ' ']) {
      press(grid, key)
      await flushPromises()
    }
    expect(useWorkStore().selection.map(({ id }) => id)).toEqual(['11', '12'])
    // From the summary two to the left: the endpoint.
    for (const key of ['ArrowLeft', 'ArrowLeft']) {
      press(grid, key)
      await flushPromises()
    }
    press(grid, '-')
    await flushPromises()
    expect(useTimelineStore().text).toMatch(/^-host\.name:/)
  })

  it('lets marks stand on the row one walked to, and on the rows that are picked where there are some', async () => {
    const engine = fakeEngine({
      'event.search': { ...page([anEvent('1'), anEvent('2')]), chips: [], searched: null },
    })
    await mountView(TimelineScreen, { engine })
    const grid = document.querySelector('[role="grid"]') as HTMLElement
    const work = useWorkStore()
    press(grid, 'j')
    press(grid, 'j')
    await flushPromises()
    expect(work.targets).toEqual([{ kind: 'event', id: '2' }])
    press(grid, ' ')
    press(grid, 'k')
    await flushPromises()
    expect(work.targets).toEqual([{ kind: 'event', id: '2' }])
  })

  it('offers every action of its menu in the palette, the pivot among them', async () => {
    const { role } = await mountView(TimelineScreen)
    press(role('grid', 'Timeline'), 'j')
    await flushPromises()
    const commands = useCommandStore()
    const offered = new Set(commands.all.map(({ id }) => id))
    expect(commands.context.every(({ id }) => offered.has(id))).toBe(true)
    commands.all.find(({ id }) => id === 'timeline-around-5')?.run()
    const span = useTimeWindowStore()
    expect(Date.parse(span.to ?? '') - Date.parse(span.from ?? '')).toBe(10 * 60_000)
    press(role('grid', 'Timeline'), 'F10', { shiftKey: true })
    expect(commands.menuAt).not.toBeNull()
  })

  it('shows rows as a long search finds them', async () => {
    const engine = fakeEngine({
      'event.search': ({ cursor }) =>
        cursor == null
          ? { rows: [], next: '5:1', total: null, chips: [], searched: 0.25 }
          : { rows: [anEvent('77')], next: null, total: null, chips: [], searched: null },
    })
    await mountView(TimelineScreen, { engine })
    await flushPromises()
    expect(document.querySelector('#row-77')).not.toBeNull()
  })
})

describe('what the Timeline keeps', () => {
  it('takes only columns, sizes and filters that make sense', () => {
    expect(
      readLayout({ shown: ['time', 'no-such', 'time', 7], pinned: ['kind'], sizes: { time: 1e9, kind: 90 } }),
    ).toEqual({
      shown: ['time'],
      pinned: [],
      sizes: { kind: 90 },
    })
    expect(readLayout('x').shown).toContain('summary')
    expect(
      readState({
        text: 4,
        kinds: ['logon', 'x'],
        endpoint: [
          { id: '1; DROP', name: 'a' },
          { id: '5', name: 'b' },
        ],
        lanes: 'rows',
        from: null,
      }),
    ).toMatchObject({ text: '', kinds: ['logon'], endpoint: [{ id: '5', name: 'b' }], lanes: null, sort: [] })
  })

  it('adds up what comes in pieces', () => {
    const sum = new CountSum()
    const piece = {
      bucketSeconds: 60,
      from: null,
      to: null,
      total: 2,
      undated: 1,
      kinds: [{ kind: 'logon' as const, count: 2 }],
      buckets: [
        { at: 'b', count: 1 },
        { at: 'a', count: 1 },
      ],
      groups: [{ by: 'user' as const, values: [{ id: '1', name: 'x', count: 2 }] }],
      lanes: [],
      done: 0.5,
      next: 'n',
    }
    sum.add(piece)
    sum.add({ ...piece, done: 1, next: null })
    expect(sum.sum()).toMatchObject({
      total: 4,
      undated: 2,
      isWhole: true,
      buckets: [
        { at: 'a', count: 2 },
        { at: 'b', count: 2 },
      ],
      kinds: [{ kind: 'logon', count: 4 }],
    })
    expect(sum.sum().groups.get('user')).toEqual([{ id: '1', name: 'x', count: 4 }])
  })

  it('puts heads above the rows of a group, wherever one looks', () => {
    const head = (first: number) => ({ value: String(first), name: '', count: null, first, isFolded: false })
    const all = [head(0), head(3), head(4)]
    const lines = Array.from({ length: 9 }, (_, line) => itemAt(line, all)).map(
      ({ head: one, row }) => one?.first ?? `r${row}`,
    )
    expect(lines).toEqual([0, 'r0', 'r1', 'r2', 3, 'r3', 4, 'r4', 'r5'])
    for (const row of [0, 2, 3, 5]) expect(itemAt(placeOfRow(row, all), all).row).toBe(row)
  })
})
