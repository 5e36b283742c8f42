import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import MarkBar from '../../../renderer/frame/mark-bar.vue'
import { useInspectorStore } from '../../../renderer/stores/inspector.ts'
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
