import { createTranslator, type Messages, type Translator } from '../locale/format.ts'
import { BUILT_IN_LANGUAGES, type BuiltInLanguage } from '../model/text.ts'
import type { Words } from './document.ts'
import type { Section } from './section.ts'
import { sharedMessages } from './words.ts'

const isBuiltIn = (lang: string): lang is BuiltInLanguage =>
  BUILT_IN_LANGUAGES.some((known) => known === lang)

/** All texts of the sections and the shared words in one built-in language, as flat keys `report.<section>.<key>`. */
export function reportMessages(sections: readonly Section[], lang: string): Map<string, string> {
  const known: BuiltInLanguage = isBuiltIn(lang) ? lang : 'en'
  const messages = new Map(sharedMessages(known))
  for (const section of sections) {
    for (const [key, text] of Object.entries(section.texts[known]))
      messages.set(`report.${section.id}.${key}`, text)
  }
  return messages
}

/**
 * Words to text in the report's language. `others` and `othersEnglish` are the engine's `locale.messages`: texts of
 * rules and importers, and whatever a locale file overrides.
 */
export function createSay(
  sections: readonly Section[],
  lang: string,
  others: Messages,
  othersEnglish: Messages,
): (text: Words) => string {
  const own = Object.fromEntries(reportMessages(sections, lang))
  const english = { ...Object.fromEntries(reportMessages(sections, 'en')), ...othersEnglish }
  const translate = createTranslator(lang, { ...own, ...others }, english)
  return (text) => say(translate, text)
}

function say(translate: Translator, text: Words): string {
  const params = Object.fromEntries(
    Object.entries(text.params).map(([name, value]) => [
      name,
      typeof value === 'object' ? say(translate, value) : value,
    ]),
  )
  const said = translate(text.key, params)
  return said === text.key && text.fallback !== undefined ? text.fallback : said
}
