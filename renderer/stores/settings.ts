import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { preferredLanguage } from '../i18n/i18n.ts'

export const THEMES = ['dark', 'light', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

/** Preferences of this machine: language, theme, panel sizes. Nothing of a case is kept here. */
export const useSettingsStore = defineStore('settings', () => {
  const language = ref(preferredLanguage(read('language'), navigator.languages))
  const theme = ref<Theme>(THEMES.find((one) => one === read('theme')) ?? preferredTheme())
  const inspectorWidth = ref(clampWidth(Number(read('inspectorWidth') ?? 380)))
  const isInspectorOpen = ref(read('inspectorOpen') === 'yes')
  /** Tags the analyst wants offered; null: those that come with the product, in the language of the screen. */
  const tagPresets = ref<readonly string[] | null>(readList('tagPresets'))

  watch(
    language,
    (value) => {
      save('language', value)
      document.documentElement.lang = value
    },
    { immediate: true },
  )
  watch(
    theme,
    (value) => {
      save('theme', value)
      document.documentElement.dataset.theme = value
    },
    { immediate: true },
  )
  watch(inspectorWidth, (value) => save('inspectorWidth', String(value)))
  watch(tagPresets, (value) => save('tagPresets', JSON.stringify(value)))
  watch(isInspectorOpen, (value) => save('inspectorOpen', value ? 'yes' : 'no'))

  const resizeInspector = (width: number): void => void (inspectorWidth.value = clampWidth(width))
  const nextTheme = (): void => {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'dark'
  }
  return { language, theme, inspectorWidth, isInspectorOpen, tagPresets, resizeInspector, nextTheme }
})

const clampWidth = (width: number): number =>
  Number.isFinite(width) ? Math.min(900, Math.max(280, width)) : 380
const read = (key: string): string | null => localStorage.getItem(`redthread.${key}`)
/** Preferences may be damaged or made by hand: what is no list of words counts as none. */
function readList(key: string): readonly string[] | null {
  let value: unknown
  try {
    value = JSON.parse(read(key) ?? 'null')
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown
    return null
  }
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null
}
const save = (key: string, value: string): void => localStorage.setItem(`redthread.${key}`, value)
function preferredTheme(): Theme {
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast'
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}
