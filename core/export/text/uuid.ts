import { hash } from 'node:crypto'

/** Redthread's own namespace (a random UUID, fixed for good): ids of the same thing are the same in every export. */
const REDTHREAD = bytesOf('5b0c1a52-6f0e-4f3d-9a57-0d2f6b7c9e41')
/** Namespace of STIX cyber observables (STIX 2.1, section 2.9). */
const STIX = bytesOf('00abedb4-aa42-466c-9c01-fed23315a9b7')

function bytesOf(uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

/** UUID version 5 (RFC 9562 section 5.5): SHA-1 over namespace and name. In one call: an export of a large case makes a million. */
function uuid5(namespace: Buffer, name: string): string {
  const hex = hash('sha1', Buffer.concat([namespace, Buffer.from(name)]))
  const variant = ((parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}

/** Id of something of one case: the same in every export of that case. */
export const caseUuid = (caseId: string, ...name: readonly (string | number)[]): string =>
  uuid5(REDTHREAD, JSON.stringify([caseId, ...name]))

/** Id of a STIX observable from its contributing properties, which stand in canonical JSON (RFC 8785: keys sorted). */
export function observableUuid(contributing: Readonly<Record<string, unknown>>): string {
  return uuid5(STIX, canonical(contributing))
}

/** Canonical JSON of values that hold texts, numbers, lists and plain objects. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`).join(',')}}`
}
