import { toHost } from './host.ts'

/** A service principal name: `class/host[:port][/name]` (MS-KILE 3.1.5.11). Names are short; the rest is no name. */
const SPN = /^[^/\s]{1,64}\/([a-z0-9._-]{1,255})(?::[^/\s]{1,64})?(?:\/.{0,512})?$/i

/**
 * The endpoint a service principal name is about, as a reference of a directory edge: `fqdn:fs1.corp.example`, or
 * `netbios:fs1` when only the short name is there. Identity finds the endpoint by it.
 */
export function toHostRef(servicePrincipal: string): string | undefined {
  const host = toHost(SPN.exec(servicePrincipal.trim())?.[1])?.toLowerCase()
  return host === undefined ? undefined : `${host.includes('.') ? 'fqdn' : 'netbios'}:${host}`
}

/** Takes such a reference apart; undefined for object ids and distinguished names. */
export function readHostRef(ref: string): { alias: 'fqdn' | 'netbios'; name: string } | undefined {
  if (ref.startsWith('fqdn:')) return { alias: 'fqdn', name: ref.slice(5) }
  return ref.startsWith('netbios:') ? { alias: 'netbios', name: ref.slice(8) } : undefined
}

/**
 * A domain by all that a trust tells of it, as a reference of a directory edge: `domain:lab.example|S-1-5-21-1-2-4`. Its export need
 * not be in the case. Name or SID may be missing, not both.
 */
export function toDomainRef(name: string | undefined, sid: string | undefined): string | undefined {
  const dns = name?.trim().toLowerCase().replace(/\.$/, '') ?? ''
  return dns === '' && sid === undefined ? undefined : `domain:${dns}|${sid?.toUpperCase() ?? ''}`
}

/** Takes such a reference apart; undefined for all others. */
export function readDomainRef(
  ref: string,
): { name: string | undefined; sid: string | undefined } | undefined {
  if (!ref.startsWith('domain:')) return undefined
  const cut = ref.lastIndexOf('|')
  const [name, sid] = [ref.slice(7, Math.max(cut, 7)), ref.slice(cut + 1)]
  return { name: name === '' ? undefined : name, sid: sid === '' ? undefined : sid }
}

/**
 * The SID of an account of another domain, which a group names by a stand-in in its own directory:
 * `CN=S-1-5-21-...,CN=ForeignSecurityPrincipals,DC=...` (MS-ADTS, Foreign Security Principals Container).
 */
export const readForeignSid = (ref: string): string | undefined =>
  /^cn=(s-1-5-21(?:-\d{1,10}){4}),cn=foreignsecurityprincipals,/i.exec(ref)?.[1]?.toUpperCase()
