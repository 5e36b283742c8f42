/** Distinguished names of directory objects (RFC 4514). */

/** A distinguished name for comparing: lower case, no space around `,` and `=`; escaped commas stay. */
export function toDnKey(dn: string): string {
  return splitDn(dn)
    .map((part) => {
      const equals = part.indexOf('=')
      if (equals === -1) return part.trim()
      return `${part.slice(0, equals).trim()}=${part.slice(equals + 1).trim()}`
    })
    .join(',')
    .toLowerCase()
}

/**
 * The parts of a distinguished name, split at commas that are not escaped or quoted (RFC 4514, 2.4); empty ones are none.
 * By hand: a regular expression runs out of stack over a name of some megabytes.
 */
export function splitDn(dn: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let at = 0; at < dn.length; at++) {
    const unit = dn[at]
    if (unit === '\\') at += 1
    else if (unit === '"') {
      const close = dn.indexOf('"', at + 1)
      if (close !== -1) at = close
    } else if (unit === ',') {
      if (at > start) parts.push(dn.slice(start, at))
      start = at + 1
    }
  }
  if (dn.length > start) parts.push(dn.slice(start))
  return parts
}

/** DNS name of the domain out of the `DC=` parts, undefined when there are none. */
export function toDomain(dn: string): string | undefined {
  const labels = splitDn(dn).flatMap((part) => {
    const equals = part.indexOf('=')
    const value = part.slice(equals + 1).trim()
    return part.slice(0, Math.max(equals, 0)).trim().toLowerCase() === 'dc' && value !== '' ? [value] : []
  })
  return labels.length === 0 ? undefined : labels.join('.').toLowerCase()
}

/** The value of the first part: `Alice Example` of `CN=Alice Example,OU=Staff`. */
export function toCommonName(dn: string): string {
  const first = splitDn(dn)[0] ?? dn
  return first
    .slice(first.indexOf('=') + 1)
    .trim()
    .replace(/\\(.)/g, '$1')
}
