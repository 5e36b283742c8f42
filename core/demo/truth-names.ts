import { toIso } from './clock.ts'
import type { Host } from './hosts.ts'
import type { DemoProcess } from './machine.ts'
import type { DemoMessage } from './mail.ts'
import { accountOf, type Person } from './people.ts'
import type { TrueRelation } from './truth.ts'

/** Entities as the contract takes them (`kind:alias`), and relations between them. */
export const user = (person: Person): string => `user:${accountOf(person)}`
export const endpoint = (host: Host): string => `endpoint:${host.netbios}`
export const mailbox = (address: string): string => `mailbox:${address}`
export const message = (sent: DemoMessage): string => `message:<${sent.messageId}>`
export const url = (address: string): string => `url:${address}`
export const file = (path: string): string => `file:${path}`
export const process = (started: DemoProcess): string => `process:${started.guid.slice(1, -1).toLowerCase()}`
export const relation = (
  kind: TrueRelation['kind'],
  from: string,
  to: string,
  at: number | null,
): TrueRelation => ({
  kind,
  from,
  to,
  at: at === null ? null : toIso(at),
})
