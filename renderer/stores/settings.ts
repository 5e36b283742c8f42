import { defineStore } from 'pinia'
import { watch } from 'vue'
import { preferredLanguage } from '../i18n/i18n.ts'
import { isZone } from '../i18n/zones.ts'
import { panelWidth } from './panel-width.ts'
import { remembered } from './remembered.ts'

export const THEMES = ['dark', 'light', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

/** The narrowest and the widest the inspector can be, in pixels. */
export const INSPECTOR_WIDTHS = [280, 900] as const

/** Preferences of the user: language, theme, zone, panels. Nothing of a case is kept here. */
export const useSettingsStore = defineStore('settings', () => {
  const language = remembered('language', (kept) =>
    preferredLanguage(typeof kept === 'string' ? kept : null, navigator.languages),
  )
  const theme = remembered<Theme>('theme', (kept) => THEMES.find((one) => one === kept) ?? preferredTheme())
  /** The zone all screens print times in; null: that of the case. */
  const zone = remembered<string | null>('zone', (kept) => (isZone(kept) ? kept : null))
  const inspectorWidth = panelWidth('inspector', ...INSPECTOR_WIDTHS)
  const isInspectorOpen = remembered('inspectorOpen', (kept) => kept === true || kept === 'yes')
  /** Tags the analyst wants offered; null: those that come with the product, in the language of the screen. */
  const tagPresets = remembered<readonly string[] | null>('tagPresets', readWords)

  watch(language, (value) => (document.documentElement.lang = value), { immediate: true })
  watch(theme, (value) => (document.documentElement.dataset.theme = value), { immediate: true })

  const nextTheme = (): void => {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'dark'
  }
  return { language, theme, zone, inspectorWidth, isInspectorOpen, tagPresets, nextTheme }
})

/** Preferences may be damaged or made by hand: what is no list of words counts as none. */
const readWords = (kept: unknown): readonly string[] | null =>
  Array.isArray(kept) && kept.every((one) => typeof one === 'string') ? kept : null
function preferredTheme(): Theme {
  if (matchMedia('(prefers-contrast: more)').matches) return 'contrast'
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}
