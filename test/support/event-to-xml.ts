import type { WindowsEventSpec } from '../../core/demo/evtx-writer.ts'
import { toIsoTime } from '../../core/normalise/time.ts'

const NAMESPACE = 'http://schemas.microsoft.com/win/2004/08/events/event'

const escape = (text: string): string =>
  text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/'/g, '&apos;')
    // As Windows does: what XML forbids is written nevertheless.
    .replace(/\r/g, '&#xD;')

/** An event as wevtutil writes it: one line, attributes in single quotes. */
export function eventToXml(event: WindowsEventSpec, inside = ''): string {
  const time = `${toIsoTime(event.timeUs).slice(0, -1)}0Z`
  const guid = event.providerGuid === undefined ? '' : ` Guid='{${event.providerGuid.replace(/[{}]/g, '')}}'`
  const user = event.userSid === undefined || event.userSid === '' ? '' : ` UserID='${event.userSid}'`
  return (
    `<Event xmlns='${NAMESPACE}'><System><Provider Name='${escape(event.provider)}'${guid}/>` +
    `<EventID>${event.eventId}</EventID><Version>${event.version ?? 0}</Version><Level>${event.level ?? 4}</Level>` +
    `<Task>${event.task ?? 0}</Task><Opcode>${event.opcode ?? 0}</Opcode><Keywords>${event.keywords ?? '0x8000000000000000'}</Keywords>` +
    `<TimeCreated SystemTime='${time}'/><EventRecordID>${event.recordId}</EventRecordID><Correlation/>` +
    `<Execution ProcessID='${event.processId ?? 4}' ThreadID='${event.threadId ?? 8}'/>` +
    `<Channel>${escape(event.channel)}</Channel><Computer>${escape(event.computer)}</Computer><Security${user}/></System>` +
    `${sectionOf(event)}${inside}</Event>`
  )
}

function sectionOf(event: WindowsEventSpec): string {
  if (event.userData !== undefined) {
    const { element, namespace, fields } = event.userData
    const values = fields.map(([name, value]) => `<${name}>${escape(value)}</${name}>`).join('')
    const xmlns = namespace === undefined ? '' : ` xmlns='${namespace}'`
    return `<UserData><${element}${xmlns}>${values}</${element}></UserData>`
  }
  const values = (event.data ?? []).map(([name, value]) =>
    name === null ? `<Data>${escape(value)}</Data>` : `<Data Name='${escape(name)}'>${escape(value)}</Data>`,
  )
  return `<EventData>${values.join('')}</EventData>`
}
