import { useI18n } from 'vue-i18n'
import type { TextRef } from '../../core/contract/shapes.ts'
import { isRuleText, reasonKey } from '../../core/model/text.ts'
import { wordsOf, type PlainError } from '../../core/model/errors.ts'
import { defangText } from '../text/defang.ts'
import { toVisible } from '../text/visible.ts'
import { formatBytes, formatNumber, formatPercent, formatTime } from './format.ts'
import { useCaseStore } from '../stores/case.ts'

/** A time as the engine writes it (STYLE.md section 3). */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z$/

/** Everything that turns facts into words and figures of the chosen language. */
export function useWords() {
  const { t, te, locale } = useI18n()
  const cases = useCaseStore()

  /** A message of the engine. Its parameters may come from evidence: shown visible and defanged. */
  function say(text: TextRef): string {
    if (!te(text.key) && !te(text.key, 'en')) return humanise(text.key)
    const params = Object.entries(text.params).map(([name, value]) => [
      name,
      typeof value === 'string' ? sayParam(name, value) : num(value),
    ])
    const { count } = text.params
    return typeof count === 'number'
      ? t(text.key, Object.fromEntries(params), count)
      : t(text.key, Object.fromEntries(params))
  }
  /** A message about `count` things: their number chooses between singular and plural. */
  const counted = (key: string, count: number, params: Readonly<Record<string, string>> = {}): string =>
    t(key, { ...params, count: num(count) }, count)
  /** Words of closed lists come as ids: a level, a rule, a kind; a time as ISO-8601. Everything else is text from outside. */
  function sayParam(name: string, value: string): string {
    if (INSTANT.test(value)) return time(value, 'second')
    const key = {
      what: isRuleText(value) ? value : undefined,
      level: `risk.${value}`,
      rule: `rule.${value}.title`,
      kind: `entity.kind.${value}`,
      relation: `relation.kind.${value}`,
      reason: reasonKey(value),
    }[name]
    return key !== undefined && (te(key) || te(key, 'en')) ? t(key) : defangText(toVisible(value))
  }
  /** What an error means and what to do; codes without words still say their code. */
  function sayError(error: PlainError): string {
    const key = `errors.${wordsOf(error)}`
    if (!te(key) && !te(key, 'en')) return t('app.error.unknown', { code: error.code })
    const params = Object.entries(error.params).map(([name, value]) => [name, sayErrorParam(name, value)])
    return t(key, Object.fromEntries(params))
  }
  /** Of an error only what the system said of a file has words of its own. */
  function sayErrorParam(name: string, value: unknown): string {
    const key = name === 'reason' ? reasonKey(value) : undefined
    if (key !== undefined && (te(key) || te(key, 'en'))) return t(key)
    return defangText(toVisible(Array.isArray(value) ? value.join(', ') : String(value)))
  }
  /** The order of words in the language of the screen; numbers in them count as numbers. */
  const compareWords = (a: string, b: string): number => collatorOf(locale.value).compare(a, b)
  const num = (value: number): string => formatNumber(value, locale.value)
  const bytes = (value: number): string => formatBytes(value, locale.value)
  const percent = (share: number): string => formatPercent(share, locale.value)
  const time = (iso: string | null, precision?: 'minute' | 'second' | 'full'): string =>
    iso === null ? t('app.time.none') : formatTime(iso, cases.zone, precision)
  /** The heading of a column of times: its word and the zone they are printed in (UX.md section 6). */
  const timeHead = (key: string): string => `${t(key)} (${cases.zone})`
  /** A word of a closed list such as `entity.kind.user`; a word from a newer engine stays readable. */
  const word = (prefix: string, id: string): string =>
    te(`${prefix}.${id}`) ? t(`${prefix}.${id}`) : humanise(id)

  return { t, te, say, counted, sayError, num, bytes, percent, time, timeHead, word, locale, compareWords }
}

const collators = new Map<string, Intl.Collator>()
function collatorOf(lang: string): Intl.Collator {
  const known = collators.get(lang) ?? new Intl.Collator(lang, { numeric: true, sensitivity: 'base' })
  collators.set(lang, known)
  return known
}

const humanise = (key: string): string => (key.split('.').at(-1) ?? key).replaceAll(/[-_]/gu, ' ')
