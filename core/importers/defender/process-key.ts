import { present } from '../../normalise/placeholder.ts'
import { toInteger } from '../../normalise/host.ts'
import type { Pick } from './picks.ts'
import type { DefenderRow } from './row.ts'

const PID_DIGITS = 7
const SECOND_DIGITS = 10

/**
 * Identity of a process: start second, PID, device. Defender has no process GUID; device, PID and creation time name a
 * process (formats.md A5), and a row names its parent the same way. Second and PID come first and at fixed width because
 * the process index takes GUIDs with equal beginnings for one process: of exports without DeviceId they still meet. The
 * fraction is left out: some exports cut it off.
 */
export function processKey(row: DefenderRow, pidColumn: string, createdColumn: string): string | undefined {
  const pid = toInteger(row.text(pidColumn))
  const created = pid === undefined || pid === 0 ? undefined : row.time(createdColumn)
  if (created === undefined) return undefined
  const second = Math.floor(created.us / 1_000_000)
  const device = (present(row.text('DeviceId')) ?? present(row.text('DeviceName')) ?? '').toLowerCase()
  return `${String(second).padStart(SECOND_DIGITS, '0')}-${String(pid).padStart(PID_DIGITS, '0')}-${device}`
}

export const processGuid =
  (pidColumn: string, createdColumn: string): Pick<string> =>
  (row) =>
    processKey(row, pidColumn, createdColumn)
