import { words, type Words } from './document.ts'
import type { EntityKind, RelationKind } from '../model/relation.ts'
import { sharedTexts } from './words/shared.ts'
import { entityTexts } from './words/entities.ts'
import type { BuiltInLanguage } from '../model/text.ts'

/** Words that several sections share; keys `report.words.<key>`. */
export const shared = (key: keyof typeof sharedTexts.en, params: Words['params'] = {}): Words =>
  words(`report.words.${key}`, params)
export const relationWords = (kind: RelationKind): Words => words(`relation.kind.${kind}`)
export const kindWords = (kind: EntityKind): Words => words(`report.words.kind.${kind}`)

/** Confidence as a word; the number always stands beside it. */
export function confidenceWords(value: number): Words {
  if (value >= 0.9) return shared('confidence.veryHigh')
  if (value >= 0.7) return shared('confidence.high')
  if (value >= 0.5) return shared('confidence.moderate')
  return shared('confidence.low')
}

/** Shared words of one language as flat messages with full keys. */
export function sharedMessages(lang: BuiltInLanguage): ReadonlyMap<string, string> {
  const messages = new Map<string, string>()
  for (const [key, text] of Object.entries(sharedTexts[lang])) messages.set(`report.words.${key}`, text)
  for (const [key, text] of Object.entries(entityTexts[lang])) messages.set(`report.words.kind.${key}`, text)
  return messages
}
