import type { Account, Host } from './company.ts'

/** Names of entities in the truth; scoring gives the engine's entities the same. */
export const userName = (account: Pick<Account, 'sid'>): string => `user:${account.sid}`
export const endpointName = (host: Pick<Host, 'netbios'>): string => `endpoint:${host.netbios}`
export const mailboxName = (address: string): string => `mailbox:${address}`
export const messageName = (id: string): string => `message:${id}`
export const attachmentName = (sha256: string): string => `attachment:${sha256}`
export const urlName = (url: string): string => `url:${url}`
export const fileName = (host: Pick<Host, 'netbios'>, path: string): string =>
  `file:${host.netbios}|${path.toLowerCase()}`
export const processName = (id: number): string => `process:${id}`
export const domainName = (domain: string): string => `domain:${domain}`
export const ipName = (ip: string): string => `ip:${ip}`
export const thingName = (
  kind: 'service' | 'scheduled-task' | 'registry-key' | 'wmi-subscription',
  host: Pick<Host, 'netbios'>,
  name: string,
): string => `${kind}:${host.netbios}|${name.toLowerCase()}`
