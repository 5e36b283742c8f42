import { compile, createMessageContext, type MessageFunction } from '@intlify/core-base'
import { isRuleText, reasonKey, type TextParams, type Texts } from '../model/text.ts'

/** Message key (whole, for instance `errors.store.locked`) to message text. */
export type Messages = Readonly<Record<string, string>>

/** The text of a key with its `{name}` placeholders filled; English when the language lacks it; the key when both do. */
export type Translator = (key: string, params?: TextParams) => string

const PLACEHOLDER = /\{\s*(\w+)\s*\}/g
/** Stands where a parameter was not given: a hole in a sentence would read as if nothing were missing. */
const UNKNOWN = '?'

interface Compiled {
  readonly message: MessageFunction<string>
  readonly unknown: Readonly<Record<string, string>>
}

/**
 * The message compiler is that of vue-i18n itself, so that a text reads the same on screen, in the terminal and on paper;
 * it interprets a syntax tree: no `eval`, no generated functions.
 * @param lang language tag of the reader
 * @param messages texts of that language
 * @param english texts for what is missing in it
 */
export function createTranslator(lang: string, messages: Messages, english: Messages): Translator {
  const compiled = new Map<string, Compiled>()
  const find = (key: string): Compiled | undefined => {
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
    const unknown = Object.fromEntries(
      [...text.matchAll(PLACEHOLDER)].map((match) => [match[1] ?? '', UNKNOWN]),
    )
    const entry = { message, unknown }
    compiled.set(key, entry)
    return entry
  }
  const translate: Translator = (key, params = {}) => {
    const entry = find(key)
    if (!entry) return key
    const count = params['count']
    // `count` chooses the plural form, as in vue-i18n.
    const plural = typeof count === 'number' ? { pluralIndex: count } : {}
    const { what } = params
    const said = typeof what === 'string' && isRuleText(what) ? { what: translate(what) } : {}
    const named = { ...entry.unknown, ...params, ...said, ...sayReason(params) }
    const result = entry.message(createMessageContext<string>({ locale: lang, named, ...plural }))
    return typeof result === 'string' ? result : key
  }
  /** What the system said in words, where there are any. */
  const sayReason = ({ reason }: TextParams): TextParams => {
    const key = reasonKey(reason)
    return key !== undefined && find(key) ? { reason: translate(key) } : {}
  }
  return translate
}

/** Extension texts under their prefix: `errors` + `store.locked` -> `errors.store.locked`. English where a language is missing. */
export function withPrefix(prefix: string, texts: Texts, lang: string): Record<string, string> {
  const own = lang === 'zh-TW' || lang === 'ja' ? texts[lang] : texts.en
  return Object.fromEntries(Object.entries(own).map(([key, text]) => [`${prefix}.${key}`, text]))
}
