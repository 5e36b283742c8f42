import { toIso } from './clock.ts'
import type { WindowsEventSpec } from './evtx-writer.ts'
import type { LoggedEvent } from './log.ts'

/** The event as the EVTX writer takes it. */
export function toEvtx(event: LoggedEvent): WindowsEventSpec {
  return {
    provider: event.provider,
    providerGuid: event.providerGuid,
    eventId: event.eventId,
    version: event.version,
    level: event.level,
    task: event.task,
    opcode: event.opcode,
    keywords: event.keywords,
    channel: event.channel,
    computer: event.computer,
    timeUs: event.timeUs,
    recordId: event.recordId,
    userSid: event.userSid === '' ? undefined : event.userSid,
    data: event.data,
  }
}

/** One line as Winlogbeat ships it (formats.md A4). */
export function toWinlogbeat(event: LoggedEvent): string {
  return JSON.stringify({
    '@timestamp': toIso(event.timeUs),
    event: { code: String(event.eventId), kind: 'event', provider: event.provider },
    host: { name: event.computer },
    winlog: {
      channel: event.channel,
      provider_name: event.provider,
      provider_guid: event.providerGuid,
      event_id: String(event.eventId),
      version: event.version,
      record_id: event.recordId,
      computer_name: event.computer,
      task: String(event.task),
      ...(event.userSid === '' ? {} : { user: { identifier: event.userSid } }),
      keywords:
        event.channel === 'Security'
          ? [event.keywords === '0x8010000000000000' ? 'Audit Failure' : 'Audit Success']
          : [],
      event_data: Object.fromEntries(event.data),
    },
  })
}

/** One line of the flat NXLog/Logstash form of the OTRF data sets (formats.md A4). */
export function toFlatJson(event: LoggedEvent): string {
  return JSON.stringify({
    '@timestamp': toIso(event.timeUs),
    '@version': '1',
    host: 'wec01.corp.morgenlicht.example',
    TimeCreated: toIso(event.timeUs),
    Hostname: event.computer,
    Channel: event.channel,
    SourceName: event.provider,
    ProviderGuid: event.providerGuid,
    EventID: event.eventId,
    Version: event.version,
    Task: event.task,
    RecordNumber: event.recordId,
    Keywords: event.keywords,
    SourceModuleType: 'im_msvistalog',
    ...(event.userSid === '' ? {} : { UserID: event.userSid }),
    ...Object.fromEntries(event.data),
  })
}
