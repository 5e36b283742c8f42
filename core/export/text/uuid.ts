import { createHash } from 'node:crypto'

/** Redthread's own namespace (a random UUID, fixed for good): ids of the same thing are the same in every export. */
const REDTHREAD = '5b0c1a52-6f0e-4f3d-9a57-0d2f6b7c9e41'
/** Namespace of STIX cyber observables (STIX 2.1, section 2.9). */
const STIX = '00abedb4-aa42-466c-9c01-fed23315a9b7'

/** UUID version 5 (RFC 9562 section 5.5): SHA-1 over namespace and name. */
function uuid5(namespace: string, name: string): string {
  const bytes = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name, 'utf8')
    .digest()
    .subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
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
