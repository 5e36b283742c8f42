import { cliTexts } from './texts.ts'
import { commands } from './registry.ts'
import type { Command } from './command.ts'
import { hintsFor, hintTexts } from './hints.ts'
import { workbenchTexts } from './workbench.ts'
import { errorTexts } from '../../locale/errors.texts.ts'
import { reasonTexts } from '../../locale/reason.texts.ts'
import { relationTexts } from '../../locale/relation.texts.ts'
import { createTranslator, type Messages, type Translator, withPrefix } from '../../locale/format.ts'
import { localeFiles } from '../../locale/languages.ts'
import { type ErrorParams, type PlainError, wordsOf } from '../../model/errors.ts'
import type { TextParams } from '../../model/text.ts'

/** Every text the command line brings, as whole keys. */
export function ownTexts(lang: string): Messages {
  const all: Record<string, string>[] = [
    withPrefix('errors', errorTexts, lang),
    withPrefix('reason', reasonTexts, lang),
    withPrefix('relation.kind', relationTexts, lang),
    withPrefix('cli', cliTexts, lang),
    withPrefix('cli.workbench', workbenchTexts, lang),
    withPrefix('cli.hint', hintTexts, lang),
  ]
  for (const command of commands) all.push(withPrefix(`cli.${command.id}`, command.texts, lang))
  return Object.fromEntries(all.flatMap((texts) => Object.entries(texts)))
}

/**
 * The words of the command line in a language: built-in texts, over them the engine's (rules, importers, sections), over
 * them the locale file, which is how a new language covers everything with one file.
 */
export function createWords(
  lang: string,
  engineTexts: Messages = {},
  englishEngineTexts: Messages = {},
): Translator {
  const messages = { ...ownTexts(lang), ...engineTexts, ...localeFiles.get(lang) }
  return createTranslator(lang, messages, { ...ownTexts('en'), ...englishEngineTexts })
}

/** Error parameters as a message can show them. */
export function plainParams(params: ErrorParams): TextParams {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      typeof value === 'number' ? value : Array.isArray(value) ? value.join(', ') : String(value ?? ''),
    ]),
  )
}

/**
 * The sentences for an error. Usage errors carry the key of their own reason.
 * @param command its id, for what helps on the command line ({@link hintsFor}); its options stand for the fields of a request
 */
export function errorWords(error: PlainError, t: Translator, command?: Command): string {
  const { code, params } = error
  const words = withOption(plainParams(params), error, command)
  const key = params['key']
  if (code === 'request.usage' && typeof key === 'string') {
    const command = words['command']
    const help = command === '' || command === undefined ? '--help' : `${command} --help`
    return t('errors.request.usage', { reason: t(`cli.${key}`, words), help })
  }
  return [t(`errors.${wordsOf(error)}`, words), ...hintsFor(error, words, command?.id ?? '', t)].join(' ')
}

/** `generatedAt` is what the user wrote as `--generated-at`. */
function withOption(params: TextParams, { code }: PlainError, command?: Command): TextParams {
  const { field } = params
  if (code !== 'request.invalid' || typeof field !== 'string') return params
  const option = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return command !== undefined && option in command.options ? { ...params, field: `--${option}` } : params
}
