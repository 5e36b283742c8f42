import { win32 } from 'node:path'
import { useOf } from './file-names.ts'

/** Windows takes 32,767 characters; what is longer is not a command line. Attack: megabytes of quotes. */
const MAX_COMMAND_LINE = 32_768
/** Words of an unquoted path with blanks that are joined before giving up. */
const MAX_JOINED_WORDS = 12

/** One argument. `isQuoted` tells that a blank inside is part of it. */
export interface Argument {
  readonly text: string
  readonly isQuoted: boolean
}

/**
 * Splits a Windows command line as `CommandLineToArgvW` does (quotes group, `\"` is a quote); single quotes group nothing.
 * An unclosed quote ends with the line.
 */
export function splitCommandLine(commandLine: string): Argument[] {
  const args: Argument[] = []
  let text = ''
  let isOpen = false
  let isQuoted = false
  let isStarted = false
  const line = commandLine.slice(0, MAX_COMMAND_LINE)
  for (let index = 0; index < line.length; index += 1) {
    const sign = line[index] as string
    // A backslash before a closing quote is the end of a folder, not an escape, whatever the C library thinks.
    if (sign === '\\' && line[index + 1] === '"' && isOpen && /\S/.test(line[index + 2] ?? '')) {
      text += '"'
      index += 1
    } else if (sign === '"') {
      isOpen = !isOpen
      isQuoted = true
      isStarted = true
    } else if (/\s/.test(sign) && !isOpen) {
      if (isStarted) args.push({ text, isQuoted })
      text = ''
      isQuoted = isStarted = false
    } else {
      text += sign
      isStarted = true
    }
  }
  if (isStarted) args.push({ text, isQuoted })
  return args
}

const ABSOLUTE = /^(?:[a-z]:[\\/]|\\\\[^\\?.][^\\]*\\)/i
/** Where the variables of Windows point on nearly every machine; user folders differ and stay as they are. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['systemroot', 'C:\\Windows'],
  ['windir', 'C:\\Windows'],
  ['systemdrive', 'C:'],
  ['programdata', 'C:\\ProgramData'],
  ['allusersprofile', 'C:\\ProgramData'],
  ['programfiles', 'C:\\Program Files'],
  ['programfiles(x86)', 'C:\\Program Files (x86)'],
  ['public', 'C:\\Users\\Public'],
])
/** Fills in the machine-wide variables and the `\SystemRoot\` and `\??\` forms that services use. */
export function expandPath(text: string): string {
  return text
    .replace(/%([^%\s]{1,40})%/g, (whole, name: string) => VARIABLES.get(name.toLowerCase()) ?? whole)
    .replace(/^\\\?\?\\/, '')
    .replace(/^\\SystemRoot\\/i, 'C:\\Windows\\')
    .replace(/^system32\\/i, 'C:\\Windows\\System32\\')
}

/** Folders of a user that commands name by variables, below the profile. */
const USER_VARIABLES: ReadonlyMap<string, string> = new Map([
  ['userprofile', ''],
  ['temp', '\\AppData\\Local\\Temp'],
  ['tmp', '\\AppData\\Local\\Temp'],
  ['appdata', '\\AppData\\Roaming'],
  ['localappdata', '\\AppData\\Local'],
])
/** The folder of a user that a path lies in. */
const PROFILE = /^[a-z]:\\users\\(?!public\\|default\\|all users\\)([^\\]+)(?=\\|$)/i

/**
 * Fills in the variables of the user (`%TEMP%`, `$env:APPDATA`) and the short form of the profile's name (`C:\Users\PETRA~1.VOS`).
 * @param near paths the same process names or works in; the first in a profile says whose it is
 * @param account name of the user without domain: a short form that it begins like is its profile
 */
export function expandUser(text: string, near: readonly (string | undefined)[], account = ''): string {
  const profile = near
    .map((path) => PROFILE.exec(path ?? '')?.[0])
    .find((found) => found !== undefined && !found.includes('~'))
  const filled =
    profile === undefined
      ? text
      : text.replace(
          /%([a-z]{3,12})%|\$\{?env:([a-z]{3,12})\}?/gi,
          (whole, cmd: string | undefined, shell: string | undefined) => {
            const below = USER_VARIABLES.get((cmd ?? shell ?? '').toLowerCase())
            return below === undefined ? whole : `${profile}${below}`
          },
        )
  return filled.replace(
    /\b([a-z]:\\users\\)([^\\~\s]{1,6})~\d(?:\.[^\\\s]{1,3})?(?=\\)/gi,
    (whole, users: string, start: string) => {
      const name = profile?.slice(users.length) ?? account
      return isShortOf(start, name) ? `${users}${name}` : whole
    },
  )
}

/** Short names keep the first letters without dots and blanks. */
const isShortOf = (start: string, name: string): boolean =>
  name !== '' && name.replace(/[.\s]/g, '').toLowerCase().startsWith(start.toLowerCase())

/** `file:///C:/a%20b.html` as a path; the text itself when it is no file address. */
function fromFileUrl(text: string): string {
  if (!/^file:\/\//i.test(text)) return text
  const rest = text
    .replace(/^file:\/\/\/?/i, '')
    .replace(/[?#].*$/, '')
    .replaceAll('/', '\\')
  return rest.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

/**
 * One argument as an absolute path of a file; undefined when it is none.
 * @param directory folder relative names start from; without one they stay unknown
 */
export function toAbsolute(text: string, directory?: string): string | undefined {
  // Escaped twice on its way through a script, a share begins with four backslashes; Windows takes it all the same.
  const path = expandPath(fromFileUrl(text.replace(/^['"]+|['"]+$/g, ''))).replace(
    /^\\{3,}(?=[^\\?.])/,
    '\\\\',
  )
  if (path.length > 1024 || /[<>|"*?\r\n]/.test(path)) return undefined
  // A variable of the user that nobody filled in is a place of its own, not a folder below the current one.
  if (/^%[^%\s]{1,40}%/.test(path)) return undefined
  if (ABSOLUTE.test(path)) return win32.normalize(path)
  const isRelative = /^[^:/][^:]*\.[a-z0-9]{1,10}$/i.test(path) && !path.startsWith('-')
  return directory !== undefined && isRelative && ABSOLUTE.test(directory)
    ? win32.join(directory, path)
    : undefined
}

/**
 * Arguments behind the program's own name, with unquoted paths that contain blanks put together again
 * (`WINWORD.EXE /n C:\Users\a\My files\x.docx`).
 */
export function argumentsOf(commandLine: string): string[] {
  const [, ...args] = splitCommandLine(commandLine)
  const joined: string[] = []
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] as Argument
    const end =
      !arg.isQuoted && ABSOLUTE.test(arg.text) && useOf(arg.text) === undefined
        ? endOfPath(args, index)
        : index
    joined.push(
      args
        .slice(index, end + 1)
        .map((part) => part.text)
        .join(' '),
    )
    index = end
  }
  return joined
}

function endOfPath(args: readonly Argument[], start: number): number {
  for (let end = start + 1; end < args.length && end - start < MAX_JOINED_WORDS; end += 1) {
    const part = args[end] as Argument
    if (part.isQuoted || /^[-/]/.test(part.text) || ABSOLUTE.test(part.text)) break
    if (useOf(part.text) !== undefined) return end
  }
  return start
}

/** The program a command (service image, task action, run key) starts: quoted, or up to the first known extension. */
export function programOf(command: string): string | undefined {
  const expanded = expandPath(command.trim())
  const quoted = /^"([^"]+)"/.exec(expanded)?.[1]
  const plain =
    quoted ??
    /^(.+?\.(?:exe|com|bat|cmd|dll|sys|scr|ps1|vbs|js))(?=$|[\s,"])/i.exec(expanded)?.[1] ??
    expanded.split(/\s/)[0]
  return plain === undefined ? undefined : toAbsolute(plain)
}
