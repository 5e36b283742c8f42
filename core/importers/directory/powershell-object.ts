import { parseTime } from '../../normalise/time.ts'
import type { NamedRow } from '../log/named-row.ts'
import { member, scalarText } from '../json/parse-object.ts'
import { Attributes, type AttributeValue } from './attributes.ts'
import type { DirectoryExport } from './directory-object.ts'

/** LDAP attribute -> properties of the ActiveDirectory module that hold it, with one value. */
const SINGLE: readonly (readonly [string, readonly string[]])[] = [
  ['objectsid', ['SID', 'objectSid']],
  ['objectguid', ['ObjectGUID']],
  ['objectclass', ['ObjectClass']],
  ['name', ['Name', 'CN']],
  ['samaccountname', ['SamAccountName']],
  ['displayname', ['DisplayName']],
  ['userprincipalname', ['UserPrincipalName']],
  ['mail', ['EmailAddress', 'mail']],
  ['dnshostname', ['DNSHostName']],
  ['operatingsystem', ['OperatingSystem']],
  ['department', ['Department']],
  ['title', ['Title']],
  ['enabled', ['Enabled']],
  ['isdeleted', ['isDeleted', 'Deleted']],
  ['useraccountcontrol', ['userAccountControl']],
  ['primarygroupid', ['primaryGroupID']],
  ['msexchrecipienttypedetails', ['msExchRecipientTypeDetails']],
  ['primarygroup', ['PrimaryGroup']],
  ['lastlogon', ['lastLogon']],
  ['lastlogontimestamp', ['lastLogonTimestamp']],
  ['pwdlastset', ['pwdLastSet']],
  ['ms-mcs-admpwdexpirationtime', ['ms-Mcs-AdmPwdExpirationTime']],
  ['mslaps-passwordexpirationtime', ['msLAPS-PasswordExpirationTime']],
]
/** Dates as the culture of the machine writes them. */
const DATES: readonly (readonly [string, readonly string[]])[] = [
  ['whencreated', ['whenCreated', 'Created', 'createTimeStamp']],
  ['whenchanged', ['whenChanged', 'Modified', 'modifyTimeStamp']],
  ['lastlogondate', ['LastLogonDate']],
  ['passwordlastset', ['PasswordLastSet']],
]
export const DATE_COLUMNS: readonly string[] = [
  ...DATES.flatMap(([, names]) => names),
  'AccountExpirationDate',
  'LastBadPasswordAttempt',
]
/** Properties with several values, in the forms people flatten them to; what separates the values of each. */
const LISTS: readonly (readonly [string, readonly string[], RegExp])[] = [
  ['memberof', ['MemberOf'], /[;|\r\n]+\s*/],
  ['member', ['Members', 'Member'], /[;|\r\n]+\s*/],
  ['proxyaddresses', ['proxyAddresses'], /[;|,\s]+/],
  ['msds-allowedtodelegateto', ['msDS-AllowedToDelegateTo'], /[;|,\s]+/],
  ['principalsallowedtodelegatetoaccount', ['PrincipalsAllowedToDelegateToAccount'], /[;|\r\n]+\s*/],
  ['publicdelegates', ['publicDelegates'], /[;|\r\n]+\s*/],
  ['publicdelegatesbl', ['publicDelegatesBL'], /[;|\r\n]+\s*/],
  ['msexchdelegatelistlink', ['msExchDelegateListLink'], /[;|\r\n]+\s*/],
  ['msexchdelegatelistbl', ['msExchDelegateListBL'], /[;|\r\n]+\s*/],
]

/** The name of a type where a value should be: what Export-Csv makes of a list or an object. */
export const isLost = (text: string): boolean =>
  /^(?:Selected\.)?(?:Microsoft\.(?:ActiveDirectory|Graph|Open)\.|System\.(?:Collections|DirectoryServices|Object|String\[|Byte\[|Object\[))/.test(
    text,
  )

/** A property as text; SIDs and the like are objects in JSON, with the text in `Value`. */
function textOf(row: NamedRow, names: readonly string[]): string | undefined {
  for (const name of names) {
    const text = row.text(name) ?? scalarText(member(row.value(name), 'Value'))
    if (text !== undefined && !isLost(text)) return text
  }
  return undefined
}

const toValue = (text: string): AttributeValue => ({ text })

/** Properties of Get-ADUser and its sisters as attributes under their LDAP names. */
export function powershellAttributes(row: NamedRow): Attributes {
  const values = new Map<string, readonly AttributeValue[]>()
  for (const [attribute, names] of [...SINGLE, ...DATES]) {
    const text = textOf(row, names)
    if (text !== undefined) values.set(attribute, [toValue(text)])
  }
  for (const [attribute, names, between] of LISTS) {
    const written = row
      .list(...names)
      .flatMap((value) => scalarText(value) ?? [])
      .filter((text) => !isLost(text))
    const texts = written.length > 1 ? written : (written[0] ?? '').split(between)
    if (written.length > 0) values.set(attribute, texts.map(toValue))
  }
  return new Attributes(values)
}

/** Dates of a row that cannot be read. */
export function oddDates(row: NamedRow, { zone, dateOrder }: DirectoryExport): string[] {
  return DATES.flatMap(([, names]) => {
    const text = textOf(row, names)
    return text === undefined || parseTime(text, zone, dateOrder) !== undefined ? [] : [text]
  })
}
