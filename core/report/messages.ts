import { createTranslator, type Messages, type Translator, withPrefix } from '../locale/format.ts'
import { relationTexts } from '../locale/relation.texts.ts'
import { BUILT_IN_LANGUAGES, type BuiltInLanguage } from '../model/text.ts'
import type { Words } from './document.ts'
import { defangAddress } from './render/text.ts'
import { countFormat } from './render/count.ts'
import type { Section } from './section.ts'
import { sharedMessages } from './words.ts'

const isBuiltIn = (lang: string): lang is BuiltInLanguage =>
  BUILT_IN_LANGUAGES.some((known) => known === lang)

/** All texts of the sections and the shared words in one built-in language, as flat keys `report.<section>.<key>`. */
export function reportMessages(sections: readonly Section[], lang: string): Map<string, string> {
  const known: BuiltInLanguage = isBuiltIn(lang) ? lang : 'en'
  const messages = new Map([
    ...sharedMessages(known),
    ...Object.entries(withPrefix('relation.kind', relationTexts, known)),
  ])
  for (const section of sections) {
    for (const [key, text] of Object.entries(section.texts[known]))
      messages.set(`report.${section.id}.${key}`, text)
  }
  return messages
}

/**
 * Words to text in the report's language. `others` and `othersEnglish` are the engine's `locale.messages`: texts of
 * rules and importers, and whatever a locale file overrides. `clean` sees every text that is put into a sentence.
 */
export function createSay(
  sections: readonly Section[],
  lang: string,
  others: Messages,
  othersEnglish: Messages,
  clean: (text: string) => string = (text) => text,
): (text: Words) => string {
  const own = Object.fromEntries(reportMessages(sections, lang))
  const english = { ...Object.fromEntries(reportMessages(sections, 'en')), ...othersEnglish }
  const translate = createTranslator(lang, { ...own, ...others }, english)
  const count = countFormat(lang)
  return (text) => say(translate, text, count, clean)
}

/** Parameters that are the host or IP address of somebody else: in a sentence they are broken as they are in a cell. */
const isAddress = (key: string, name: string): boolean =>
  name === 'destination' || name === 'domain' || (name === 'to' && key.endsWith('claim.contacted'))

function say(
  translate: Translator,
  text: Words,
  count: (value: number) => string,
  clean: (text: string) => string,
): string {
  // A rule's numbers are process ids, ports and codes; those of a report and of its conditions are counts.
  const write = (value: number): string | number =>
    value < 1000 || text.key.startsWith('rule.') ? value : count(value)
  const params: Record<string, string | number> = Object.fromEntries(
    Object.entries(text.params).map(([name, value]) => [
      name,
      typeof value === 'object'
        ? say(translate, value, count, clean)
        : typeof value === 'number'
          ? write(value)
          : isAddress(text.key, name)
            ? defangAddress(clean(value))
            : clean(value),
    ]),
  )
  // The message format takes its plural from `n` when `count` is written out.
  const plural = text.params['count']
  if (typeof plural === 'number' && typeof params['count'] === 'string') params['n'] ??= plural
  const found = translate(text.key, params)
  const said = found === text.key && text.fallback !== undefined ? clean(text.fallback) : found
  return text.asLabel === true ? said.replace(/[.。．]\s*$/u, '') : said
}
