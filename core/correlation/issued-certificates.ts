import type { BookEntity } from '../identity/entity-book.ts'
import { bareName, findAccount, readDetail } from './accounts.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** A certificate that a certification authority issued to one account for another. */
export interface ForeignCertificate {
  readonly at: number
  readonly requester: string
  readonly requesterUser: BookEntity | undefined
  /** The account it speaks for, by its name without domain. */
  readonly name: string
  readonly user: BookEntity | undefined
  readonly template: string
  /** Serial number as 4768 names it; empty where the server does not record it. */
  readonly serial: string
  readonly event: ViewEvent
}

/** Certificates held. Attack: a requester that asks all day. */
const MAX_HELD = 100_000

/** User principal names in the alternative name of a certificate, and in attributes a requester may have put it into (ESC6). */
const UPN = /(?:principal name=|\bupn[=:])([^\s;,&"']+)/gi

/** Serial numbers are written with and without leading zeros, blanks and capitals. */
export const foldSerial = (text: string | undefined): string =>
  (text ?? '')
    .toLowerCase()
    .replace(/[^0-9a-f]/g, '')
    .replace(/^0+/, '')

/** Accounts that rule a domain, by the names and numbers Windows gives them ([MS-DTYP] 2.4.2.4). */
export const isRuler = (name: string, user: BookEntity | undefined): boolean =>
  /^(?:administrateur|administrador|krbtgt)$|(?:^|[._-])(?:da-)?adm(?:in)?(?:istrator)?s?\d*(?:[._-]|$)/.test(
    name,
  ) ||
  (user !== undefined &&
    [...user.aliases.values()].some(({ kind, value }) => kind === 'sid' && /-50[02]$/.test(value)))

/** Certificates for somebody else than the requester; for accounts the case does not know only where they rule. */
export function* foreignCertificates(view: CorrelationView): Generator<ForeignCertificate> {
  const recall = view.recall(['account', 'detail'])
  let held = 0
  for (const { id, at, fields } of view.events(['generic'], ['action'])) {
    if (fields.action !== 'certificate-issued' || at === null) continue
    const event = recall.get(id)
    const { account: requester, detail } = event.fields
    const name = nameIn(detail)
    if (requester === undefined || name === undefined || name === bareName(requester)) continue
    const requesterUser = findAccount(view, requester)
    const domain = requester.includes('\\') ? requester.split('\\')[0] : undefined
    const user =
      findAccount(view, upnIn(detail)) ??
      findAccount(view, domain === undefined ? name : `${domain}\\${name}`)
    // The principal name need not begin with the account name: one person.
    const isOwn = user !== undefined && user === requesterUser
    if (isOwn || (user === undefined && !isRuler(name, user)) || held >= MAX_HELD) continue
    held += 1
    yield {
      at,
      requester,
      requesterUser,
      name,
      user,
      template:
        readDetail(detail, 'CertificateTemplate') ??
        /CertificateTemplate:(\S+)/i.exec(detail ?? '')?.[1] ??
        '?',
      serial: foldSerial(readDetail(detail, 'SerialNumber')),
      event,
    }
  }
}

function upnIn(detail: string | undefined): string | undefined {
  return [...(detail ?? '').matchAll(UPN)].at(-1)?.[1]
}

function nameIn(detail: string | undefined): string | undefined {
  const upn = upnIn(detail)
  return upn === undefined ? undefined : bareName(upn)
}
