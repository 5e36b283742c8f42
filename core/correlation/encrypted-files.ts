import { baseName } from '../normalise/path.ts'

/** Files of people, and data of programs: what is encrypted for ransom. */
const VALUED = new Set(
  'doc docx docm dot dotx rtf odt ods odp xls xlsx xlsm xlsb csv ppt pptx pptm pps ppsx pdf txt md xps vsd vsdx one pub mdb accdb mpp msg eml pst ost jpg jpeg png gif bmp tif tiff psd ai indd svg mp3 mp4 mov avi mkv wav dwg dxf dgn step stp cad sql sqlite db dbf mdf ldf bak vbk vib vmdk vhd vhdx vdi zip rar 7z tar gz tgz key pfx pem kdbx xml json html htm config ini log php js py java cs cpp h'.split(
    ' ',
  ),
)
/**
 * What programs add to a whole name: unfinished and old copies, compression, signatures, marks of synchronisation and of scanners,
 * side files. And every ordinary extension: `a.pdf.html` is a page.
 */
const ADDED_BY_PROGRAMS = new Set(
  'tmp temp bak backup old orig original new save saved copy part partial crdownload download filepart opdownload lnk url lock lck swp swo gz bz2 xz lz4 zst lzma z br zip 7z rar tar cab gpg pgp asc sig p7m p7s age axx sha1 sha256 sha512 md5 crc sync bts syncthing dropbox icloud onedrive gdoc gsheet gslides quarantine quar vir virus infected mcafee meta metadata properties index idx ocr thumb thumbs cache map min license licenses rels manifest mui sdb cat xmp webp aspx ashx asp jsp exe dll msi hta lng loc resx res ico dat bin blob rdb journal wal shm odlgz filelist vbm'.split(
    ' ',
  ),
)
/** `report.xlsx.hldn`: an extension that no program is known to add, behind one of a file of value. */
const TWO = /\.([a-z0-9]{1,6})\.([a-z0-9_-]{2,24})$/i

/** The extension behind the ordinary one, and the ordinary one; undefined for every usual name. */
export function addedExtension(path: string): { added: string; inner: string } | undefined {
  const match = TWO.exec(path)
  const inner = match?.[1]?.toLowerCase() ?? ''
  const added = match?.[2]?.toLowerCase() ?? ''
  if (!VALUED.has(inner) || VALUED.has(added) || ADDED_BY_PROGRAMS.has(added)) return undefined
  // Numbers count versions, a tilde or underscore alone marks one.
  return /[a-z]/.test(added) && !/^(?:v|rev|r)?\d+[a-z]?$/.test(added) ? { added, inner } : undefined
}

const NOTE =
  /^[!#@_+\-\s]*(?:(?:how|read|restor|recover|decrypt|unlock|instruction|help|warning|attention|ransom|your|files?|data)\w*[\s_.!\-]*){1,6}[^\\]{0,24}\.(?:txt|html?|hta)$/i
/** Two such words, or one that leaves no doubt: `README.txt` lies in every other package of programs. */
const GRAVE = /restor|recover|decrypt|unlock|ransom|how[\s_-]?to[\s_-]?(?:back|get)|read[\s_-]?me[\s_!-]+\w/i

/** Whether a file is named like the note of an extortionist. */
export function isRansomNote(path: string): boolean {
  const name = baseName(path)
  return name.length <= 80 && NOTE.test(name) && GRAVE.test(name)
}
