import { isInsideAddress } from './outside.ts'

/** What a command carries out of the organisation. */
export interface CarriedOut {
  readonly tool: string
  /** Where to, as the command says it. */
  readonly remote: string
  /** Tools that developers and backup jobs use every day against storage of their own. */
  readonly isCommon: boolean
}

/** Options that only rclone has (rclone.org/flags): they name it under any file name. */
const RCLONE_FLAGS =
  /\s--(?:transfers|ignore-existing|bwlimit|multi-thread-streams|no-check-certificate|auto-confirm|max-age|drive-[a-z-]+|mega-[a-z-]+|s3-[a-z-]+|sftp-[a-z-]+|b2-[a-z-]+|checkers|fast-list)\b/i
/** `copy SOURCE remote:path`: names of remotes have two signs or more, drives have one; `:s3,provider=x:bucket` needs no configuration. */
const RCLONE =
  /\s(?:copy|sync|move|copyto|moveto)\s+(?:--?\S+\s+)*(?:"(?:[a-z]:|\\\\|\/)[^"]*"|'(?:[a-z]:|\\\\|\/)[^']*'|(?:[a-z]:|\\\\|\/|\.)[^\s"]*)\s+(?:--?\S+\s+)*["']?(:?[a-z0-9_][\w.+-]+(?:,[^:"']{1,200})?:[^\s"']*)/i

/** Other tools by the program's name, with the command that sends and the place it sends to. */
const TOOLS: readonly (readonly [tool: string, program: RegExp, pattern: RegExp, isCommon: boolean])[] = [
  [
    'MEGAcmd',
    /^(?:mega(?:cmd|cmdshell|client|-put|-sync|-backup)|megatools|megaput|megacopy)(?:\.exe|\.bat)?$/,
    /\b(?:put|sync|backup|mega-(?:put|sync|backup)|megaput|copy)\b.*?(\S+)\s*$/i,
    false,
  ],
  [
    'WinSCP',
    /^winscp\.(?:exe|com)$/,
    /\bopen\s+["']*([a-z0-9]{2,6}:\/\/[^\s"']+)["'].*\b(?:put|synchronize\s+remote)\b/i,
    false,
  ],
  [
    'restic',
    /^restic(?:_[\w.]+)?(?:\.exe)?$/,
    /\s(?:-r|--repo)[= ]["']?((?:s3|sftp|rest|b2|azure|gs|rclone|swift):\S+).*\sbackup\s/i,
    false,
  ],
  ['s5cmd', /^s5cmd(?:\.exe)?$/, /\s(?:cp|sync|mv)\s+(?!s3:).*\s["']?(s3:\/\/[^\s"']+)/i, false],
  ['MinIO client', /^mc(?:\.exe)?$/, /\s(?:cp|mirror|mv)\s.*\s([\w-]{2,}\/[^\s"']+)\s*$/i, true],
  ['AWS CLI', /^aws(?:\.exe)?$/, /\ss3\s+(?:cp|sync|mv)\s+(?!s3:).*\s["']?(s3:\/\/[^\s"']+)/i, true],
  [
    'AzCopy',
    /^azcopy(?:_[\w.]+)?(?:\.exe)?$/,
    /\s(?:copy|cp|sync|c)\s+(?!["']?https:).*\s["']?(https:\/\/[^\s"'?]+)/i,
    true,
  ],
  ['gsutil', /^gsutil(?:\.cmd|\.py)?$/, /\s(?:cp|rsync|mv)\s+(?!gs:).*\s["']?(gs:\/\/[^\s"']+)/i, true],
]
/** `pscp SOURCE user@host:path`: to another organisation, by name or address. */
const SECURE_COPY = /\s["']?(?:[\w.-]+@)?((?:[\w-]+\.)+[a-z]{2,}|\d{1,3}(?:\.\d{1,3}){3}):[^\\\s]*["']?\s*$/i

/** Words one of which every command of {@link carriedOut} holds. */
export const MAY_CARRY_OUT =
  /rclone|mega|winscp|pscp|psftp|\bscp\b|restic|s5cmd|\bmc\b|\baws\b|azcopy|gsutil|\s(?:copy|sync|move|copyto|moveto)\s/i

/**
 * What a command line carries out, if it is that of a tool for it; undefined for listing, downloads and copies between folders.
 * @param program file name of the image in lower case
 * @param isInside whether a host is one of the case
 */
export function carriedOut(
  program: string,
  text: string,
  isInside: (host: string) => boolean,
): CarriedOut | undefined {
  if (/^rclone[\w.-]*$/.test(program) || RCLONE_FLAGS.test(text)) {
    const remote = RCLONE.exec(text)?.[1]
    return remote === undefined ? undefined : { tool: 'rclone', remote: remote.trim(), isCommon: false }
  }
  for (const [tool, name, pattern, isCommon] of TOOLS) {
    if (!name.test(program)) continue
    const remote = pattern.exec(text)?.[1]
    if (remote !== undefined) return { tool, remote: withoutSecret(remote), isCommon }
  }
  if (!/^(?:pscp|scp|psftp)(?:\.exe)?$/.test(program)) return undefined
  const host = SECURE_COPY.exec(text)?.[1]
  return host === undefined || isInsideAddress(host) || isInside(host)
    ? undefined
    : { tool: 'scp', remote: host, isCommon: false }
}

/** A password in an address (`ftp://user:secret@host`) is nobody's business in a sentence. */
const withoutSecret = (remote: string): string => remote.replace(/(:\/\/[^:/@\s]+):[^@\s]+@/, '$1@')
