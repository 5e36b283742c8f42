import { baseName } from '../normalise/path.ts'

/** Programs that open documents with macros, objects or scripts in them. */
const OFFICE = new Set(
  'winword.exe excel.exe powerpnt.exe msaccess.exe mspub.exe visio.exe onenote.exe onenotem.exe eqnedt32.exe wordpad.exe soffice.exe soffice.bin scalc.exe swriter.exe wps.exe et.exe hwp.exe hword.exe'.split(
    ' ',
  ),
)
const READERS = new Set(
  'acrord32.exe acrobat.exe foxitpdfreader.exe foxitreader.exe sumatrapdf.exe foxitpdfeditor.exe'.split(' '),
)
/** Outlook runs no macros of messages, but rules, forms and add-ins of it start programs. */
const MAIL = new Set(['outlook.exe', 'olk.exe'])

export type DocumentProgram = 'office' | 'reader' | 'mail'

/** What kind of program for documents an image is; undefined for all others. */
export function documentProgramOf(path: string | undefined): DocumentProgram | undefined {
  const name = baseName(path ?? '').toLowerCase()
  return OFFICE.has(name) ? 'office' : READERS.has(name) ? 'reader' : MAIL.has(name) ? 'mail' : undefined
}

/** Shells, script hosts and loaders: no document needs one. */
const SHELLS = new Set(
  'cmd powershell pwsh powershell_ise wscript cscript mshta rundll32 regsvr32 certutil bitsadmin msiexec wmic msbuild installutil regasm regsvcs cmstp schtasks sc hh forfiles pcalua control curl ftp bash wsl scriptrunner odbcconf mavinject net net1 whoami systeminfo nltest tasklist ipconfig'.split(
    ' ',
  ),
)
export const isShell = (path: string): boolean =>
  SHELLS.has(
    baseName(path)
      .toLowerCase()
      .replace(/\.exe$/, ''),
  )
