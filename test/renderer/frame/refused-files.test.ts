import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import RefusedFiles from '../../../renderer/frame/refused-files.vue'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const refused = (name: string, code: string) => ({ name, code, params: { name }, grant: `g-${name}` })

describe('files that were not taken', () => {
  it('say one reason once, however many it is true of, and ask about the others when they are unfolded', async () => {
    const engine = fakeEngine({
      'evidence.inspect': { code: 'evidence.unreadable', params: { name: '', reason: '' } },
      'evidence.formats': [],
    })
    const files = [
      refused('empty.csv', 'evidence.empty'),
      ...Array.from({ length: 60 }, (_, index) => refused(`rule-${index}.yml`, 'evidence.unrecognised')),
    ]
    const { view } = await mountView(RefusedFiles, { engine, props: { files } })
    expect(view.findAll('.name').map((cell) => cell.text())).toEqual(['empty.csv', 'rule-0.yml'])
    expect(view.find('summary').text()).toBe('59 more files for the same reason')
    const asked = (): number => engine.calls.filter(({ method }) => method === 'evidence.inspect').length
    expect(asked()).toBe(1)
    await view.find('details').trigger('toggle')
    await flushPromises()
    expect(view.findAll('li').length).toBeGreaterThan(10)
    expect(view.text()).toContain('rule-1.yml')
  })

  it('are each told where they are few', async () => {
    const files = ['a.csv', 'b.csv', 'c.csv'].map((name) => refused(name, 'evidence.empty'))
    const { view } = await mountView(RefusedFiles, { props: { files } })
    expect(view.findAll('.name').map((cell) => cell.text())).toEqual(['a.csv', 'b.csv', 'c.csv'])
    expect(view.find('details').exists()).toBe(false)
  })
})
