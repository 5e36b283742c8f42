import { present } from './placeholder.ts'

/** `DOMAIN\name` from its parts; the bare name when the domain is unknown; undefined when there is no name. */
export function toAccount(domain: string | undefined, name: string | undefined): string | undefined {
  const bare = present(name)
  if (bare === undefined) return undefined
  const realm = present(domain)
  // 4769 writes user@REALM, some sources the whole DOMAIN\user: both already name their domain.
  if (realm === undefined || bare.includes('\\') || bare.includes('@')) return bare
  return `${realm}\\${bare}`
}

const SID = /^S-1-\d{1,15}(?:-\d{1,10}){0,15}$/i

/** Upper-case SID (a leading `*` or surrounding braces go), undefined for the null SID and for anything else. */
export function toSid(text: string | undefined): string | undefined {
  const sid = present(text)?.replace(/^[%{*]+|\}$/g, '')
  return sid !== undefined && SID.test(sid) && sid.toUpperCase() !== 'S-1-0-0' ? sid.toUpperCase() : undefined
}
