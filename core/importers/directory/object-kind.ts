import type { DirectoryKind } from '../../model/directory.ts'
import { toCommonName } from '../../normalise/distinguished-name.ts'
import type { Attributes } from './attributes.ts'

/** By objectClass, the most special first: a computer is a user as well. */
const KINDS: readonly (readonly [string, DirectoryKind])[] = [
  ['computer', 'computer'],
  ['group', 'group'],
  ['groupofnames', 'group'],
  ['groupofuniquenames', 'group'],
  ['posixgroup', 'group'],
  ['user', 'user'],
  ['inetorgperson', 'user'],
  ['posixaccount', 'user'],
  ['account', 'user'],
  ['person', 'user'],
  ['domaindns', 'domain'],
  ['grouppolicycontainer', 'gpo'],
  ['organizationalunit', 'ou'],
  ['builtindomain', 'container'],
  ['container', 'container'],
  ['domain', 'domain'],
]
/** Of `objectCategory`, for exports without the classes: `CN=Person,CN=Schema,...`. */
const CATEGORIES: ReadonlyMap<string, DirectoryKind> = new Map<string, DirectoryKind>([
  ['person', 'user'],
  ['computer', 'computer'],
  ['group', 'group'],
  ['organizational-unit', 'ou'],
  ['domain-dns', 'domain'],
  ['group-policy-container', 'gpo'],
  ['container', 'container'],
  ['ms-ds-group-managed-service-account', 'user'],
])

export function toKind(attributes: Attributes): DirectoryKind {
  const classes = new Set(attributes.texts('objectClass').map((name) => name.toLowerCase()))
  // managed service accounts are computers by class and accounts by use
  if (classes.has('msds-groupmanagedserviceaccount') || classes.has('msds-managedserviceaccount'))
    return 'user'
  if (classes.has('contact')) return 'other'
  const byClass = KINDS.find(([name]) => classes.has(name))?.[1]
  if (byClass !== undefined || classes.size > 0) return byClass ?? 'other'
  const category = attributes.text('objectCategory')
  return (
    (category === undefined ? undefined : CATEGORIES.get(toCommonName(category).toLowerCase())) ?? 'other'
  )
}
