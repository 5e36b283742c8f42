import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import App from '../../../renderer/app.vue'
import { createTranslator } from '../../../renderer/i18n/i18n.ts'
import { useCaseStore } from '../../../renderer/stores/case.ts'
import { setLink } from '../../../renderer/client/link.ts'
import { useNoticeStore } from '../../../renderer/stores/notices.ts'
import { useCommandStore } from '../../../renderer/stores/commands.ts'
import { useImportStore } from '../../../renderer/stores/imports.ts'
import { useJobStore } from '../../../renderer/stores/jobs.ts'
import { useNavigationStore } from '../../../renderer/stores/navigation.ts'
import { useSettingsStore } from '../../../renderer/stores/settings.ts'
import { screens } from '../../../renderer/views/registry.ts'
import { caseInfo, entities, fakeEngine, page } from '../../support/fake-engine.ts'
import { mountView } from '../mount-view.ts'

const search = {
  'entity.search': page([
    {
      ...entities.user,
      firstSeenAt: null,
      lastSeenAt: null,
      attributes: {},
      relations: 4,
      risk: null,
      aliases: [],
    },
  ]),
}
const shell = (answers = {}) => {
  const engine = fakeEngine({ 'evidence.list': [], ...search, ...answers })
  return mountView(App, { engine, props: { translator: createTranslator('en', screens) } })
}
const press = (key: string, more: KeyboardEventInit = {}): boolean =>
  document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))

describe('the search index', () => {
  it('is told about while it is being built, and no longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      let share = 0.42
      await shell({ 'event.index': () => ({ share }) })
      const foot = () => document.querySelector('footer')?.textContent ?? ''
      expect(foot()).toContain('Search index 42%')
      share = 1
      await vi.advanceTimersByTimeAsync(2_000)
      await flushPromises()
      expect(foot()).not.toContain('Search index')
    } finally {
      vi.useRealTimers()
    }
  })

  it('is not waited for in a case that is only read', async () => {
    const engine = fakeEngine({ 'event.index': { share: 0.1 }, 'case.info': { ...caseInfo, readOnly: true } })
    await mountView(App, { engine, props: { translator: createTranslator('en', screens) } })
    expect(engine.calls.some((call) => call.method === 'event.index')).toBe(false)
  })
})

describe('an engine that is gone', () => {
  it('is told once, above everything, and the banner goes when it answers again', async () => {
    const { view } = await shell()
    setLink('host.gone')
    useNoticeStore().error({ code: 'host.gone', params: {} })
    await flushPromises()
    expect(view.findAll('[role="alert"]').map((one) => one.text())).toEqual([
      expect.stringContaining('Redthread is not running any more'),
    ])
    setLink('host.token')
    await flushPromises()
    expect(view.find('[role="alert"]').text()).toContain('an earlier start of Redthread')
    setLink(null)
    await flushPromises()
    expect(view.find('[role="alert"]').exists()).toBe(false)
  })
})

describe('notices', () => {
  it('that are equal stand there once, with how often', async () => {
    const { view } = await shell()
    for (let at = 0; at < 3; at++) useNoticeStore().error({ code: 'job.busy', params: {} })
    useNoticeStore().error({ code: 'case.none_open', params: {} })
    await flushPromises()
    expect(view.findAll('.notices li').map((one) => one.text().includes('(3 times)'))).toEqual([true, false])
  })
})

describe('a case file that is gone', () => {
  it('is told as soon as the window has the focus again, and work goes on in a copy', async () => {
    const saved = { grant: 'g9', name: 'copy.redthread', bytes: 0, isFolder: false }
    const { view, engine, role } = await shell({
      'host.info': { host: 'desktop', files: 'native', version: '0.1.0' },
      'file.pick': [saved],
      'case.copy': { path: '/x/copy.redthread' },
      'case.open': { ...caseInfo, name: 'copy.redthread' },
    })
    expect(view.find('[role="alert"]').exists()).toBe(false)
    engine.answer({ 'case.info': { ...caseInfo, isGone: true } })
    window.dispatchEvent(new Event('focus'))
    await flushPromises()
    expect(view.find('[role="alert"]').text()).toContain('heron.redthread was moved or deleted')
    role('button', 'Save a copy').click()
    await flushPromises()
    expect(engine.calls.find(({ method }) => method === 'case.copy')?.input).toEqual({ grant: 'g9' })
    expect(view.find('.banner[role="alert"]').exists()).toBe(false)
    expect(view.text()).toContain('Work goes on in copy.redthread')
  })
})

describe('the frame', () => {
  it('begins with the choice of a case when none is open', async () => {
    const { view } = await shell({ 'case.info': null })
    expect(view.text()).toContain('Begin a new case')
    expect(view.find('nav').exists()).toBe(false)
  })

  it('names every screen in the rail and goes there with g and a letter', async () => {
    const { view } = await shell()
    const words = view.findAll('nav button').map((button) => button.text())
    expect(words).toEqual(expect.arrayContaining(['Overview', 'Evidence', 'Graph', 'Timeline', 'Mail']))
    expect(words).toHaveLength(screens.length)
    expect(words.filter((word) => word === '' || word.startsWith('screen.'))).toEqual([])
    press('g')
    press('e')
    await flushPromises()
    expect(useNavigationStore().screenId).toBe('evidence')
  })

  it('gives every screen its own letter', () => {
    expect(new Set(screens.map((screen) => screen.shortcut)).size).toBe(screens.length)
  })

  it('takes no key away from a field one types in', async () => {
    const { view } = await shell()
    const field = document.createElement('input')
    view.element.parentElement?.append(field)
    const before = useNavigationStore().screenId
    for (const key of ['g', 't']) field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
    expect(useNavigationStore().screenId).toBe(before)
    field.remove()
  })

  it('finds entities and commands with Ctrl+K and opens the first with Enter', async () => {
    await shell({
      'entity.get': {
        ...entities.user,
        firstSeenAt: null,
        lastSeenAt: null,
        attributes: {},
        relations: 0,
        risk: null,
        aliases: [],
      },
      'relation.list': page([]),
    })
    press('k', { ctrlKey: true })
    await vi.waitUntil(() => document.querySelector('[role="combobox"]'))
    const box = document.querySelector<HTMLInputElement>('[role="combobox"]')
    if (!box) throw new Error('no palette')
    box.value = 'mira'
    box.dispatchEvent(new Event('input'))
    await flushPromises()
    expect(document.querySelector('[role="listbox"]')?.textContent).toContain('Mira Okafor')
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await flushPromises()
    expect(document.querySelector('aside')?.textContent).toContain('Mira Okafor')
  })

  it('offers commands whose words were typed before a search, and those that hold it somewhere after it', async () => {
    await shell({ 'entity.search': page([]) })
    press('k', { ctrlKey: true })
    await vi.waitUntil(() => document.querySelector('[role="combobox"]'))
    const offered = async (typed: string): Promise<string[]> => {
      const field = document.querySelector<HTMLInputElement>('[role="combobox"]')!
      field.value = typed
      field.dispatchEvent(new Event('input'))
      await flushPromises()
      return [...document.querySelectorAll('[role="option"]')].map(({ id }) => id.replace('palette-', ''))
    }
    expect((await offered('dark'))[0]).toBe('theme-dark')
    expect((await offered('dark the'))[0]).toBe('theme-dark')
    expect((await offered('arc'))[0]).toBe('search-events')
    const inside = await offered('heme')
    expect(inside.indexOf('theme-dark')).toBeGreaterThan(inside.indexOf('search-mail'))
    expect((await offered('dark'))[0]).toBe('theme-dark')
    document
      .querySelector('[role="combobox"]')
      ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }))
    await vi.waitUntil(() => useSettingsStore().theme === 'dark')
  })

  it('leaves all keys but Esc to a modal dialog', async () => {
    await shell()
    useImportStore().openDialog()
    await vi.waitUntil(() => document.querySelector('[role="dialog"]'))
    const screen = useNavigationStore().screenId
    for (const key of ['k', 'f', 'o', 'i']) expect(press(key, { ctrlKey: true }), key).toBe(false)
    for (const key of ['?', '/', 'g', 't', ']']) press(key)
    press('ArrowLeft', { altKey: true })
    await flushPromises()
    expect(document.querySelectorAll('[role="dialog"]')).toHaveLength(1)
    expect(useCommandStore().isPaletteOpen).toBe(false)
    expect(useCommandStore().isCheatSheetOpen).toBe(false)
    expect(useNavigationStore().screenId).toBe(screen)
    press('Escape')
    await vi.waitUntil(() => document.querySelector('[role="dialog"]') === null)
  })

  it('begins the import dialog at its choice of files, and at the import once files are chosen', async () => {
    await shell()
    const imports = useImportStore()
    imports.openDialog()
    await vi.waitUntil(() => document.activeElement?.textContent.includes('Choose files'))
    imports.isDialogOpen = false
    await vi.waitUntil(() => document.querySelector('[role="dialog"]') === null)
    imports.openDialog([{ grant: 'g', name: 'a.evtx', bytes: 1, isFolder: false }])
    await vi.waitUntil(() => document.activeElement?.textContent.trim() === 'Import')
  })

  it('shows a running job with its progress and cancels it', async () => {
    const { engine, role } = await shell({ 'job.cancel': {} })
    useJobStore().start()
    engine.emit({
      type: 'job.progress',
      jobId: '9',
      method: 'evidence.import',
      progress: 0.4,
      eta: 90,
      step: null,
      counters: { records: 1200 },
    })
    await flushPromises()
    const status = role('status', 'Importing evidence')
    expect(status.textContent).toContain('40%')
    expect(status.textContent).toContain('2 min left')
    expect(status.textContent).toContain('1,200 records')
    role('button', 'Cancel').click()
    await flushPromises()
    expect(engine.calls.at(-1)).toEqual({ method: 'job.cancel', input: { id: '9' } })
    engine.emit({
      type: 'job.ended',
      jobId: '9',
      method: 'evidence.import',
      status: 'cancelled',
      error: null,
    })
    await flushPromises()
    expect(document.querySelector('footer')?.textContent).toContain('No job is running')
  })

  it('asks for the words of the language one changes to', async () => {
    const { engine } = await shell()
    useSettingsStore().language = 'ja'
    await flushPromises()
    expect(engine.calls.at(-1)).toEqual({ method: 'locale.messages', input: { lang: 'ja' } })
    expect(document.documentElement.lang).toBe('ja')
  })

  it('goes back to the start when the case is closed', async () => {
    const { engine, view } = await shell()
    engine.emit({ type: 'case.closed' })
    await flushPromises()
    expect(useCaseStore().isOpen).toBe(false)
    expect(view.text()).toContain('Begin a new case')
  })
})
