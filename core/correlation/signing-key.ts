import type { DetectionLevel } from '../model/detection.ts'
import { isComputer } from './accounts.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** The container of the key was asked for the attribute that holds it. */
const KEY_ASKED = 0.9
/** The settings, in which the signing key lies encrypted, were read out of the database. */
const SETTINGS_READ = 0.75
/** A contact's picture was read on a domain controller; the name of the object is not in the record. */
const PICTURE_READ = 0.5

/** The key lies in the picture of a contact below this container (AD FS, "distributed key manager"). */
const CONTAINER = /CN=ADFS,CN=Microsoft,CN=Program Data,/i
const PICTURE = /\bthumbnailphoto\b/i
/** Attribute thumbnailPhoto and class contact by their schema ids. */
export const PICTURE_ID = '8d3bca50-1d7e-11d0-a081-00aa006c33ed'
export const CONTACT_ID = '5cb41ed0-0e4c-11d0-a286-00aa003049e2'
const SETTINGS =
  /\bServiceSettingsData\b.*\bIdentityServerPolicy\b|\bIdentityServerPolicy\.ServiceSettings\b/i
/** An audit record of SQL Server. */
const DATABASE_AUDIT = 33205
/** Accounts the service itself runs under, as administrators name them. */
const SERVICE_ACCOUNT = /adfs|aadcsvc|gmsa|fsgmsa/i

export interface Sign {
  readonly reason: 'query' | 'settings' | 'picture'
  readonly confidence: number
  readonly level: DetectionLevel
}

function signOf({ kind, fields }: ViewEvent): Sign | undefined {
  const { code, target = '', detail = '' } = fields
  if (kind === 'generic')
    return code === DATABASE_AUDIT && SETTINGS.test(detail)
      ? { reason: 'settings', confidence: SETTINGS_READ, level: 'high' }
      : undefined
  if (kind === 'directory-query')
    return CONTAINER.test(`${target},`) && PICTURE.test(detail)
      ? { reason: 'query', confidence: KEY_ASKED, level: 'critical' }
      : undefined
  const folded = detail.toLowerCase()
  return folded.includes(PICTURE_ID) && folded.includes(CONTACT_ID)
    ? { reason: 'picture', confidence: PICTURE_READ, level: 'low' }
    : undefined
}

/** A record of somebody other than the service reading the key of AD FS, or the settings it lies in. */
export interface KeyTaking {
  readonly event: ViewEvent
  readonly sign: Sign
}

/** All of them in the order of time. */
export function* listKeyTakings(view: CorrelationView): Generator<KeyTaking> {
  // Few cases hold records of a database, and all cases very many of no other kind.
  const hasDatabase = view.everyEvent(
    (condition) => `SELECT 1 FROM event WHERE code = ${DATABASE_AUDIT}${condition} LIMIT 1`,
  )
  for (const event of view.events(
    ['directory-query', 'directory-access', ...(hasDatabase.length > 0 ? (['generic'] as const) : [])],
    ['code', 'account', 'target', 'detail', 'processPath', 'pid', 'processGuid', 'outcome'],
  )) {
    const { account = '', outcome } = event.fields
    if (outcome === 'failure' || account === '' || isComputer(account) || SERVICE_ACCOUNT.test(account))
      continue
    const sign = signOf(event)
    if (sign) yield { event, sign }
  }
}
