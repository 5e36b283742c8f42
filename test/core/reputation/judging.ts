import type { RiskLevel } from '../../../core/model/verdict.ts'
import { Judge, judgeMessage, type JudgedMessage, type JudgedUrl } from '../../../core/reputation/judge.ts'
import { aPolicy, aShelf, DAY } from './builders.ts'

export type Overrides = Readonly<Record<string, unknown>>

export const LEVELS: Readonly<Record<string, RiskLevel>> = {
  'http://dangerous.test/': 'dangerous',
  'http://high.test/': 'highly-suspicious',
  'http://suspicious.test/': 'suspicious',
  'http://untested.test/': 'untested',
  'http://safe.test/': 'safe',
}
const shelf = aShelf(
  { scope: 'host', pattern: 'dangerous.test', level: 'dangerous' },
  { scope: 'host', pattern: 'high.test', level: 'highly-suspicious' },
  { scope: 'host', pattern: 'suspicious.test', level: 'suspicious' },
  { scope: 'host', pattern: 'safe.test', level: 'safe' },
)
export const BAD = 'http://dangerous.test/'
export const NEW = 'http://untested.test/'

export const inBody = (url: string): JudgedUrl => ({ url, where: 'body' })
export const inFile = (url: string, attachment = 'a.docx'): JudgedUrl => ({
  url,
  where: 'attachment',
  attachment,
})
const aMail = (overrides: Partial<JudgedMessage> = {}): JudgedMessage => ({
  from: 'bad@evil.test',
  to: ['amy@corp.test'],
  headers: [{ name: 'X-Drill', value: 'Spring drill' }],
  urls: [inBody(BAD)],
  ...overrides,
})
export const judge = (policy: Overrides = {}, message: Partial<JudgedMessage> = {}) =>
  judgeMessage(new Judge(aPolicy(policy)), aMail(message), shelf, shelf.inForceNow(), 5 * DAY)
/** `decidedBy clause action` of one URL; `-` where there is none. */
export const verdict = (policy: Overrides, url: JudgedUrl | string = BAD): string => {
  const one = judge(policy, { urls: [typeof url === 'string' ? inBody(url) : url] }).urls[0]
  return `${one?.decidedBy} ${one?.clause ?? '-'} ${one?.action ?? '-'}`
}
/** Clause and reason of an exclusion. */
export const exclusion = (policy: Overrides, message: Partial<JudgedMessage> = {}): string | null => {
  const { excluded } = judge(policy, message)
  return excluded === null ? null : `${excluded.clause} ${excluded.reason}`
}
