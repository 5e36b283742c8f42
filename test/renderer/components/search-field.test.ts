import { afterEach, describe, expect, it } from 'vitest'
import SearchField from '../../../renderer/components/search-field.vue'
import { mountView } from '../mount-view.ts'

const heard: string[] = []
const hear = (event: KeyboardEvent): void => void heard.push(event.key)
afterEach(() => {
  window.removeEventListener('keydown', hear)
  heard.length = 0
})

describe('a search box', () => {
  it('is emptied by the first Esc and lets the second one out, so that the window leaves the field', async () => {
    const { view } = await mountView(SearchField, { props: { label: 'Search events', modelValue: 'logon' } })
    window.addEventListener('keydown', hear)
    const input = view.get('input')
    await input.trigger('keydown', { key: 'Escape' })
    expect(input.element.value).toBe('')
    expect(view.emitted('update:modelValue')).toEqual([['']])
    expect(heard).toEqual([])
    await input.trigger('keydown', { key: 'Escape' })
    expect(heard).toEqual(['Escape'])
    expect(view.emitted('update:modelValue')).toHaveLength(1)
  })
})
