import { type Ace, ALLOW, ALLOW_OBJECT, type Descriptor, MAX_ACES } from './access-control.ts'
import { decodeGuid, decodeSid } from './sid.ts'

/** Owner and access list out of a self-relative security descriptor (MS-DTYP 2.4.6); broken entries end the list. */
export function readDescriptor(bytes: Uint8Array): Descriptor {
  return { owner: readOwner(bytes), aces: readAces(bytes) }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

function readOwner(bytes: Uint8Array): string | undefined {
  if (bytes.length < 20) return undefined
  const at = viewOf(bytes).getUint32(4, true)
  return at === 0 ? undefined : decodeSid(bytes, at)
}

function readAces(bytes: Uint8Array): Ace[] {
  if (bytes.length < 20 || bytes[0] !== 1) return []
  const view = viewOf(bytes)
  const list = view.getUint32(16, true)
  if (list === 0 || list + 8 > bytes.length) return []
  const count = Math.min(view.getUint16(list + 4, true), MAX_ACES)
  const aces: Ace[] = []
  let at = list + 8
  for (let index = 0; index < count && at + 8 <= bytes.length; index++) {
    const size = view.getUint16(at + 2, true)
    if (size < 8 || at + size > bytes.length) break
    const ace = readAce(bytes, view, at, size)
    if (ace !== undefined) aces.push(ace)
    at += size
  }
  return aces
}

function readAce(bytes: Uint8Array, view: DataView, at: number, size: number): Ace | undefined {
  const kind = bytes[at]
  const flags = bytes[at + 1] ?? 0
  if (kind !== ALLOW && kind !== ALLOW_OBJECT) return undefined
  const mask = view.getUint32(at + 4, true)
  let sidAt = at + 8
  let type: string | undefined
  if (kind === ALLOW_OBJECT) {
    if (size < 12) return undefined
    const present = view.getUint32(at + 8, true)
    sidAt = at + 12
    if ((present & 1) !== 0) {
      type = decodeGuid(bytes, sidAt)
      sidAt += 16
    }
    if ((present & 2) !== 0) sidAt += 16
  }
  const principal = decodeSid(bytes, sidAt)
  return principal === undefined ? undefined : { kind, flags, principal, mask, type }
}
