import { defangUrl } from '../normalise/defang.ts'
import { toIso } from '../store/time.ts'
import type { FilterAction } from './notification.ts'

/** Texts of the reader's language by whole key (`notification.risk`), as `locale.messages` gives them. */
export type NoticeWords = Readonly<Record<string, string>>

const PRODUCT = 'Redthread'

/** Token variables a template may hold (threat-investigation.md 4.5), lower case. Others stand as they were written. */
export const TOKENS = [
  'product_name',
  'security_risk_name',
  'action',
  'date',
  'time',
  'foundin',
  'policy_name',
  'sender',
  'violator',
  'recipient',
  'subject',
  'attachments',
  'filename',
  'suspicious_url',
  'risk_level',
  'url_category',
  'dlptemplatename',
] as const
export type Token = (typeof TOKENS)[number]

/** Values of one token that are listed; a digest of a thousand actions would else be one line of a megabyte. */
const MAX_VALUES = 20

const word = (words: NoticeWords, key: string): string => words[`notification.${key}`] ?? key
/** A line break in a subject out of evidence would begin a header of its own; control and direction signs deceive. */
const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()

/** What the tokens stand for in one filter action. URLs are defanged: a notification must not carry a live one. */
function valuesOf(action: FilterAction, words: NoticeWords): Readonly<Record<Token, readonly string[]>> {
  const at = toIso(action.at)
  const urls = action.urls.map(({ url }) => defangUrl(url))
  return {
    product_name: [PRODUCT],
    security_risk_name: [word(words, 'risk')],
    action: [word(words, `action.${action.action}`)],
    date: [at.slice(0, 10)],
    time: [`${at.slice(11, 19)} UTC`],
    foundin: action.files.length > 0 ? action.files : action.recipients,
    policy_name: [action.policy.name],
    sender: action.sender === null ? [] : [action.sender],
    violator: action.files.length > 0 && action.sender !== null ? [action.sender] : action.recipients,
    recipient: action.recipients,
    subject: [action.subject],
    attachments: action.attachments,
    filename: action.files.length > 0 ? action.files : action.attachments,
    suspicious_url: urls,
    risk_level: action.urls.map(({ level }) => word(words, `level.${level}`)),
    url_category: action.urls.flatMap(({ category }) => (category === null ? [] : [category])),
    dlptemplatename: [],
  }
}

const isToken = (name: string): name is Token => TOKENS.some((token) => token === name)

/**
 * Fills a template in one pass: what evidence puts in is never read as a token again (W75).
 * @param actions one action, or all of a consolidated mail: each token then lists the different values
 */
export function expand(template: string, actions: readonly FilterAction[], words: NoticeWords): string {
  const all = actions.map((action) => valuesOf(action, words))
  return template.replace(/%([A-Za-z_]{1,40})%/g, (written, name: string) => {
    const token = name.toLowerCase()
    if (!isToken(token)) return written
    const values = new Set(all.flatMap((values) => values[token].map(oneLine)))
    const some = [...values].slice(0, MAX_VALUES)
    return `${some.join(', ')}${values.size > MAX_VALUES ? ', ...' : ''}`
  })
}
