import { baseName } from '../normalise/path.ts'
import { argumentsOf, toAbsolute } from './command-line.ts'
import { extensionOf, useOf } from './file-names.ts'

/**
 * Explorer opens a file inside a compressed folder from `Temp\Temp1_NAME.zip\...`; Windows 11 from
 * `Temp\<guid>_NAME.zip.<3 hex digits>\...`.
 */
const COMPRESSED_FOLDER =
  /\\temp\\(?:temp\d{1,4}_|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}_)([^\\]+?\.(?:zip|rar|7z|cab|tar|gz|tgz|iso))(?:\.[0-9a-f]{3})?\\./i
/** 7-Zip (`7zO`, `7zE`) and WinRAR (`Rar$EXa`, `Rar$DIa`, ...) open members from folders that do not name the archive. */
const ARCHIVER_FOLDER =
  /\\temp\\(?:7z[eos][0-9a-f]{6,8}|rar\$[a-z]{2,3}[\d.]+|wz[0-9a-f]{4}|bnz\.[0-9a-f]+|peazip-tmp)\\./i

const ARCHIVERS = new Set([
  '7zfm',
  '7zg',
  '7z',
  '7za',
  '7zr',
  'winrar',
  'rar',
  'unrar',
  'winzip64',
  'winzip32',
  'wzunzip',
  'bandizip',
  'bz',
  'peazip',
  'izarc',
  'tar',
  'bsdtar',
  'expand',
  'unzip',
])

/** Name of the archive that Explorer's temporary folder tells, for a path inside it. */
export const compressedFolderOf = (path: string): string | undefined => COMPRESSED_FOLDER.exec(path)?.[1]

/** Whether the path lies in the temporary folder of an archiver. */
export const isInArchiverFolder = (path: string): boolean => ARCHIVER_FOLDER.test(path)

/** Whether the file is an archive or a disk image. */
export const isContainer = (path: string): boolean => {
  const use = useOf(path)
  return use === 'archive' || use === 'disk-image'
}

/** Whether the program unpacks archives. */
export const isArchiver = (image: string): boolean =>
  ARCHIVERS.has(
    baseName(image)
      .toLowerCase()
      .replace(/\.exe$/, ''),
  )

/**
 * The archive an archiver takes apart, by its command line.
 * @returns undefined for other programs, when none or several archives are named, and when it packs (`a`, `u`, `-c`)
 */
export function archiveOf(image: string, commandLine: string, directory?: string): string | undefined {
  if (
    !ARCHIVERS.has(
      baseName(image)
        .toLowerCase()
        .replace(/\.exe$/, ''),
    )
  )
    return undefined
  const args = argumentsOf(commandLine)
  if (/^(?:[aumd]|-[a-z]*[cru][a-z]*f?)$/i.test(args[0] ?? '') && extensionOf(args[0] ?? '') === '')
    return undefined
  const archives = new Set(
    args.flatMap((arg) => (isContainer(arg) ? (toAbsolute(arg, directory) ?? []) : [])),
  )
  const [only] = archives
  return archives.size === 1 ? only : undefined
}
