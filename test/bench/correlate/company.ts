import type { RecordItem } from '../../../core/importers/importer.ts'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import type { EventFields, EventItem, EventKind } from '../../../core/model/event.ts'
import type { MessageItem } from '../../../core/model/message.ts'
import { randomOf } from '../reputation/case-data.ts'

/** Events of one endpoint in one company: what a sensor writes in some days. */
const EVENTS_PER_ENDPOINT = 1_000
const BURST = 10
const START_US = Date.UTC(2026, 2, 2) * 1000
const SPAN_US = 10 * 86_400_000_000
const PROGRAMS = [
  'cmd.exe',
  'WINWORD.EXE',
  'chrome.exe',
  'powershell.exe',
  'svc.exe',
  'OUTLOOK.EXE',
  '7zFM.exe',
  'EXCEL.EXE',
]

const number = (index: number) => String(index).padStart(6, '0')
export const hostOf = (index: number): string => `ws-${number(index)}.corp.example`
const accountOf = (index: number): string => `CORP\\u${number(index)}`
const sha256Of = (index: number): string => number(index).repeat(11).slice(0, 64)
const ipOf = (index: number): string => `10.${(index >> 16) & 255}.${(index >> 8) & 255}.${index & 255}`

/** Size of a company with that many events: one mailbox and one message for ten of them. */
export const sizeOf = (events: number) => ({
  endpoints: Math.max(20, Math.round(events / EVENTS_PER_ENDPOINT)),
  messages: Math.round(events / 10),
})

export function* directory(events: number): Generator<RecordItem> {
  const { endpoints } = sizeOf(events)
  for (let index = 0; index < endpoints; index += 1) yield exampleUser(`u${number(index)}`, 10_000 + index)
}

/** Mail to everybody; a few links and attachments come again on endpoints. */
export function* mail(events: number): Generator<MessageItem> {
  const { endpoints, messages } = sizeOf(events)
  const random = randomOf(7)
  for (let index = 0; index < messages; index += 1) {
    const at = START_US + Math.floor((index / messages) * SPAN_US)
    yield {
      ...exampleMessage(0, {
        mailbox: `u${number(random(endpoints))}@corp.example`,
        messageId: `m${index}@out.example`,
        urls: [{ url: `https://h${random(messages)}.example/p${index}`, where: 'body' }],
        attachments: random(3) === 0 ? [{ name: `doc${index}.docm`, sha256: sha256Of(index) }] : [],
      }),
      sentAt: at,
      deliveredAt: at,
    }
  }
}

/** Ten events at a time of one endpoint after the other, in the order of time. */
export function* work(events: number): Generator<EventItem> {
  const { endpoints, messages } = sizeOf(events)
  const random = randomOf(11)
  const bursts = Math.floor(events / BURST)
  for (let burst = 0; burst < bursts; burst += 1) {
    const endpoint = burst % endpoints
    const round = Math.floor(burst / endpoints)
    const at = START_US + Math.floor((burst / bursts) * SPAN_US)
    const host = hostOf(endpoint)
    const hostIp = ipOf(endpoint)
    const account = accountOf(endpoint)
    const pid = 1000 + ((round * 8) % 30_000)
    const guid = (place: number) =>
      `${number(endpoint)}00-${number(round).slice(2)}-69ae-0000-00000000000${place}`
    const path = `C:\\Program Files\\App\\${PROGRAMS[random(PROGRAMS.length)] ?? ''}`
    const child = 'C:\\Windows\\System32\\cmd.exe'
    const actor = { processPath: path, pid, processGuid: guid(1) }
    const event = (kind: EventKind, seconds: number, fields: EventFields): EventItem => ({
      type: 'event',
      kind,
      at: at + seconds * 1e6,
      fields: { host, account, ...fields },
    })
    const outside = `203.0.${random(200)}.${1 + random(250)}`
    const remote = round % 10 === 9
    yield event('process-start', 0, {
      ...actor,
      hostIp,
      commandLine: `"${path}" /job ${burst}`,
      parentPath: 'C:\\Windows\\explorer.exe',
      parentPid: 900,
      parentGuid: `${number(endpoint)}00-0000-69ae-0000-000000000009`,
    })
    yield event('process-start', 1, {
      processPath: child,
      pid: pid + 4,
      processGuid: guid(2),
      commandLine: `cmd.exe /c type C:\\Users\\u\\file${burst}.txt`,
      parentPath: path,
      parentPid: pid,
      parentGuid: guid(1),
    })
    yield event('dns-query', 2, { ...actor, target: `h${random(messages * 4)}.example`, detail: outside })
    for (const second of [3, 4])
      yield event('network-connection', second, {
        ...actor,
        action: 'outbound',
        sourceIp: hostIp,
        destinationIp: second === 4 && remote ? ipOf(random(endpoints)) : outside,
        destinationPort: second === 4 && remote ? 445 : 443,
      })
    yield event('file-create', 5, { ...actor, target: `C:\\Users\\u\\Documents\\file${burst}.txt` })
    yield event('file-create', 6, {
      ...actor,
      target: `C:\\Users\\u\\Downloads\\doc${burst % (messages * 20)}.docm`,
    })
    yield remote
      ? event('logon', 7, {
          account: accountOf(random(endpoints)),
          logonType: 3,
          logonId: `0x${burst.toString(16)}`,
          sourceIp: ipOf(random(endpoints)),
        })
      : event('logon', 7, { logonType: 2, logonId: `0x${burst.toString(16)}` })
    yield event('process-end', 8, { processPath: child, pid: pid + 4, processGuid: guid(2) })
    yield event('logoff', 9, { logonId: `0x${burst.toString(16)}` })
  }
}
