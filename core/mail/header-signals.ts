import { getDomain } from 'tldts'
import { readTrustedResults, resultOf, type HeaderField } from '../normalise/authentication.ts'
import { parseAddressList, parseMailDate } from '../normalise/mail.ts'
import { impersonatedBrand } from './brands.ts'
import { isLookalike } from './lookalike.ts'
import { readRoute } from './hops.ts'

/** What speaks against a sender, in the words of `header-signals.words.ts`. Signals are hints for a reader, no verdicts. */
export type MailSignalId =
  | 'name-holds-address'
  | 'name-is-internal'
  | 'name-is-brand'
  | 'hidden-characters'
  | 'reply-to-differs'
  | 'return-path-differs'
  | 'sender-differs'
  | 'lookalike-domain'
  | 'repeated-field'
  | 'broken-from'
  | 'authentication-failed'
  | 'forged-results'
  | 'clock-skew'
  | 'date-differs'

/** Signals that alone make a mail worth a look; the others also come with mailing lists and badly set up servers. */
const STRONG: ReadonlySet<MailSignalId> = new Set([
  'name-holds-address',
  'name-is-internal',
  'name-is-brand',
  'lookalike-domain',
  'hidden-characters',
  'repeated-field',
  'broken-from',
])

export interface MailSignal {
  readonly id: MailSignalId
  readonly isStrong: boolean
  /** Values for the words: addresses, domains, names of fields. */
  readonly params: Readonly<Record<string, string>>
}

/** @property name display name, empty when there is none */
export interface Sender {
  readonly address: string
  readonly name: string
}

/** What is known of the organisation whose mail it is; it may be nothing. */
export interface OwnOrganisation {
  /** Registrable domains, lower case. */
  readonly domains: ReadonlySet<string>
  /** Whether somebody of ours has this display name, in any order of its words. */
  hasName(name: string): boolean
}

/** Fields that RFC 5322 (3.6) allows once; a second one makes clients disagree about what they show. */
const SINGLE = ['from', 'sender', 'reply-to', 'to', 'cc', 'subject', 'date', 'message-id']
/** Characters that change what a reader sees: direction marks, zero width, soft hyphen, tags. */
const HIDDEN =
  /[\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\uffa0\u{e0000}-\u{e007f}]/u
/** Date and first hop apart by more than this: written ahead, or resent. */
const MAX_DATE_US = 24 * 3_600_000_000

const domainOf = (address: string): string => {
  const host = address.slice(address.lastIndexOf('@') + 1)
  return getDomain(host, { allowPrivateDomains: false }) ?? host
}

/**
 * @param headers in order as they stand in the message, decoded for reading
 * @param from the sender as the importer read it: in decoded headers names and addresses can no longer be told apart
 */
export function readSignals(
  headers: readonly HeaderField[],
  from: Sender | null,
  own: OwnOrganisation,
): readonly MailSignal[] {
  const signals: MailSignal[] = []
  const say = (id: MailSignalId, params: Readonly<Record<string, string>> = {}): void => {
    signals.push({ id, isStrong: STRONG.has(id), params })
  }
  const valuesOf = (name: string): string[] =>
    headers.filter((field) => field.name.toLowerCase() === name).map((field) => field.value)
  const written = valuesOf('from')[0] ?? ''
  const senders = withoutName(written, from).match(/<[^<>@\s]+@[^<>\s]+>/g)?.length ?? (from === null ? 0 : 1)
  checkFields(valuesOf, senders, written, say)
  if (from !== null) {
    checkName(from.address, from.name, own, say)
    checkAddresses(from.address, valuesOf, own, say)
  }
  checkResults(headers, say)
  checkTimes(headers, valuesOf('date')[0], say)
  return signals
}

/** A From field without the name of its sender, which may hold an address of its own to deceive. */
function withoutName(written: string, from: Sender | null): string {
  const bare = written.replace(/"(?:[^"\\]|\\.)*"/g, '')
  return from === null || from.name === '' ? bare : bare.replace(from.name, '')
}

type Say = (id: MailSignalId, params?: Readonly<Record<string, string>>) => void
type ValuesOf = (name: string) => string[]

function checkFields(valuesOf: ValuesOf, senders: number, from: string, say: Say): void {
  for (const name of SINGLE) {
    const count = valuesOf(name).length
    if (count > 1) say('repeated-field', { field: name, count: String(count) })
  }
  if (from !== '' && senders !== 1) say('broken-from', { value: from.slice(0, 200), count: String(senders) })
  for (const name of ['from', 'subject', 'reply-to'])
    if (valuesOf(name).some((value) => HIDDEN.test(value))) say('hidden-characters', { field: name })
}

function checkName(address: string, name: string, own: OwnOrganisation, say: Say): void {
  const domain = domainOf(address)
  const inName = /[^\s<>"'(),;:]{1,64}@[a-z0-9.-]{3,250}/i.exec(name)?.[0]?.toLowerCase().replace(/\.+$/, '')
  if (inName !== undefined && inName !== address) say('name-holds-address', { name: inName, address })
  if (own.domains.has(domain)) return
  if (name !== '' && own.hasName(name)) say('name-is-internal', { name, address })
  const brand = impersonatedBrand(name, domain)
  if (brand !== undefined) say('name-is-brand', { name: brand, address })
}

function checkAddresses(from: string, valuesOf: ValuesOf, own: OwnOrganisation, say: Say): void {
  const domain = domainOf(from)
  const other = (name: string): string | undefined =>
    valuesOf(name)
      .flatMap((value) => parseAddressList(value))
      .find((entry) => domainOf(entry.address) !== domain)?.address
  const replyTo = other('reply-to')
  if (replyTo !== undefined) say('reply-to-differs', { from, to: replyTo })
  const returnPath = other('return-path')
  if (returnPath !== undefined) say('return-path-differs', { from, path: returnPath })
  const sender = other('sender')
  if (sender !== undefined) say('sender-differs', { from, sender })
  if (own.domains.has(domain)) return
  for (const like of own.domains) if (isLookalike(domain, like)) say('lookalike-domain', { domain, like })
}

const FAILURES: ReadonlySet<string> = new Set(['fail', 'softfail', 'hardfail', 'permerror'])

function checkResults(headers: readonly HeaderField[], say: Say): void {
  const { server, results, untrusted } = readTrustedResults(headers)
  const failed = (['spf', 'dkim', 'dmarc'] as const).filter((method) =>
    FAILURES.has(resultOf(results, method) ?? ''),
  )
  if (failed.length > 0) say('authentication-failed', { methods: failed.join(', ').toUpperCase() })
  if (untrusted > 0) say('forged-results', { count: String(untrusted), server: server ?? '' })
}

function checkTimes(headers: readonly HeaderField[], date: string | undefined, say: Say): void {
  const { hops } = readRoute(headers)
  const backwards = hops.find((hop) => hop.remarks.includes('backwards'))
  if (backwards !== undefined)
    say('clock-skew', {
      server: backwards.by ?? '',
      seconds: String(Math.round(Math.abs(backwards.delayUs ?? 0) / 1_000_000)),
    })
  const sent = date === undefined ? undefined : parseMailDate(date, 'UTC')
  const first = hops.find((hop) => hop.at !== null)?.at ?? null
  if (sent === undefined || sent.zoneAssumed || first === null) return
  const apart = Math.abs(first - sent.at)
  if (apart > MAX_DATE_US) say('date-differs', { hours: String(Math.round(apart / 3_600_000_000)) })
}
