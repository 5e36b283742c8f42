import type { EventFields, EventItem, EventKind } from '../../../core/model/event.ts'
import { randomOf } from '../reputation/case-data.ts'

/** A company as a month of its sensors' events shows it: nearly every process event brings texts of its own. */
const START_US = Date.UTC(2026, 1, 1) * 1000
const DAYS = 30
const HOUR_US = 3_600_000_000
const PROGRAMS = [
  'C:\\Windows\\System32\\svchost.exe',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Windows\\explorer.exe',
  'C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE',
  'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
  'C:\\Windows\\System32\\cmd.exe',
  'C:\\Windows\\System32\\taskhostw.exe',
  'C:\\Program Files\\7-Zip\\7zFM.exe',
] as const
/** A text that stands in one event of a hundred thousand: what a responder looks for. */
export const NEEDLE = 'quartz-lantern'
const NEEDLE_EVERY = 100_000
/** Share of the day's work by hour: a company sleeps at night. */
const HOURS = [1, 1, 1, 1, 1, 2, 4, 9, 12, 12, 11, 9, 8, 11, 12, 11, 9, 6, 3, 2, 2, 1, 1, 1]
const HOURS_SUM = HOURS.reduce((sum, share) => sum + share, 0)

const number = (index: number, digits = 4) => String(index).padStart(digits, '0')
export const hostOf = (index: number): string => `pc-${number(index)}.large.example`
export const accountOf = (index: number): string => `LARGE\\user${number(index)}`
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

export interface CompanySize {
  readonly endpoints: number
  readonly users: number
}
export const sizeOf = (events: number): CompanySize => ({
  endpoints: Math.max(20, Math.round(events / 12_500)),
  users: Math.max(40, Math.round(events / 5_000)),
})

/**
 * Events of one sensor export, in the order of time: a part of the endpoints, the whole month.
 * @param part which of `parts` exports
 */
export function* sensorExport(events: number, part: number, parts: number): Generator<EventItem> {
  const { endpoints, users } = sizeOf(events)
  const random = randomOf(100 + part)
  const count = Math.floor(events / parts)
  const own = Math.floor(endpoints / parts)
  let made = 0
  for (let day = 0; day < DAYS; day += 1) {
    // A weekend day brings a quarter.
    const weight = day % 7 < 5 ? 1 : 0.25
    for (const [hour, share] of HOURS.entries()) {
      const isLast = day === DAYS - 1 && hour === 23
      const wanted = isLast ? count - made : Math.round((count / 24.2) * weight * (share / HOURS_SUM))
      const here = Math.min(wanted, count - made)
      for (let index = 0; index < here; index += 1) {
        const at = START_US + (day * 24 + hour) * HOUR_US + Math.floor(((index + 0.5) / here) * HOUR_US)
        const endpoint = part * own + random(own)
        // A user works at few computers.
        const user = (endpoint * 2 + random(3)) % users
        yield anEvent(random, at, endpoint, user, part, made)
        made += 1
      }
    }
  }
}

function anEvent(
  random: (below: number) => number,
  at: number,
  endpoint: number,
  user: number,
  part: number,
  serial: number,
): EventItem {
  const program = PROGRAMS[random(PROGRAMS.length)] ?? PROGRAMS[0]
  const guid = `${hex(endpoint, 8)}-${hex(part, 4)}-69ae-0000-${hex(serial, 12)}`
  const actor = { processPath: program, pid: 1000 + random(60_000), processGuid: guid }
  const event = (kind: EventKind, fields: EventFields): EventItem => ({
    type: 'event',
    kind,
    at,
    fields: {
      provider: 'sensor',
      host: hostOf(endpoint),
      hostIp: `10.9.${endpoint >> 8}.${endpoint & 255}`,
      account: accountOf(user),
      ...fields,
    },
  })
  const word = serial % NEEDLE_EVERY === NEEDLE_EVERY / 2 ? NEEDLE : random(2e9).toString(36)
  switch (random(12)) {
    case 0:
    case 1:
      return event('process-start', {
        ...actor,
        commandLine: `"${program}" /run ${word} --session ${random(1e6)}`,
        parentPath: PROGRAMS[random(PROGRAMS.length)] ?? PROGRAMS[0],
        sha256: hex(random(4000), 16).repeat(4),
        logonId: `0x${hex(endpoint * 64 + random(64), 5)}`,
      })
    case 2:
      return event('process-end', actor)
    case 3:
    case 4:
    case 5:
      return event('network-connection', {
        ...actor,
        sourceIp: `10.9.${endpoint >> 8}.${endpoint & 255}`,
        sourcePort: 49_152 + random(16_000),
        destinationIp: `203.0.${random(120)}.${1 + random(250)}`,
        destinationPort: [443, 443, 443, 80, 445, 53][random(6)] ?? 443,
        protocol: 'tcp',
      })
    case 6:
      return event('dns-query', {
        ...actor,
        target: `h${random(30_000)}.example`,
        detail: `203.0.113.${random(250)}`,
      })
    case 7:
      return event('file-create', {
        ...actor,
        target: `C:\\Users\\user${number(user)}\\Documents\\${word}.docx`,
      })
    case 8:
      return event('registry-set', {
        ...actor,
        target: `HKLM\\Software\\Vendor${random(500)}\\Setting${random(40)}`,
        detail: `DWORD ${random(1e6)}`,
      })
    case 9:
      return event('logon', {
        logonType: [2, 3, 3, 5, 10][random(5)] ?? 3,
        logonId: `0x${hex(endpoint * 64 + random(64), 5)}`,
        sourceIp: `10.9.${random(8)}.${random(250)}`,
        authentication: random(2) === 0 ? 'Kerberos' : 'NTLM',
        outcome: 'success',
      })
    case 10:
      return event('logoff', { logonId: `0x${hex(endpoint * 64 + random(64), 5)}` })
    default:
      return event('image-load', { ...actor, target: `C:\\Windows\\System32\\lib${random(900)}.dll` })
  }
}
