import type { NamedRow } from '../log/named-row.ts'
import { isLost } from './powershell-object.ts'

/** Columns with lists that tables lose; the first row of each such column says so, not every row of a directory. */
const COLUMNS = [
  'MemberOf',
  'Members',
  'Member',
  'proxyAddresses',
  'msDS-AllowedToDelegateTo',
  'PrincipalsAllowedToDelegateToAccount',
  'publicDelegates',
  'publicDelegatesBL',
  'msExchDelegateListLink',
  'msExchDelegateListBL',
  'ServicePrincipalNames',
  'servicePrincipalName',
  'SIDHistory',
  'nTSecurityDescriptor',
  'objectSid',
  'msDS-AllowedToActOnBehalfOfOtherIdentity',
  'Certificates',
  'userCertificate',
  'dSCorePropagationData',
  'BusinessPhones',
  'OtherMails',
  'AssignedLicenses',
  'Identities',
  'PhysicalIds',
  'AlternativeSecurityIds',
  'GroupTypes',
  'AdditionalProperties',
] as const

/** Finds columns of a table in which the name of a type stands in place of values. */
export class LostCollections {
  readonly #found = new Set<string>()

  /** Columns that are seen to be lost for the first time in this row. */
  look(row: NamedRow): string[] {
    const found = COLUMNS.filter((name) => !this.#found.has(name) && isLost(row.text(name) ?? ''))
    for (const name of found) this.#found.add(name)
    return found
  }
}
