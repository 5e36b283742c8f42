import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import { useDropping } from '../../../renderer/frame/use-dropping.ts'
import { browseRequest } from '../../../renderer/frame/use-files.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const Window = defineComponent({ setup: () => (useDropping(), () => h('div', { class: 'inside' })) })

function drop(types: readonly string[]): Event {
  const event = new Event('drop', { bubbles: true, cancelable: true })
  Object.defineProperty(event, 'dataTransfer', { value: { types } })
  document.querySelector('.inside')?.dispatchEvent(event)
  return event
}

describe('what is dropped onto the window', () => {
  it('asks for evidence when it is a file, and leaves a dragged section or column alone', async () => {
    await mountView(Window, { engine: fakeEngine() })
    expect(drop(['text/plain']).defaultPrevented).toBe(false)
    await flushPromises()
    expect(browseRequest.value).toBeNull()
    expect(drop(['Files']).defaultPrevented).toBe(true)
    await flushPromises()
    expect(browseRequest.value).not.toBeNull()
    browseRequest.value?.answer([])
  })
})
