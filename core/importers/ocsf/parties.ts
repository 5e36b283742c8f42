import type { EventFields } from '../../model/event.ts'
import { toAccount, toSid } from '../../normalise/account.ts'
import { toGuid } from '../../normalise/guid.ts'
import { toHost, toIp, toLogonId, toPort } from '../../normalise/host.ts'
import { toAddressKey } from '../../normalise/mail.ts'
import { toPath } from '../../normalise/path.ts'
import type { DottedRecord } from '../endpoint/dotted-record.ts'
import { hashOf, hostAddress, toIntegrity, toPid } from '../endpoint/values.ts'

/** Kinds of fingerprint by `algorithm_id`. */
const ALGORITHMS: ReadonlyMap<string, 'md5' | 'sha1' | 'sha256'> = new Map([
  ['1', 'md5'],
  ['2', 'sha1'],
  ['3', 'sha256'],
])

/** Hashes of a file object: a list of fingerprints, or names with values. */
export function hashesOf(record: DottedRecord, file: string): EventFields {
  const found: { sha256?: string | undefined; sha1?: string | undefined; md5?: string | undefined } = {}
  for (const fingerprint of record.records(`${file}.hashes`)) {
    const name = fingerprint
      .text('algorithm')
      ?.toLowerCase()
      .replace(/[^a-z0-9]/g, '')
    const kind =
      ALGORITHMS.get(fingerprint.text('algorithm_id') ?? '') ??
      (name === 'md5' || name === 'sha1' || name === 'sha256' ? name : undefined)
    if (kind !== undefined) found[kind] ??= hashOf(kind, fingerprint.text('value'))
  }
  return {
    sha256: found.sha256 ?? hashOf('sha256', record.text(`${file}.hashes.sha256`)),
    sha1: found.sha1 ?? hashOf('sha1', record.text(`${file}.hashes.sha1`)),
    md5: found.md5 ?? hashOf('md5', record.text(`${file}.hashes.md5`)),
  }
}

const filePath = (record: DottedRecord, file: string): string | undefined => {
  const path = record.text(`${file}.path`)
  const name = record.text(`${file}.name`)
  const folder = record.text(`${file}.parent_folder`)
  if (path !== undefined) return toPath(path)
  return toPath(
    folder !== undefined && name !== undefined
      ? `${folder.replace(/[\\/]+$/, '')}${folder.includes('/') ? '/' : '\\'}${name}`
      : name,
  )
}
export const pathOf = filePath

/** A process object under a prefix, as the process an event is about or by. */
export function processOf(record: DottedRecord, prefix: string): EventFields {
  const parent = `${prefix}.parent_process`
  return {
    processPath:
      filePath(record, `${prefix}.file`) ?? toPath(record.text(`${prefix}.path`, `${prefix}.name`)),
    commandLine: record.text(`${prefix}.cmd_line`),
    pid: toPid(record.text(`${prefix}.pid`)),
    processGuid: toProcessId(record.text(`${prefix}.uid`, `${prefix}.cpid`)),
    integrity: toIntegrity(record.text(`${prefix}.integrity`)),
    sessionId: record.text(`${prefix}.session.uid`),
    parentPath: filePath(record, `${parent}.file`) ?? toPath(record.text(`${parent}.path`, `${parent}.name`)),
    parentCommandLine: record.text(`${parent}.cmd_line`),
    parentPid: toPid(record.text(`${parent}.pid`)),
    parentGuid: toProcessId(record.text(`${parent}.uid`, `${parent}.cpid`)),
  }
}
const toProcessId = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : (toGuid(text) ?? text)

/** A user object: its SID, directory id and address are told apart by their form. */
export function userOf(record: DottedRecord, prefix: string): EventFields {
  const uid = record.text(`${prefix}.uid`)
  const mail = record.text(`${prefix}.email_addr`)
  return {
    account: toAccount(record.text(`${prefix}.domain`), record.text(`${prefix}.name`)),
    accountSid: toSid(uid),
    accountId: toGuid(uid) ?? toGuid(record.text(`${prefix}.uid_alt`)),
    accountMail: mail === undefined ? undefined : toAddressKey(mail),
  }
}

/** The device a sensor ran on. */
export function deviceOf(record: DottedRecord): EventFields {
  const name = record.text('device.hostname', 'device.name')
  const domain = record.text('device.domain')
  const isFull =
    name !== undefined && !name.includes('.') && domain !== undefined && /^[\w-]+(?:\.[\w-]+)+$/.test(domain)
  return {
    host: toHost(isFull ? `${name}.${domain}` : name),
    hostId: record.text('device.uid', 'device.agent_list.uid'),
    hostIp: hostAddress([
      ...record.list('device.ip'),
      ...record.list('device.ip_addresses'),
      ...record.records('device.network_interfaces').flatMap((one) => one.list('ip')),
    ]),
  }
}

/** Both ends of a connection, with the names and addresses their endpoint objects carry. */
export function endsOf(record: DottedRecord): EventFields {
  const name = (prefix: string): string | undefined =>
    toHost(record.text(`${prefix}.hostname`, `${prefix}.domain`, `${prefix}.name`, `${prefix}.svc_name`))
  return {
    sourceIp: toIp(record.text('src_endpoint.ip')),
    sourcePort: toPort(record.text('src_endpoint.port')),
    sourceHost: name('src_endpoint'),
    destinationIp: toIp(record.text('dst_endpoint.ip')),
    destinationPort: toPort(record.text('dst_endpoint.port')),
    destinationHost: name('dst_endpoint') ?? toHost(record.text('tls.sni')),
  }
}

/** A logon session id is a LUID on Windows; others stay session ids. */
export function sessionOf(record: DottedRecord): EventFields {
  const uid = record.text('session.uid', 'actor.session.uid')
  const luid = uid !== undefined && /^0x[0-9a-f]+$/i.test(uid) ? toLogonId(uid) : undefined
  return { logonId: luid, sessionId: luid === undefined ? uid : undefined }
}
