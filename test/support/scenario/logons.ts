import { SECOND } from './clock.ts'
import type { Account, Host } from './company.ts'
import type { Process } from './machine.ts'
import * as name from './names.ts'
import type { World } from './world.ts'

export interface From {
  readonly host: Host
  /** NTLM tells the name of the client, Kerberos does not. */
  readonly isNtlm?: boolean
  /** The process whose user gave other credentials for this (4648 on the source). */
  readonly explicitBy?: Process
}

/** A successful logon, as target, domain controller and source write it down. Returns the logon id. */
export function logOn(
  world: World,
  who: Account,
  host: Host,
  type: 2 | 3 | 10,
  at: number,
  from?: From,
): string {
  const logonId = world.logonId()
  const recordedAt = at + host.skew
  const ip = from === undefined ? '127.0.0.1' : world.addresses.seenFrom(from.host, at)
  if (from?.explicitBy) explicit(world, who, host, at - SECOND, from.explicitBy)
  ticket(world, who, host, at, from?.host ?? host)
  if (!host.hasSecurityLog) {
    // No record of the logon itself; what ran as the account tells all the same.
    world.truth.allow('logged-on-to', name.userName(who), name.endpointName(host), at, recordedAt)
    return logonId
  }
  const isNamed = from?.isNtlm === true
  world.records.event('security', 'logon', recordedAt, {
    provider: 'Microsoft-Windows-Security-Auditing',
    code: 4624,
    host: host.fqdn,
    account: who.name,
    accountSid: who.sid,
    logonId,
    targetLogonId: logonId,
    logonType: type,
    authentication: isNamed ? 'NTLM' : type === 3 ? 'Kerberos' : 'Negotiate',
    outcome: 'success',
    sourceIp: ip,
    sourcePort: from === undefined ? 0 : world.port(),
    ...(isNamed ? { sourceHost: from.host.netbios } : type === 3 ? {} : { sourceHost: host.netbios }),
  })
  const [user, here] = [name.userName(who), name.endpointName(host)]
  world.truth.say('logged-on-to', user, here, at, recordedAt)
  if (from && from.host !== host) {
    // Behind the branch's router the address names nobody; the workstation name or the source's own records do.
    const isTold = isToldAtSource(from, type)
    if (!from.host.isBranch || isNamed || isTold)
      world.truth.say('remote-logon', name.endpointName(from.host), here, at, recordedAt)
    // The record names the router's address, which is no endpoint's.
    if (from.host.isBranch && !isNamed)
      world.truth.allow('remote-logon', name.ipName(ip), here, at, recordedAt)
    if (isTold && from.explicitBy)
      world.truth.say('remote-logon', name.processName(from.explicitBy.id), here, at, recordedAt)
  }
  return logonId
}

/** The source recorded the credentials given, or its sensor the connection of the remote-desktop client. */
const isToldAtSource = (from: From, type: number): boolean =>
  from.explicitBy !== undefined && (from.host.hasSecurityLog || (type === 10 && from.host.sensor !== 'none'))

/** 4634. */
export function logOff(world: World, who: Account, host: Host, logonId: string, at: number): void {
  if (!host.hasSecurityLog) return
  world.records.event('security', 'logoff', at + host.skew, {
    provider: 'Microsoft-Windows-Security-Auditing',
    code: 4634,
    host: host.fqdn,
    account: who.name,
    accountSid: who.sid,
    logonId,
    targetLogonId: logonId,
  })
}

/** 4648 on the machine whose user gives other credentials. */
function explicit(world: World, target: Account, server: Host, at: number, process: Process): void {
  const { host } = process
  if (!host.hasSecurityLog) return
  world.records.event('security', 'explicit-credentials', at + host.skew, {
    provider: 'Microsoft-Windows-Security-Auditing',
    code: 4648,
    host: host.fqdn,
    account: process.user?.name ?? 'NT AUTHORITY\\SYSTEM',
    accountSid: process.user?.sid ?? 'S-1-5-18',
    logonId: process.logonId,
    targetAccount: target.name,
    destinationHost: server.fqdn,
    pid: process.pid,
    processPath: process.image,
  })
  world.truth.allow('remote-logon', name.endpointName(host), name.endpointName(server), at, at + host.skew)
  world.truth.allow('ran-on', name.processName(process.id), name.endpointName(host))
}

/** 4769 on the domain controller: who asked for a ticket of which machine, from where. */
function ticket(world: World, who: Account, host: Host, at: number, source: Host): void {
  const { controller, domain } = world.company
  world.records.event('security', 'kerberos-service', at - 2000 + controller.skew, {
    provider: 'Microsoft-Windows-Security-Auditing',
    code: 4769,
    host: controller.fqdn,
    account: `${who.sam}@${domain.toUpperCase()}`,
    target: `${host.netbios}$`,
    sourceIp: world.addresses.seenFrom(source, at),
    status: '0x0',
    outcome: 'success',
    detail: 'TicketEncryptionType: 0x12; AES256',
  })
}

/** A failed logon, typed wrong or tried. */
export function failLogon(world: World, who: Account, host: Host, at: number, from: Host): void {
  if (!host.hasSecurityLog) return
  world.records.event('security', 'logon-failure', at + host.skew, {
    provider: 'Microsoft-Windows-Security-Auditing',
    code: 4625,
    host: host.fqdn,
    account: who.name,
    logonType: 3,
    sourceIp: world.addresses.seenFrom(from, at),
    status: '0xc000006a',
    outcome: 'failure',
  })
}

/** 5140: a share is used. */
export function useShare(
  world: World,
  who: Account,
  host: Host,
  logonId: string,
  share: string,
  at: number,
  from: Host,
): void {
  if (!host.hasSecurityLog) return
  world.records.event('security', 'share-access', at + host.skew, {
    provider: 'Microsoft-Windows-Security-Auditing',
    code: 5140,
    host: host.fqdn,
    account: who.name,
    accountSid: who.sid,
    logonId,
    target: `\\\\*\\${share}`,
    sourceIp: world.addresses.seenFrom(from, at),
  })
}
