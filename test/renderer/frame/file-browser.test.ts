import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import FileBrowser from '../../../renderer/frame/file-browser.vue'
import { browseRequest, type BrowseRequest } from '../../../renderer/frame/use-files.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const HOME = '/home/mira'

/** A picker whose first folder takes its time. */
async function slowPicker() {
  const fake = fakeEngine({
    'file.list': ({ path }) => ({ path: path ?? HOME, parent: '/', entries: [] }),
  })
  let listed: () => void = () => undefined
  const isHomeRead = new Promise<void>((resolve) => {
    listed = resolve
  })
  const engine: typeof fake = {
    ...fake,
    call: async (method, input) => {
      if (method === 'file.list' && (input as { path: string | null }).path === null) await isHomeRead
      return fake.call(method, input)
    },
  }
  const request: BrowseRequest = { purpose: 'evidence', answer: () => undefined }
  browseRequest.value = request
  await mountView(FileBrowser, { engine, props: { request: browseRequest.value } })
  const address = document.querySelector<HTMLInputElement>('form.path input')!
  const type = (text: string): void => {
    address.value = text
    address.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const go = (): void => void document.querySelector('form.path')!.dispatchEvent(new Event('submit'))
  return { engine, address, type, go, listed }
}

describe('the in-app picker', () => {
  it('leaves what is being typed when the folder it opened with is listed', async () => {
    const { engine, address, type, go, listed } = await slowPicker()
    type('/evidence/case 7')
    listed()
    await flushPromises()
    expect(address.value).toBe('/evidence/case 7')
    go()
    await flushPromises()
    const asked = engine.calls.filter(({ method }) => method === 'file.list')
    expect(asked.at(-1)?.input).toEqual({ path: '/evidence/case 7' })
    expect(address.value).toBe('/evidence/case 7')
  })

  it('says where it is when nobody types', async () => {
    const { address, listed } = await slowPicker()
    listed()
    await flushPromises()
    expect(address.value).toBe(HOME)
  })
})
