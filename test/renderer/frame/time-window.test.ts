import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import TimeWindow from '../../../renderer/frame/time-window.vue'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

it('the time window says which screens keep to it', async () => {
  const { view } = await mountView(TimeWindow, { engine: fakeEngine() })
  await view.get('button').trigger('click')
  await flushPromises()
  expect(document.body.textContent).toContain('the other screens show all times')
})
