import {
  compile,
  createCoreContext,
  fallbackWithSimple,
  registerLocaleFallbacker,
  registerMessageCompiler,
  registerMessageResolver,
  resolveWithKeyValue,
  translate,
} from '@intlify/core-base'
import type { TextParams, Texts } from '../model/text.ts'

// The message compiler of vue-i18n itself, so that a text reads the same on screen, in the terminal and on paper. It
// interprets a syntax tree: no `eval`, no generated functions.
registerMessageCompiler(compile)
registerMessageResolver(resolveWithKeyValue)
registerLocaleFallbacker(fallbackWithSimple)

/** Message key (whole, for instance `errors.store.locked`) to message text. */
export type Messages = Readonly<Record<string, string>>

/** The text of a key with its `{name}` placeholders filled; English when the language lacks it; the key when both do. */
export type Translator = (key: string, params?: TextParams) => string

/**
 * @param lang language tag of the reader
 * @param messages texts of that language
 * @param english texts for what is missing in it
 */
export function createTranslator(lang: string, messages: Messages, english: Messages): Translator {
  const context = createCoreContext<string, Messages>({
    locale: lang,
    fallbackLocale: 'en',
    messages: { en: english, [lang]: messages },
    missingWarn: false,
    fallbackWarn: false,
    warnHtmlMessage: false,
  })
  return (key, params = {}) => {
    // `count` chooses the plural form, as in vue-i18n.
    const options = typeof params['count'] === 'number' ? { plural: params['count'] } : {}
    const result = translate(context, key, { ...params }, options)
    return typeof result === 'string' ? result : key
  }
}

/** Flattens extension texts under their prefix: `errors` + `store.locked` -> `errors.store.locked`. */
export function withPrefix(prefix: string, texts: Texts, lang: string): Record<string, string> {
  const own = lang === 'zh-TW' || lang === 'ja' ? texts[lang] : texts.en
  return Object.fromEntries(Object.entries(own).map(([key, text]) => [`${prefix}.${key}`, text]))
}
