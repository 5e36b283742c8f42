import { saysAuditFailure, type WindowsEvent } from '../windows/windows-event.ts'
import { u16, u32, u64Text } from './bytes.ts'
import type { Frame } from './frame.ts'
import { filetimeToUs, NULL_VALUE } from './values.ts'

/**
 * The order in which the event log service itself writes the System values of an instance, with their types: level,
 * opcode, task, event id, qualifiers, keywords, time, activity, process, thread, record id, version, user, related
 * activity. Optional ones are null (0). Seen alike in all samples.
 */
const LAYOUT: readonly (readonly number[])[] = [
  [0x04],
  [0x04],
  [0x06],
  [0x06],
  [0x06, NULL_VALUE],
  [0x15],
  [0x11],
  [0x0f, NULL_VALUE],
  [0x08],
  [0x08],
  [0x0a],
  [0x04],
  [0x13, NULL_VALUE],
  [0x0f, NULL_VALUE],
]
/** Provider name, provider GUID and channel follow where the template does not hold them as text. */
const SOURCE = [0x01, 0x0f, 0x01]

/**
 * Fills System fields from the values of an instance whose template is lost. Only believed when every type fits and the
 * record id among them is that of the record's header.
 * @returns how many values are System's; 0 when the layout is another
 */
export function readSystemValues(frame: Frame, event: WindowsEvent, recordId: string): number {
  if (frame.count < LAYOUT.length || !LAYOUT.every((kinds, index) => kinds.includes(frame.kind(index))))
    return 0
  const { bytes } = frame
  if (frame.size(10) !== 8 || u64Text(bytes, frame.at(10)) !== recordId) return 0
  event.eventId = u16(bytes, frame.at(3))
  event.timeUs = filetimeToUs(u32(bytes, frame.at(6)), u32(bytes, frame.at(6) + 4)) ?? null
  event.isAuditFailure = saysAuditFailure(frame.text(5))
  event.executionPid = u32(bytes, frame.at(8))
  event.version = bytes[frame.at(11)]!
  event.userSid = frame.text(12)
  event.recordId = recordId
  const source = LAYOUT.length
  if (!SOURCE.every((kind, index) => frame.kind(source + index) === kind)) return source
  event.provider = frame.text(source)
  event.channel = frame.text(source + 2)
  return source + SOURCE.length
}
