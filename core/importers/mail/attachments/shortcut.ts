import { decodeText } from '../charset.ts'
import type { AttachmentOpener } from '../content-reading.ts'
import { isCfb } from '../mapi/cfb.ts'

const LNK_MAGIC = Buffer.from('4c0000000114020000000000c000000000000046', 'hex')
const OLD_OFFICE = /\.(?:doc|dot|xls|xlt|xlm|ppt|pps|pub|vsd|rtf)$/i
/** Shortcuts are some KB; old Office files up to some MB are searched. */
const MAX_SEARCHED = 16 << 20

/**
 * Files where addresses stand as plain characters: internet shortcuts (`.url`, `.webloc`, `.desktop`), Windows shortcuts
 * (`.lnk`: target, arguments and icon are 8-bit or UTF-16 text) and Office files before 2007.
 */
export const shortcutOpener: AttachmentOpener = {
  isContainer: false,
  fits: ({ bytes, name }) =>
    /\.(?:url|website|webloc|desktop|lnk|search-ms|library-ms)$/i.test(name) ||
    LNK_MAGIC.equals(bytes.subarray(0, LNK_MAGIC.length)) ||
    (OLD_OFFICE.test(name) && isCfb(bytes)),
  open(file, reading, { holder }) {
    const bytes = Buffer.from(
      file.bytes.buffer,
      file.bytes.byteOffset,
      Math.min(file.bytes.length, MAX_SEARCHED),
    )
    const isText = !LNK_MAGIC.equals(bytes.subarray(0, LNK_MAGIC.length)) && !isCfb(bytes)
    if (isText) {
      reading.urls.addText(decodeText(bytes, undefined), holder)
      return
    }
    // 8-bit text, then UTF-16 at even and odd offsets; what is no printable ASCII ends an address
    const plain = (text: string): string => text.replace(/[^\x21-\x7e]+/g, '\n')
    reading.urls.addText(plain(bytes.toString('latin1')), holder)
    reading.urls.addText(plain(bytes.subarray(0, bytes.length & ~1).toString('utf16le')), holder)
    const odd = bytes.subarray(1)
    reading.urls.addText(plain(odd.subarray(0, odd.length & ~1).toString('utf16le')), holder)
  },
}
