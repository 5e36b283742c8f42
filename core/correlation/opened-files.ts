import { baseName } from '../normalise/path.ts'
import { argumentsOf, splitCommandLine, toAbsolute } from './command-line.ts'
import { type FileUse, useOf } from './file-names.ts'

/** How a program takes the files it opens. */
interface Opener {
  /** Uses of files it opens; `any` where the extension does not matter to the program. */
  readonly opens: readonly FileUse[] | 'any'
  /** Picks the arguments that are opened; all of them when left out. */
  readonly pick?: (args: readonly string[], commandLine: string) => readonly string[]
}
/** A file a process opened, by its command line. `isKnown`: the program is known to open what it is given. */
export interface OpenedFile {
  readonly path: string
  readonly isKnown: boolean
}
/** Files taken from one command line; more are a list to be processed, not an opened document. */
const MAX_FILES = 8

const after =
  (pattern: RegExp) =>
  (args: readonly string[]): string[] =>
    args.flatMap((arg, index) => (pattern.test(arg) ? (args[index + 1] ?? []) : []))

/** `-File x.ps1`, a bare `x.ps1`, or `& 'x.ps1'` inside a command. Other paths of a command are its operands. */
function powershellScripts(args: readonly string[], commandLine: string): string[] {
  const named = after(/^[-/]f(?:i(?:le?)?)?$/i)(args)
  const [first] = args
  const bare = first !== undefined && /\.ps1$/i.test(first) ? [first] : []
  const invoked = [
    ...commandLine.matchAll(
      /(?:^|[\s;|{"'(])[&.]\s+['"]?((?:[a-z]:\\|\.\\)[^'";|<>]{1,400}?\.(?:ps1|bat|cmd|vbs|js|exe))/gi,
    ),
  ]
  return [...named, ...bare, ...invoked.flatMap((match) => match[1] ?? [])]
}
/** The word behind /c or /k, and what `start` is told to open. */
function cmdScripts(_args: readonly string[], commandLine: string): string[] {
  const command = /\s\/[ckr]\s*(.*)$/is.exec(commandLine)?.[1]?.replace(/^"(?=.*")/, '') ?? ''
  const words = splitCommandLine(command.replace(/^"{1,2}/, '"')).map((arg) => arg.text)
  const [first] = words
  if (first?.toLowerCase() === 'start') return words.slice(1).filter((word) => !word.startsWith('/'))
  return [first ?? '', command.replace(/"/g, '').trim()]
}
/** `library,Entry arguments`: the library, and what the entry is given to open. What comsvcs.dll is given is written: a dump. */
function rundllFiles(args: readonly string[]): string[] {
  const library = (args[0] ?? '').replace(/,[^,\\]*$/, '')
  return /(?:^|\\)comsvcs(?:\.dll)?$/i.test(library) ? [library] : [library, ...args.slice(1)]
}
const MSI = after(/^[-/](?:i|package|a|p|update|j[um]?|f[a-z]*)$/i)

const OFFICE: Opener = { opens: ['document', 'page', 'message'] }
const BROWSER: Opener = { opens: ['page', 'document', 'message'] }
const ARCHIVER: Opener = { opens: ['archive', 'disk-image'] }
const SCRIPTS: Opener = { opens: ['script', 'page'] }
const ANY: Opener = { opens: 'any' }

const OPENERS: ReadonlyMap<string, Opener> = new Map([
  ...'winword excel powerpnt msaccess mspub visio onenote wordpad soffice.bin soffice scalc swriter et wps wpp acrord32 acrobat foxitpdfreader foxitreader sumatrapdf hwp'
    .split(' ')
    .map((name) => [name, OFFICE] as const),
  ...'msedge chrome firefox iexplore opera brave vivaldi'.split(' ').map((name) => [name, BROWSER] as const),
  ...'7zfm 7zg 7z winrar rar unrar winzip64 winzip32 bandizip peazip izarc'
    .split(' ')
    .map((name) => [name, ARCHIVER] as const),
  ...'wscript cscript mshta msbuild cmstp hh mmc java javaw python pythonw python3 node ruby perl autoit3'
    .split(' ')
    .map((name) => [name, SCRIPTS] as const),
  ['outlook', { opens: ['message'] }],
  ['thunderbird', { opens: ['message'] }],
  ['explorer', { opens: ['disk-image', 'archive', 'shortcut', 'script', 'page', 'document'] }],
  ['rundll32', { opens: 'any', pick: rundllFiles }],
  ['regsvr32', { opens: 'any', pick: (args) => args.map((arg) => arg.replace(/^[-/]i:/i, '')) }],
  ['regasm', ANY],
  ['regsvcs', ANY],
  ['installutil', ANY],
  ['control', { opens: ['program', 'library'] }],
  ['msiexec', { opens: 'any', pick: MSI }],
  ['powershell', { opens: 'any', pick: powershellScripts }],
  ['pwsh', { opens: 'any', pick: powershellScripts }],
  ['powershell_ise', { opens: ['script'] }],
  ['cmd', { opens: ['script', 'shortcut', 'document', 'page', 'disk-image'], pick: cmdScripts }],
  [
    'odbcconf',
    {
      opens: 'any',
      pick: (args) => args.map((arg) => arg.replace(/^.*regsvr\s+/i, '').replace(/[{}]/g, '')),
    },
  ],
])

/**
 * Files that a process opens, by its command line. For a program that is not known, only the shape of an opened
 * document counts: one single argument, a document.
 * @param image path of the program
 * @param directory its current directory, for relative names
 * @returns absolute paths, each once, without the program's own
 */
export function openedFiles(image: string, commandLine: string, directory?: string): OpenedFile[] {
  const opener = OPENERS.get(
    baseName(image)
      .toLowerCase()
      .replace(/\.exe$/, ''),
  )
  const args = argumentsOf(commandLine)
  const picked = opener ? (opener.pick?.(args, commandLine) ?? args) : args.length === 1 ? args : []
  const found = new Map<string, OpenedFile>()
  for (const arg of picked) {
    // A library without a folder is looked for in the folders of Windows first, not in the current one.
    const isSearched = opener?.opens === 'any' && useOf(arg) === 'library'
    const path = toAbsolute(arg, opener && !isSearched ? directory : undefined)
    if (path === undefined || path.toLowerCase() === image.toLowerCase()) continue
    const use = useOf(path)
    const isOpened = opener
      ? opener.opens === 'any'
        ? /[^\\.]\.[^\\.]+$/.test(path)
        : use !== undefined && opener.opens.includes(use)
      : use === 'document'
    if (isOpened) found.set(path.toLowerCase(), { path, isKnown: opener !== undefined })
  }
  return found.size > MAX_FILES ? [] : [...found.values()]
}
