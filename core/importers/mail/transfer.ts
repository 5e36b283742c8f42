const EQUALS = 0x3d
const LF = 0x0a
const CR = 0x0d

/** Body bytes with their transfer encoding undone (RFC 2045, 6); unknown encodings are taken as they are. */
export function decodeTransfer(body: Uint8Array, encoding: string): Uint8Array {
  if (encoding.startsWith('base64')) return decodeBase64(body)
  if (encoding.startsWith('quoted-printable')) return decodeQuotedPrintable(body)
  return body
}

/** Foreign characters are skipped; padding inside (joined base64 texts) starts a new group. */
function decodeBase64(body: Uint8Array): Uint8Array {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  const text = bytes.toString('latin1')
  const padding = text.indexOf('=')
  if (padding === -1 || /^[=\s]*$/.test(text.slice(padding))) return Buffer.from(text, 'base64')
  return Buffer.concat(text.split(/=+/).map((piece) => Buffer.from(piece, 'base64')))
}

const hexValue = (byte: number | undefined): number => {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function decodeQuotedPrintable(body: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(body.length)
  let length = 0
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte !== EQUALS) {
      out[length++] = byte
      continue
    }
    const high = hexValue(body[at + 1])
    const low = hexValue(body[at + 2])
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low
      at += 2
      continue
    }
    let next = at + 1
    while (body[next] === 0x20 || body[next] === 0x09) next++
    if (body[next] === CR && body[next + 1] === LF) next++
    // a soft line break vanishes, also at the very end; any other `=` stays as written
    if (next >= body.length || body[next] === LF) at = next
    else out[length++] = byte
  }
  return out.subarray(0, length)
}
