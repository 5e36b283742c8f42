import { decodeText } from '../charset.ts'
import type { AttachmentOpener } from '../content-reading.ts'
import { isCfb } from '../mapi/cfb.ts'

const LNK_MAGIC = Buffer.from('4c0000000114020000000000c000000000000046', 'hex')
const ONE_MAGIC = Buffer.from('e4525c7b8cd8a74daeb15378d02996d3', 'hex')
/** The stream of a document that Office encrypted, as its name stands in the directory. */
const LOCKED = Buffer.from('EncryptedPackage', 'utf16le')
const OFFICE = /\.(?:do[ct][xm]?|xl[stm][xmb]?|pp[ts][xm]?|pub|vsd)$/i
/** Shortcuts are some KB; Office files up to some MB are searched. */
const MAX_SEARCHED = 16 << 20

const startsWith = (bytes: Uint8Array, magic: Buffer): boolean =>
  magic.equals(bytes.subarray(0, magic.length))
const isBinary = (bytes: Uint8Array): boolean =>
  isCfb(bytes) || startsWith(bytes, LNK_MAGIC) || startsWith(bytes, ONE_MAGIC)

/**
 * Files where addresses stand as plain characters: internet shortcuts (`.url`, `.webloc`, `.desktop`), Windows shortcuts
 * (`.lnk`: target, arguments and icon are 8-bit or UTF-16 text), Office files before 2007 and OneNote sections.
 */
export const searchedOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ bytes, name }) =>
    /\.(?:url|website|webloc|desktop|lnk|search-ms|library-ms)$/i.test(name) ||
    startsWith(bytes, LNK_MAGIC) ||
    startsWith(bytes, ONE_MAGIC) ||
    (OFFICE.test(name) && isCfb(bytes)),
  open(file, reading, { holder }) {
    const bytes = Buffer.from(
      file.bytes.buffer,
      file.bytes.byteOffset,
      Math.min(file.bytes.length, MAX_SEARCHED),
    )
    if (!isBinary(bytes)) {
      reading.urls.addText(decodeText(bytes, undefined), holder)
      return
    }
    if (isCfb(bytes) && bytes.includes(LOCKED)) {
      reading.issues.add('attachment_locked')
      return
    }
    // 8-bit text, then UTF-16 at even and odd offsets; what is no printable ASCII ends an address
    const plain = (text: string): string => text.replace(/[^\x21-\x7e]+/g, '\n')
    const wide = (from: Buffer): string => plain(from.subarray(0, from.length & ~1).toString('utf16le'))
    reading.urls.addText(plain(bytes.toString('latin1')), holder)
    reading.urls.addText(wide(bytes), holder)
    reading.urls.addText(wide(bytes.subarray(1)), holder)
  },
}
