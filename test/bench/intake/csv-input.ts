import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { createHash } from 'node:crypto'

/** Rows handed to the file at once. */
const PIECE_ROWS = 2_000

/** Columns of a Defender advanced-hunting export of DeviceProcessEvents, in the portal's order. */
export const CSV_COLUMNS = [
  'Timestamp',
  'DeviceId',
  'DeviceName',
  'ActionType',
  'ReportId',
  'FileName',
  'FolderPath',
  'SHA1',
  'SHA256',
  'MD5',
  'FileSize',
  'ProcessId',
  'ProcessCommandLine',
  'ProcessIntegrityLevel',
  'ProcessTokenElevation',
  'ProcessCreationTime',
  'AccountDomain',
  'AccountName',
  'AccountSid',
  'AccountUpn',
  'LogonId',
  'InitiatingProcessAccountDomain',
  'InitiatingProcessAccountName',
  'InitiatingProcessAccountSid',
  'InitiatingProcessIntegrityLevel',
  'InitiatingProcessSHA1',
  'InitiatingProcessSHA256',
  'InitiatingProcessFileName',
  'InitiatingProcessId',
  'InitiatingProcessCommandLine',
  'InitiatingProcessCreationTime',
  'InitiatingProcessFolderPath',
  'InitiatingProcessParentId',
  'InitiatingProcessParentFileName',
] as const

/**
 * A table of process starts of about `bytes` bytes at `path`. Machines, users, programs and parent processes repeat as
 * they do in an estate of a few hundred machines; every started process is one of its own.
 * @param isVaried also make every command line and every parent process one that occurs once
 */
export async function writeCsvInput(path: string, bytes: number, isVaried: boolean): Promise<number> {
  const out = createWriteStream(path)
  out.write(`${CSV_COLUMNS.join(',')}\n`)
  let written = 0
  let count = 0
  while (written < bytes) {
    const rows: string[] = []
    for (let i = 0; i < PIECE_ROWS; i++) rows.push(row((count += 1), isVaried))
    const text = Buffer.from(`${rows.join('\n')}\n`)
    written += text.length
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return count
}

const hex = (kind: string, text: string) => createHash(kind).update(text).digest('hex')
const programs = Array.from({ length: 400 }, (_, index) => {
  const name = `tool-${index}.exe`
  return {
    name,
    path: `C:\\Program Files\\Example ${index % 40}\\${name}`,
    sha1: hex('sha1', name),
    sha256: hex('sha256', name),
    md5: hex('md5', name),
    size: 10_000 + index * 37,
  }
})

function row(number: number, isVaried: boolean): string {
  const at = Date.UTC(2031, 4, 6) + number * 137
  const time = (ms: number) => `${new Date(ms).toISOString().slice(0, -1)}4567Z`
  const device = number % 317
  const user = number % 211
  const child = programs[(number * 7) % programs.length]!
  const parent = programs[number % 12]!
  const sid = `S-1-5-21-1004336348-1177238915-682003330-${1100 + user}`
  const session = `--session ${isVaried ? number : number % 50}`
  // A machine has a dozen processes that start others: shells, services, browsers.
  const parentId = isVaried ? 900 + (number % 7_000) : 900 + device * 12 + (number % 12)
  const parentStart = isVaried ? at - (number % 3_600) * 1000 : Date.UTC(2031, 4, 5) + parentId * 1000
  return [
    time(at),
    hex('sha1', `device${device}`),
    `ws${device}.corp.example`,
    'ProcessCreated',
    number,
    child.name,
    child.path,
    child.sha1,
    child.sha256,
    child.md5,
    child.size,
    1000 + (number % 30_000),
    `"""${child.path}"" ${session} --config ""C:\\ProgramData\\Example\\${child.name}.json"""`,
    'Medium',
    'TokenElevationTypeDefault',
    time(at - 12),
    'corp',
    `user${user}`,
    sid,
    `user${user}@corp.example`,
    100_000 + (number % 4_000),
    'corp',
    `user${user}`,
    sid,
    'Medium',
    parent.sha1,
    parent.sha256,
    parent.name,
    parentId,
    `"${parent.path}"`,
    time(parentStart),
    parent.path,
    700 + (number % 500),
    'explorer.exe',
  ].join(',')
}
