import { createI18n, type I18n } from 'vue-i18n'
import { BUILT_IN_LANGUAGES, type Language, type Texts } from '../../core/model/text.ts'

type Messages = Readonly<Record<string, string>>

/** A language is one file `resources/locales/<lang>.json`: flat keys to message texts. */
const files = import.meta.glob<Messages>('../../resources/locales/*.json', { eager: true, import: 'default' })

const FALLBACK = 'en'
const fileMessages = new Map<Language, Messages>(
  Object.entries(files).map(([path, messages]) => [/([^/]+)\.json$/u.exec(path)?.[1] ?? path, messages]),
)

/** Languages in the order of the menu: built-in ones first, then those that came with a file. */
export const languages: readonly Language[] = [
  ...BUILT_IN_LANGUAGES.filter((lang) => fileMessages.has(lang)),
  ...[...fileMessages.keys()].filter((lang) => !BUILT_IN_LANGUAGES.some((known) => known === lang)).sort(),
]

/** The name of a language in itself. */
export const languageName = (lang: Language): string => fileMessages.get(lang)?.['language.name'] ?? lang

/** The language to start with: the saved one, else the first the machine prefers, else English. */
export function preferredLanguage(saved: string | null, wanted: readonly string[]): Language {
  if (saved !== null && languages.includes(saved)) return saved
  for (const tag of wanted) {
    const exact = languages.find((lang) => lang.toLowerCase() === tag.toLowerCase())
    if (exact) return exact
    if (/^zh-(tw|hk|mo|hant)/iu.test(tag) && languages.includes('zh-TW')) return 'zh-TW'
    const base = languages.find((lang) => !lang.startsWith('zh') && tag.split('-')[0] === lang.split('-')[0])
    if (base) return base
  }
  return FALLBACK
}

/** Texts that a screen brings itself, under `screen.<id>.`. The locale file wins. */
export interface ScreenTexts {
  readonly id: string
  readonly texts?: Texts | undefined
}

export type Translator = I18n<
  Record<string, unknown>,
  Record<string, unknown>,
  Record<string, unknown>,
  string,
  false
>

/** vue-i18n over flat keys. Messages are compiled without `eval` (its JIT mode), so a strict CSP holds. */
export function createTranslator(lang: Language, screens: readonly ScreenTexts[] = []): Translator {
  const i18n = createI18n({
    legacy: false,
    locale: lang,
    fallbackLocale: FALLBACK,
    messages: {},
    messageResolver: (messages, key) => (messages as Messages)[key] ?? null,
    missingWarn: false,
    fallbackWarn: false,
    warnHtmlMessage: false,
  })
  for (const one of languages)
    i18n.global.setLocaleMessage(one, { ...screenMessages(one, screens), ...fileMessages.get(one) })
  return i18n
}

function screenMessages(lang: Language, screens: readonly ScreenTexts[]): Messages {
  const messages: Record<string, string> = {}
  for (const { id, texts } of screens) {
    const own = texts?.[BUILT_IN_LANGUAGES.find((known) => known === lang) ?? 'en']
    for (const [key, text] of Object.entries(own ?? {})) messages[`screen.${id}.${key}`] = text
  }
  return messages
}

/** Adds the engine's extension texts of one language; what a locale file or screen says already stays. */
export function mergeEngineMessages(i18n: Translator, lang: Language, messages: Messages): void {
  const present = i18n.global.getLocaleMessage(lang) as Messages
  i18n.global.setLocaleMessage(lang, { ...messages, ...present })
}
