import { describe, expect, it, vi } from 'vitest'
import { defineComponent, ref } from 'vue'
import { useKeptFocus } from '../../../renderer/frame/use-kept-focus.ts'
import { mountView } from '../mount-view.ts'
import { fakeEngine } from '../../support/fake-engine.ts'

const hasMore = ref(true)
const isOpen = ref(true)
const Window = defineComponent({
  setup() {
    useKeptFocus()
    return { hasMore, isOpen }
  },
  template: `<div class="frame"><main tabindex="-1"><section class="list"><p><button v-if="hasMore" id="more">More</button></p></section>
    <button id="run">Run</button></main><aside v-if="isOpen"><button id="hide">Hide</button></aside></div>`,
})
const at = (id: string) => document.querySelector<HTMLElement>(`#${id}`)
const mount = async () => {
  hasMore.value = true
  isOpen.value = true
  await mountView(Window, { engine: fakeEngine() })
}

describe('the keyboard keeps its place', () => {
  it('where the control it stands on is taken away: within what is left around it, else on the screen', async () => {
    await mount()
    at('more')?.focus()
    hasMore.value = false
    await vi.waitFor(() => expect(document.activeElement?.tagName).toBe('P'))
    at('hide')?.focus()
    isOpen.value = false
    await vi.waitFor(() => expect(document.activeElement?.closest('main')).not.toBeNull())
  })

  it('where a control is moved to another place, as a section of the report', async () => {
    await mount()
    at('run')?.focus()
    const main = document.querySelector('main')
    const run = at('run')
    if (run) main?.prepend(run)
    // Browsers take the focus off what is moved.
    run?.blur()
    await vi.waitFor(() => expect(document.activeElement).toBe(at('run')))
  })

  it('but not where somebody clicked beside it', async () => {
    await mount()
    at('run')?.focus()
    at('run')?.blur()
    at('more')?.setAttribute('disabled', '')
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(document.activeElement).toBe(document.body)
  })
})
