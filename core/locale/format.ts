import {
  compile,
  createMessageContext,
  type MessageFunction,
  registerMessageCompiler,
} from '@intlify/core-base'
import type { TextParams, Texts } from '../model/text.ts'

/** Message key (whole, for instance `errors.store.locked`) to message text. */
export type Messages = Readonly<Record<string, string>>

/** The text of a key with its `{name}` placeholders filled; English when the language lacks it; the key when both do. */
export type Translator = (key: string, params?: TextParams) => string

/**
 * The message compiler is that of vue-i18n itself, so that a text reads the same on screen, in the terminal and on paper;
 * it interprets a syntax tree: no `eval`, no generated functions.
 * @param lang language tag of the reader
 * @param messages texts of that language
 * @param english texts for what is missing in it
 */
export function createTranslator(lang: string, messages: Messages, english: Messages): Translator {
  const compiled = new Map<string, MessageFunction<string>>()
  const find = (key: string): MessageFunction<string> | undefined => {
    const known = compiled.get(key)
    if (known) return known
    const own = Object.hasOwn(messages, key) ? messages[key] : undefined
    const text = own ?? (Object.hasOwn(english, key) ? english[key] : undefined)
    if (text === undefined) return undefined
    const message = compile<string>(text, {
      locale: lang,
      key,
      onError: (failure) => {
        throw failure
      },
    })
    compiled.set(key, message)
    return message
  }
  return (key, params = {}) => {
    const message = find(key)
    if (!message) return key
    const count = params['count']
    // `count` chooses the plural form, as in vue-i18n.
    const plural = typeof count === 'number' ? { pluralIndex: count } : {}
    const result = message(createMessageContext<string>({ locale: lang, named: { ...params }, ...plural }))
    return typeof result === 'string' ? result : key
  }
}

/** Extension texts under their prefix: `errors` + `store.locked` -> `errors.store.locked`. English where a language is missing. */
export function withPrefix(prefix: string, texts: Texts, lang: string): Record<string, string> {
  const own = lang === 'zh-TW' || lang === 'ja' ? texts[lang] : texts.en
  return Object.fromEntries(Object.entries(own).map(([key, text]) => [`${prefix}.${key}`, text]))
}
