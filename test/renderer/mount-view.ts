import { config, enableAutoUnmount, flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, expect } from 'vitest'
import type { Component } from 'vue'
import { withPrefix } from '../../core/locale/format.ts'
import { relationTexts } from '../../core/locale/relation.texts.ts'
import { connect } from '../../renderer/client/client.ts'
import { createTranslator, mergeEngineMessages } from '../../renderer/i18n/i18n.ts'
import { useCaseStore } from '../../renderer/stores/case.ts'
import { useNavigationStore } from '../../renderer/stores/navigation.ts'
import { screens } from '../../renderer/views/registry.ts'
import { fakeEngine, type FakeEngine } from '../support/fake-engine.ts'

enableAutoUnmount(afterEach)
// What Vue warns of (a component not imported, a property of the wrong kind) is a defect of the screen.
const warnings: string[] = []
config.global.config = {
  warnHandler: (message, _instance, trace) => void warnings.push(`${message}${trace}`),
}
afterEach(() => expect(warnings.splice(0)).toEqual([]))
// happy-dom lays nothing out; virtual lists need to know that there is room.
Object.defineProperties(HTMLElement.prototype, {
  clientWidth: { configurable: true, get: () => 800 },
  clientHeight: { configurable: true, get: () => 600 },
})

export interface Mounted {
  readonly view: VueWrapper
  readonly engine: FakeEngine
  /** The element with this role whose accessible name contains the text. */
  role(role: string, name: string): HTMLElement
}

interface MountOptions {
  readonly engine?: FakeEngine
  readonly props?: Record<string, unknown>
  readonly lang?: string
  /** What the engine would bring beside the words of relations: those of errors, rules and the like, by whole keys. */
  readonly engineTexts?: Readonly<Record<string, string>>
}

/** Mounts a component as the app would: client, stores, words, an open case. */
export async function mountView(component: Component, options: MountOptions = {}): Promise<Mounted> {
  localStorage.clear()
  const engine = options.engine ?? fakeEngine()
  connect(engine)
  const pinia = createPinia()
  setActivePinia(pinia)
  useNavigationStore().start(screens.map((screen) => screen.id))
  await useCaseStore().start()
  const lang = options.lang ?? 'en'
  const translator = createTranslator(lang, screens)
  const relations = withPrefix('relation.kind', relationTexts, lang)
  mergeEngineMessages(translator, lang, { ...relations, ...options.engineTexts })
  const view = mount(component, {
    props: options.props ?? {},
    global: { plugins: [pinia, translator] },
    attachTo: document.body,
  })
  await flushPromises()
  return { view, engine, role: findRole }
}

const IMPLICIT = new Map([
  ['button', 'button'],
  ['table', 'table'],
  ['textbox', 'input'],
  ['heading', 'h1,h2,h3'],
])

function findRole(role: string, name: string): HTMLElement {
  const selector = [`[role="${role}"]`, ...(IMPLICIT.has(role) ? [IMPLICIT.get(role)] : [])].join(',')
  for (const element of document.querySelectorAll<HTMLElement>(selector)) {
    const own = element.getAttribute('aria-label') ?? element.textContent
    if (own.replaceAll(/\s+/gu, ' ').includes(name)) return element
  }
  throw new Error(`no ${role} named "${name}" in: ${document.body.textContent.slice(0, 2000)}`)
}
