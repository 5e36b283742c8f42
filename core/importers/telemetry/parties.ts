import type { EventFields } from '../../model/event.ts'
import { toAccount } from '../../normalise/account.ts'
import { toHost, toLogonId } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import {
  firstText,
  hashOf,
  hostAddress,
  joined,
  techniquesOf,
  toIntegrity,
  toPid,
} from '../endpoint/values.ts'
import type { TelemetryRecord } from './telemetry-record.ts'

/** The four roles a record names things by (threat-investigation.md 5.4). */
export type Role = 'process' | 'parent' | 'object' | 'src'

/** Hash ids are signed 64-bit numbers as text, equal wherever the same process is named; 0 is none. */
export function hashId(record: TelemetryRecord, name: string): string | undefined {
  const id = record.text(name)
  return id === undefined || !/^-?[1-9]\d{0,19}$/.test(id) ? undefined : id
}

export const pathOf = (record: TelemetryRecord, role: Role): string | undefined =>
  toPath(record.text(`${role}FilePath`) ?? record.text(`${role}Name`))

export const accountOf = (record: TelemetryRecord, role: Role): string | undefined =>
  toAccount(record.text(`${role}UserDomain`), record.text(`${role}User`))

/** Hashes of the role's file. */
export function hashesOf(record: TelemetryRecord, role: Role): EventFields {
  const any = record.text(`${role}FileHash`)
  return {
    sha256: hashOf('sha256', record.text(`${role}FileHashSha256`) ?? any),
    sha1: hashOf('sha1', record.text(`${role}FileHashSha1`) ?? any),
    md5: hashOf('md5', record.text(`${role}FileHashMd5`) ?? any),
  }
}

/** `signer (not valid)`: what a reader wants to know of a signature. */
export function signerOf(record: TelemetryRecord, role: Role): string | undefined {
  const signer = joined(record.list(`${role}Signer`))
  return signer !== undefined && record.list(`${role}SignerValid`).includes('false')
    ? `${signer} (not valid)`
    : signer
}

/** The acting process with its parent. */
export function actor(record: TelemetryRecord): EventFields {
  return {
    processPath: pathOf(record, 'process'),
    commandLine: record.text('processCmd'),
    pid: toPid(record.text('processPid')),
    processGuid: hashId(record, 'processHashId'),
    originalName: record.text('processFileOriginalName'),
    account: accountOf(record, 'process') ?? onlyLogonUser(record),
    logonId: toLogonId(record.text('authId')),
    sessionId: record.text('sessionId'),
    integrity: toIntegrity(record.text('integrityLevel')),
    parentPath: pathOf(record, 'parent'),
    parentCommandLine: record.text('parentCmd'),
    parentPid: toPid(record.text('parentPid')),
    parentGuid: hashId(record, 'parentHashId'),
  }
}

/** The process that was started (object role), with the acting process as its parent. */
export function startedProcess(record: TelemetryRecord): EventFields {
  return {
    processPath: pathOf(record, 'object'),
    commandLine: record.text('objectCmd'),
    pid: toPid(record.text('objectPid')),
    processGuid: hashId(record, 'objectHashId') ?? hashId(record, 'objectProcessHashId'),
    originalName: record.text('objectFileOriginalName'),
    account: accountOf(record, 'object') ?? accountOf(record, 'process') ?? onlyLogonUser(record),
    logonId: toLogonId(record.text('objectAuthId') ?? record.text('authId')),
    sessionId: record.text('objectSessionId') ?? record.text('sessionId'),
    integrity: toIntegrity(record.text('objectIntegrityLevel')),
    parentPath: pathOf(record, 'process'),
    parentCommandLine: record.text('processCmd'),
    parentPid: toPid(record.text('processPid')),
    parentGuid: hashId(record, 'processHashId'),
  }
}

/** Whether the object role names a process at all. */
export function hasObjectProcess(record: TelemetryRecord): boolean {
  return (
    pathOf(record, 'object') !== undefined ||
    record.text('objectCmd') !== undefined ||
    toPid(record.text('objectPid')) !== undefined
  )
}

/** Who was logged on is who acted only when it was one account and the process names none. */
function onlyLogonUser(record: TelemetryRecord): string | undefined {
  const [user, ...others] = record.list('logonUser')
  const [domain, ...otherDomains] = record.list('userDomain')
  if (user === undefined || others.length > 0) return undefined
  return toAccount(otherDomains.length > 0 ? undefined : domain, user)
}

const PRODUCTS: ReadonlyMap<string, string> = new Map([
  ['xes', 'Endpoint Sensor'],
  ['sao', 'Apex One as a Service'],
  ['opa', 'Active Directory'],
])

/** Host, product and what the vendor's own rules said; the same in every record. */
export function circumstances(record: TelemetryRecord): EventFields {
  const product = record.text('productCode')
  const tags = record.list('tags')
  return {
    provider: product === undefined ? undefined : (PRODUCTS.get(product) ?? product),
    host: toHost(firstText(record.text('endpointHostName'), record.text('endpointName'))),
    hostId: firstText(record.text('endpointGuid'), record.text('endpointGUID'))?.toLowerCase(),
    hostIp: hostAddress(record.list('endpointIp')),
    severity: record.text('filterRiskLevel'),
    technique: techniquesOf(tags.filter((tag) => /^MITRE/i.test(tag))),
    rule: joined(tags.filter((tag) => /^XSAE\./i.test(tag))),
  }
}
