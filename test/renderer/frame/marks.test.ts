import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import MarkCell from '../../../renderer/components/mark-cell.vue'
import MarkBar from '../../../renderer/frame/mark-bar.vue'
import MarkDialog from '../../../renderer/frame/mark-dialog.vue'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
import { useSettingsStore } from '../../../renderer/stores/settings.ts'
import { useWorkStore } from '../../../renderer/stores/work.ts'
import { parseNote } from '../../../renderer/text/note.ts'
import { caseInfo, fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const event = { kind: 'event' as const, id: '11' }
const mark = (type: 'flag' | 'tag' | 'note' | 'verdict', value = '', text = '') => ({
  id: '5',
  type,
  value,
  text,
  at: '2026-03-01T08:00:00Z',
  changedAt: null,
  actor: 'analyst',
})
const answers = (...marks: ReturnType<typeof mark>[]) => ({
  'work.of': marks.length > 0 ? [{ target: event, marks }] : [],
  'work.tags': [{ tag: 'beacon', count: 2 }],
  'work.mark': { ids: ['5'] },
  'work.unmark': { removed: 1 },
})
const inspect = async (): Promise<void> => {
  useInspectorStore().show('event', '11')
  await flushPromises()
}

describe('the mark bar', () => {
  it('stands on what is inspected, and only on what can be marked', async () => {
    const { view } = await mountView(MarkBar, { engine: fakeEngine(answers()) })
    expect(view.find('section').exists()).toBe(false)
    useInspectorStore().show('record', '7:1')
    await flushPromises()
    expect(view.find('section').exists()).toBe(false)
    await inspect()
    expect(view.find('section').exists()).toBe(true)
  })

  it('is not there when the case cannot be changed', async () => {
    const engine = fakeEngine({ ...answers(), 'case.info': { ...caseInfo, readOnly: true } })
    const { view } = await mountView(MarkBar, { engine })
    await inspect()
    expect(view.find('section').exists()).toBe(false)
  })

  it('sets a flag, and takes it off again', async () => {
    const engine = fakeEngine(answers())
    const { role } = await mountView(MarkBar, { engine })
    await inspect()
    role('button', 'Flag').click()
    await flushPromises()
    expect(engine.calls.at(-1)).toMatchObject({
      method: 'work.mark',
      input: { targets: [event], type: 'flag' },
    })
    engine.answer(answers(mark('flag')))
    await useWorkStore().toggle('flag')
    expect(engine.calls.at(-1)).toEqual({ method: 'work.unmark', input: { ids: ['5'] } })
  })

  it('takes a tag by key and field, proposing those in use', async () => {
    const engine = fakeEngine(answers())
    const { view } = await mountView(MarkBar, { engine })
    await inspect()
    useWorkStore().write('tag')
    await flushPromises()
    expect(view.findAll('datalist option')[0]?.attributes('value')).toBe('beacon')
    await view.get('input').setValue(' c2 ')
    await view.get('form').trigger('submit')
    await flushPromises()
    expect(engine.calls.find((call) => call.method === 'work.mark')?.input).toMatchObject({
      type: 'tag',
      value: 'c2',
    })
    expect(view.find('form').exists()).toBe(false)
  })

  it('shows notes and verdicts as text, addresses broken', async () => {
    const engine = fakeEngine(answers(mark('verdict', 'malicious', 'see https://evil.example/a <b>x</b>')))
    const { view } = await mountView(MarkBar, { engine })
    await inspect()
    expect(view.text()).toContain('Verdict: malicious')
    expect(view.text()).toContain('hxxps://evil[.]example/a <b>x</b>')
    expect(view.find('b').exists()).toBe(false)
  })
})

describe('the focus', () => {
  const row = (thing: string): HTMLElement => {
    const stood = document.createElement('div')
    stood.dataset['thing'] = thing
    stood.tabIndex = 0
    const main = document.createElement('main')
    main.append(stood)
    document.body.append(main)
    return stood
  }

  it('goes back to the row when a note is kept in the bar, and when its form is closed', async () => {
    const { view } = await mountView(MarkBar, { engine: fakeEngine(answers()) })
    await inspect()
    const stood = row('event:11')
    for (const end of ['submit', 'keydown.esc']) {
      stood.focus()
      useWorkStore().write('note')
      await flushPromises()
      expect(document.activeElement?.tagName).toBe('TEXTAREA')
      await view.get('textarea').setValue('seen before')
      await view.get('form').trigger(end)
      await flushPromises()
      expect(document.activeElement, end).toBe(stood)
    }
    stood.parentElement?.remove()
  })

  it('goes back to the button of the bar that opened the form', async () => {
    const { view, role } = await mountView(MarkBar, { engine: fakeEngine(answers()) })
    await inspect()
    role('button', 'Verdict').focus()
    role('button', 'Verdict').click()
    await flushPromises()
    await view.get('form').trigger('keydown.esc')
    await flushPromises()
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Verdict')
  })

  it('goes back to the row, drawn anew meanwhile, when a tag is kept in the dialog', async () => {
    const { role } = await mountView(MarkDialog, { engine: fakeEngine(answers()) })
    const before = row('event:12')
    before.focus()
    useWorkStore().select([
      { kind: 'event', id: '11' },
      { kind: 'event', id: '12' },
    ])
    useWorkStore().write('tag')
    await vi.waitUntil(() => document.activeElement?.tagName === 'INPUT')
    before.replaceWith(before.cloneNode(true))
    role('button', 'beacon').click()
    await flushPromises()
    await vi.waitUntil(() => document.activeElement?.getAttribute('data-thing') === 'event:12')
    document.querySelector('main')?.remove()
  })

  it('goes to the next mark, or to the bar, when one is taken away', async () => {
    const engine = fakeEngine(answers(mark('tag', 'c2')))
    const { role } = await mountView(MarkBar, { engine })
    await inspect()
    const button = role('button', 'Remove the tag c2')
    button.focus()
    button.click()
    await flushPromises()
    engine.answer(answers())
    engine.emit({ type: 'store.changed', nouns: ['work'] })
    await vi.waitUntil(() => document.activeElement?.getAttribute('aria-label') === 'Flag')
  })
})

describe('a note', () => {
  it('has paragraphs, lists, code and a few marks', () => {
    expect(parseNote('One **bold** and *soft* `x`\nline\n\n- a\n- **b**\n```\nraw *x*\n```')).toEqual([
      {
        kind: 'paragraph',
        runs: [
          { tag: 'span', text: 'One ' },
          { tag: 'strong', text: 'bold' },
          { tag: 'span', text: ' and ' },
          { tag: 'em', text: 'soft' },
          { tag: 'span', text: ' ' },
          { tag: 'code', text: 'x' },
          { tag: 'span', text: '\nline' },
        ],
      },
      { kind: 'list', items: [[{ tag: 'span', text: 'a' }], [{ tag: 'strong', text: 'b' }]] },
      { kind: 'code', text: 'raw *x*' },
    ])
  })
  it('is text whatever stands in it, and ends in time', () => {
    expect(parseNote('[x](https://evil.example)')).toEqual([
      { kind: 'paragraph', runs: [{ tag: 'span', text: '[x](hxxps://evil[.]example)' }] },
    ])
    expect(parseNote('*'.repeat(20_000)).length).toBe(1)
    expect(parseNote('')).toEqual([])
  })
})

describe('marks on picked rows', () => {
  const rows = [
    { kind: 'event' as const, id: '11' },
    { kind: 'event' as const, id: '12' },
  ]

  it('stand on all of them at once, and come off when all have one', async () => {
    const engine = fakeEngine(answers())
    await mountView(MarkBar, { engine })
    useWorkStore().select(rows)
    await useWorkStore().toggle('flag')
    expect(engine.calls.at(-1)).toMatchObject({
      method: 'work.mark',
      input: { targets: rows, type: 'flag' },
    })
    engine.answer({
      ...answers(),
      'work.of': rows.map((target, at) => ({ target, marks: [{ ...mark('flag'), id: String(at + 5) }] })),
    })
    await useWorkStore().toggle('flag')
    expect(engine.calls.at(-1)).toMatchObject({ method: 'work.unmark', input: { ids: ['5', '6'] } })
  })

  it('are forgotten when something else is inspected', async () => {
    await mountView(MarkBar, { engine: fakeEngine(answers()) })
    useWorkStore().select(rows)
    useInspectorStore().show('entity', '7')
    await flushPromises()
    expect(useWorkStore().targets).toEqual([{ kind: 'entity', id: '7' }])
  })

  it('are written in a dialog, which says on how many rows', async () => {
    const engine = fakeEngine(answers())
    const { role } = await mountView(MarkDialog, { engine })
    useWorkStore().select(rows)
    useWorkStore().write('tag')
    await flushPromises()
    expect(role('dialog', '').textContent).toContain('Stands on 2 rows.')
    role('button', 'beacon').click()
    await flushPromises()
    expect(engine.calls.find(({ method }) => method === 'work.mark')).toMatchObject({
      input: { targets: rows, type: 'tag', value: 'beacon' },
    })
    expect(useWorkStore().writing).toBeNull()
  })

  it('offer the tags the analyst keeps', async () => {
    const { view } = await mountView(MarkDialog, { engine: fakeEngine(answers()) })
    useSettingsStore().tagPresets = ['own tag']
    useWorkStore().select(rows)
    useWorkStore().write('tag')
    await flushPromises()
    expect(document.body.textContent).toContain('own tag')
    expect(document.body.textContent).not.toContain('lateral movement')
    view.unmount()
  })
})

describe('a cell of marks', () => {
  it('says in words what its signs show, and is empty without any', async () => {
    const { view } = await mountView(MarkCell, {
      props: { marks: [mark('flag'), mark('verdict', 'malicious', 'why'), mark('tag', 'c2')] },
    })
    expect(view.text().replaceAll(/\s+/gu, ' ')).toContain('Flag · Verdict: malicious · c2')
    const empty = await mountView(MarkCell, { props: { marks: undefined } })
    expect(empty.view.text()).toBe('')
  })
})
