/**
 * Texts that an extension file (importer, rule, section, relation kind) brings along, so that adding one never means
 * editing a locale file. `resources/locales/<lang>.json` may hold the same keys and wins: that is how a new language
 * covers every extension with one new file (STYLE.md section 2, ADR 0003).
 */
export const BUILT_IN_LANGUAGES = ['en', 'zh-TW', 'ja'] as const
export type BuiltInLanguage = (typeof BUILT_IN_LANGUAGES)[number]

/** Language tag such as `en`, `zh-TW`, `ja` or one added later by a locale file. */
export type Language = string

/** One flat map of message key (relative to the extension's own prefix) to message text, per built-in language. */
export type Texts<K extends string = string> = Readonly<Record<BuiltInLanguage, Readonly<Record<K, string>>>>

/** Parameters of a message: plain values only, so that they survive JSON and a test can compare them. */
export type TextParams = Readonly<Record<string, string | number>>

/** The parameter `what` of a message may be the key of a rule's own words: what it detected, in the reader's language. */
export const isRuleText = (what: string): boolean => /^rule\.[\w.-]+\.detection\.[\w-]+$/u.test(what)

/** The parameter `reason` of a message may be what the system said, as `ENOENT`: the key of its words, else undefined. */
export const reasonKey = (reason: unknown): string | undefined =>
  typeof reason === 'string' && /^E[A-Z]+$/u.test(reason) ? `reason.${reason}` : undefined
