import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import FileBrowser from '../../../renderer/frame/file-browser.vue'
import { lastFolders } from '../../../renderer/frame/last-folders.ts'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { browseRequest, type BrowseRequest } from '../../../renderer/frame/use-files.ts'
import { fakeEngine } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const HOME = '/home/mira'
beforeEach(() => lastFolders.clear())

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

describe('a folder of the in-app picker', () => {
  const entry = (name: string, isFolder = false) => ({
    name,
    path: `/ev/${name}`,
    isFolder,
    bytes: isFolder ? null : 5,
  })
  async function picker(purpose: BrowseRequest['purpose'], more: Parameters<typeof fakeEngine>[0] = {}) {
    const engine = fakeEngine({
      'file.list': ({ path }) => ({
        path: path ?? '/ev',
        parent: '/',
        entries: [entry('logs', true), entry('a.evtx'), entry('report.html')],
      }),
      ...more,
    })
    browseRequest.value = { purpose, answer: () => undefined }
    const { view } = await mountView(FileBrowser, { engine, props: { request: browseRequest.value } })
    await flushPromises()
    const asked = () => engine.calls.filter(({ method }) => method === 'file.list').map(({ input }) => input)
    const row = (name: string) =>
      [...document.querySelectorAll<HTMLButtonElement>('button.entry')].find((one) =>
        one.textContent.includes(name),
      )!
    return { view, asked, row, text: () => document.body.textContent.replaceAll(/\s+/gu, ' ') }
  }
  it('shows its files where a folder is to be chosen, so that one sees that it is the right one', async () => {
    const { row, text } = await picker('evidence-folder')
    expect(row('a.evtx').disabled).toBe(true)
    expect(row('logs').disabled).toBe(false)
    expect(text()).toContain('This folder: ev, 2 files right in it')
  })

  it('is where the picker opens the next time, apart for reading and writing', async () => {
    const first = await picker('evidence')
    first.row('logs').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))
    await flushPromises()
    first.view.unmount()
    const second = await picker('indicators')
    expect(second.asked()).toEqual([{ path: '/ev/logs' }])
    second.view.unmount()
    expect((await picker('report-pdf')).asked()).toEqual([{ path: null }])
  })

  it('that is gone meanwhile is not insisted on', async () => {
    lastFolders.set('read', '/gone')
    const { asked } = await picker('evidence', {
      'file.list': ({ path }) => {
        if (path === '/gone')
          throw new WorkbenchError('evidence.unreadable', { name: 'gone', reason: 'ENOENT' })
        return { path: '/home', parent: null, entries: [] }
      },
    })
    expect(asked()).toEqual([{ path: '/gone' }, { path: null }])
  })

  it('says before a file is written over that it will be', async () => {
    const { view, text } = await picker('report-html')
    const name = document.querySelector<HTMLInputElement>('label input.control')!
    expect(name.value).toBe('report.html')
    expect(text()).toContain('will be replaced')
    expect(text()).toContain('Replace')
    name.value = 'other'
    name.dispatchEvent(new Event('input', { bubbles: true }))
    await flushPromises()
    expect(text()).not.toContain('will be replaced')
    view.unmount()
  })
})
