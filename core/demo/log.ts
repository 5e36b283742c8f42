import type { Host } from './hosts.ts'

/** A Windows event before it is written in one format or another. */
export interface LoggedEvent {
  readonly provider: string
  readonly providerGuid: string
  readonly eventId: number
  readonly version: number
  readonly level: number
  readonly task: number
  readonly opcode: number
  readonly keywords: string
  readonly channel: string
  readonly computer: string
  readonly timeUs: number
  readonly recordId: number
  readonly userSid: string
  readonly data: readonly (readonly [string, string])[]
}

/** A channel as its provider writes into it. */
export interface Channel {
  readonly name: string
  readonly provider: string
  readonly guid: string
  readonly userSid: string
}

const SYSTEM_SID = 'S-1-5-18'
export const CHANNELS = {
  sysmon: {
    name: 'Microsoft-Windows-Sysmon/Operational',
    provider: 'Microsoft-Windows-Sysmon',
    guid: '{5770385f-c22a-43e0-bf4c-06f5698ffbd9}',
    userSid: SYSTEM_SID,
  },
  security: {
    name: 'Security',
    provider: 'Microsoft-Windows-Security-Auditing',
    guid: '{54849625-5478-4994-a5ba-3e3b0328c30d}',
    userSid: '',
  },
  system: {
    name: 'System',
    provider: 'Service Control Manager',
    guid: '{555908d1-a6d7-4695-8e1e-26931d2012f4}',
    userSid: SYSTEM_SID,
  },
  powershell: {
    name: 'Microsoft-Windows-PowerShell/Operational',
    provider: 'Microsoft-Windows-PowerShell',
    guid: '{a0c1853b-5c40-4b15-8766-3cf1c58f985a}',
    userSid: SYSTEM_SID,
  },
} as const satisfies Record<string, Channel>
export type ChannelId = keyof typeof CHANNELS

export interface EventDraft {
  readonly at: number
  readonly id: number
  readonly version?: number
  readonly keywords?: string
  readonly userSid?: string
  readonly data: readonly (readonly [string, string])[]
}

const AUDIT_SUCCESS = '0x8020000000000000'
export const AUDIT_FAILURE = '0x8010000000000000'
const PLAIN = '0x8000000000000000'
/** Record numbers start where a log of some age would stand, different for every host and channel. */
const RECORD_NUMBER_SPREAD = 90_000

/** Every event of every host, collected in any order; numbered in time order when read. */
export class EventLogs {
  readonly #drafts = new Map<string, { host: Host; channel: ChannelId; events: EventDraft[] }>()

  add(host: Host, channel: ChannelId, draft: EventDraft): void {
    const key = `${host.netbios}|${channel}`
    const log = this.#drafts.get(key) ?? { host, channel, events: [] }
    this.#drafts.set(key, log)
    log.events.push(draft)
  }

  /** The log of one channel of one host in time order; empty when nothing was logged. */
  read(host: Host, channel: ChannelId): LoggedEvent[] {
    const log = this.#drafts.get(`${host.netbios}|${channel}`)
    if (!log) return []
    const source = CHANNELS[channel]
    const first = 1000 + ((host.rid * 7919 + channel.length * 104_729) % RECORD_NUMBER_SPREAD)
    const sorted = log.events.map((draft, index) => ({ draft, index }))
    sorted.sort((a, b) => a.draft.at - b.draft.at || a.index - b.index)
    return sorted.map(({ draft }, index) => ({
      provider: source.provider,
      providerGuid: source.guid,
      eventId: draft.id,
      version: draft.version ?? 0,
      level: channel === 'security' ? 0 : 4,
      task: channel === 'sysmon' ? draft.id : 0,
      opcode: 0,
      keywords: draft.keywords ?? (channel === 'security' ? AUDIT_SUCCESS : PLAIN),
      channel: source.name,
      computer: host.fqdn,
      timeUs: draft.at,
      recordId: first + index,
      userSid: draft.userSid ?? source.userSid,
      data: draft.data,
    }))
  }
}
