import type { MailAddress } from '../../../model/message.ts'
import { toAddressKey } from '../../../normalise/mail.ts'

/** Provider of addresses that stand in no address book, as its bytes stand in an entry id (MS-OXCDATA 2.2.5.1). */
const PROVIDER = Buffer.from('812b1fa4bea310199d6e00dd010f5402', 'hex')
const UNICODE_FLAG = 0x8000
/** A reply list of thousands is made to cost time. */
const MAX_ENTRIES = 200

/** Addresses of a list of entry ids (FlatEntryList, MS-OXCDATA 2.3.3); ids of other kinds hold no address. */
export function readOneOffList(bytes: Buffer): MailAddress[] {
  const found: MailAddress[] = []
  let at = 8
  for (let count = 0; at + 4 <= bytes.length && count < MAX_ENTRIES; count++) {
    const length = bytes.readUInt32LE(at)
    const address = readOneOff(bytes.subarray(at + 4, at + 4 + length))
    if (address !== undefined) found.push(address)
    at += 4 + length + ((4 - (length % 4)) % 4)
  }
  return found
}

function readOneOff(id: Buffer): MailAddress | undefined {
  if (id.length < 26 || !PROVIDER.equals(id.subarray(4, 20))) return undefined
  const isUnicode = (id.readUInt16LE(22) & UNICODE_FLAG) !== 0
  const text = isUnicode
    ? id.subarray(24, 24 + ((id.length - 24) & ~1)).toString('utf16le')
    : id.toString('latin1', 24)
  const [name = '', , written = ''] = text.split('\0', 3)
  const address = toAddressKey(written)
  if (address === undefined) return undefined
  return name === '' || name.toLowerCase() === address ? { address } : { address, name }
}
