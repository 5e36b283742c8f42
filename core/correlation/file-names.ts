/** What a file is for an attack path, by its extension: names lie, but what Windows does on a double click follows them. */
export type FileUse =
  | 'document'
  | 'script'
  | 'program'
  | 'library'
  | 'archive'
  | 'disk-image'
  | 'shortcut'
  | 'page'
  | 'installer'
  | 'message'

const USES: ReadonlyMap<FileUse, string> = new Map<FileUse, string>([
  [
    'document',
    'doc docx docm dot dotx dotm rtf odt xls xlsx xlsm xlsb xlt xltm xlam xla xll slk iqy csv ppt pptx pptm pps ppsx ppsm potm ppam pub one onepkg vsd vsdx vsdm mdb accdb accde pdf xps wps wbk',
  ],
  [
    'script',
    'js jse vbs vbe wsf wsh wsc sct hta ps1 psm1 psd1 bat cmd py pyw pl rb sh jar jnlp au3 ahk xsl inf reg csproj vbproj chm msc settingcontent-ms library-ms search-ms',
  ],
  ['program', 'exe com scr pif cpl'],
  ['library', 'dll ocx sys drv ax node'],
  ['archive', 'zip rar 7z cab gz tgz tar bz2 xz zst ace arj lzh z'],
  ['disk-image', 'iso img vhd vhdx udf'],
  ['shortcut', 'lnk url website'],
  ['page', 'html htm shtml xhtml mht mhtml svg xml'],
  ['installer', 'msi msp msix appx msixbundle appinstaller application vsto'],
  ['message', 'eml msg'],
])
const BY_EXTENSION: ReadonlyMap<string, FileUse> = new Map(
  [...USES].flatMap(([use, list]) => list.split(' ').map((extension) => [extension, use] as const)),
)

/** Extension in lower case without the dot; empty when there is none. */
export function extensionOf(path: string): string {
  return /\.([a-z0-9-]{1,20})$/i.exec(path)?.[1]?.toLowerCase() ?? ''
}

/** Undefined for anything an attack path has no use for (logs, caches, pictures). */
export const useOf = (path: string): FileUse | undefined => BY_EXTENSION.get(extensionOf(path))

/**
 * A path with an NTFS stream name (`C:\a\b.docx:Zone.Identifier`, also with `:$DATA`) in its two parts; `stream` is
 * undefined for the file itself.
 */
export function splitStream(path: string): { path: string; stream: string | undefined } {
  const match = /^((?:[a-z]:|\\\\)[^:]*):([^:\\]+)(?::\$DATA)?$/i.exec(path)
  return match?.[1] === undefined ? { path, stream: undefined } : { path: match[1], stream: match[2] }
}
