import type { EventFields, EventKind } from '../../model/event.ts'
import { toHash } from '../../normalise/hash.ts'
import { toIp, toPort } from '../../normalise/host.ts'
import { present } from '../../normalise/placeholder.ts'
import { describe } from '../log/values.ts'
import type { ZeekRow } from './zeek-row.ts'

/** What an entry of one log is. */
export type Meaning = (row: ZeekRow) => { readonly kind: EventKind; readonly fields: EventFields }

/** Result of a `T`/`F` field. */
export const outcome = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : /^(?:T|true)$/i.test(text) ? 'success' : 'failure'

/** The first of these fields that has a value. */
export const one = (row: ZeekRow, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = present(row.text(name))
    if (value !== undefined) return value
  }
  return undefined
}
/** These fields for reading. */
export const pairs = (row: ZeekRow, ...names: readonly string[]): string | undefined =>
  describe(names.map((name) => [name, row.text(name)] as const))

/** Both ends of the connection, which nearly every log carries. */
export function ends(row: ZeekRow): EventFields {
  return {
    provider: 'Zeek',
    sessionId: one(row, 'uid', 'conn_uids'),
    sourceIp: toIp(one(row, 'id.orig_h', 'src')),
    sourcePort: toPort(one(row, 'id.orig_p')),
    destinationIp: toIp(one(row, 'id.resp_h', 'dst')),
    destinationPort: toPort(one(row, 'id.resp_p', 'p')),
  }
}

/** A hash of the kind that the field is named after; a fingerprint is a SHA-256 or none. */
export const hashOf = (row: ZeekRow, kind: 'sha256' | 'sha1' | 'md5' | 'fingerprint'): string | undefined => {
  const hash = toHash(row.text(kind))
  return hash !== undefined && (hash.kind === kind || (kind === 'fingerprint' && hash.kind === 'sha256'))
    ? hash.hash
    : undefined
}
