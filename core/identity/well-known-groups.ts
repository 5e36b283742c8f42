/**
 * Groups that Active Directory makes itself and where it puts them (Microsoft: "Active Directory security groups", "Default
 * containers"). Their names tell what a group is of which only the distinguished name is known; a renamed or translated one
 * is not recognised, and no SID follows from a name.
 */

/** Of `CN=Users`: members of these control the domain or lead to it, the same as in importers/directory/sid.ts by their ids. */
const HIGH_VALUE_IN_USERS = [
  'domain admins',
  'enterprise admins',
  'schema admins',
  'domain controllers',
  'read-only domain controllers',
  'enterprise read-only domain controllers',
  'key admins',
  'enterprise key admins',
]
const OTHERS_IN_USERS = [
  'domain users',
  'domain guests',
  'domain computers',
  'cert publishers',
  'group policy creator owners',
  'ras and ias servers',
  'protected users',
  'cloneable domain controllers',
  'allowed rodc password replication group',
  'denied rodc password replication group',
  'dnsadmins',
  'dnsupdateproxy',
]
const HIGH_VALUE_IN_BUILTIN = [
  'administrators',
  'account operators',
  'server operators',
  'print operators',
  'backup operators',
]

const HIGH_VALUE: ReadonlySet<string> = new Set([
  ...HIGH_VALUE_IN_USERS.map((name) => `cn=${name},cn=users`),
  ...HIGH_VALUE_IN_BUILTIN.map((name) => `cn=${name},cn=builtin`),
])
const IN_USERS: ReadonlySet<string> = new Set(
  [...HIGH_VALUE_IN_USERS, ...OTHERS_IN_USERS].map((name) => `cn=${name},cn=users`),
)

/** `cn=domain admins,cn=users` of a name that stands directly in a container of the domain. */
const inContainer = (dn: string): string => dn.replace(/,dc=.*$/s, '')

/** @param dn in lower case without spaces around its signs */
export const isHighValueName = (dn: string): boolean => HIGH_VALUE.has(inContainer(dn))

/** Whether a name is that of a group of the system itself; `CN=Builtin` holds nothing else. */
export const isSystemGroupName = (dn: string): boolean =>
  IN_USERS.has(inContainer(dn)) || /^cn=[^,]+,cn=builtin,dc=/.test(dn)
