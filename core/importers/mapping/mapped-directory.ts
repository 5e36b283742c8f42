import type { DirectoryItem } from '../../model/directory.ts'
import { toSid } from '../../normalise/account.ts'
import { toHost } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { present } from '../../normalise/placeholder.ts'
import type { TextOf } from './mapped-row.ts'

/** A row of a list of users; undefined when it names nobody. */
export function toMappedUser(text: TextOf): DirectoryItem | undefined {
  const value = (target: string): string | undefined => present(text(target))
  const sid = toSid(value('user.sid'))
  const mail = toAddressKey(value('user.email') ?? '')
  const [domain, account] = splitAccount(value('user.name'))
  const objectId =
    sid ?? mail ?? (account === undefined ? undefined : `${domain ?? ''}\\${account}`.toLowerCase())
  if (objectId === undefined) return undefined
  const displayName = value('user.displayName')
  return {
    type: 'directory',
    kind: 'user',
    objectId,
    sid,
    name: displayName ?? account ?? mail ?? objectId,
    displayName,
    samAccountName: account?.includes('@') === true ? undefined : account,
    upn: account?.includes('@') === true ? account.toLowerCase() : undefined,
    netbiosDomain: domain?.toUpperCase(),
    mail,
    department: value('user.department'),
    title: value('user.title'),
    edges: [],
  }
}

/** A row of a list of endpoints; undefined when it names none. */
export function toMappedEndpoint(text: TextOf): DirectoryItem | undefined {
  const value = (target: string): string | undefined => present(text(target))
  const sid = toSid(value('endpoint.sid'))
  const dnsHostName = toHost(value('endpoint.fqdn'))
  const name = toHost(value('endpoint.name')) ?? dnsHostName
  const objectId = sid ?? dnsHostName ?? name
  if (objectId === undefined) return undefined
  return {
    type: 'directory',
    kind: 'computer',
    objectId,
    sid,
    name: name ?? objectId,
    samAccountName: name === undefined ? undefined : `${(name.split('.')[0] ?? name).toUpperCase()}$`,
    dnsHostName,
    operatingSystem: value('endpoint.os'),
    edges: [],
  }
}

function splitAccount(text: string | undefined): readonly [string | undefined, string | undefined] {
  const match = /^([^\\]+)\\(.+)$/.exec(text ?? '')
  return match === null ? [undefined, text] : [match[1], match[2]]
}
