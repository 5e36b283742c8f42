/** Logs of the protocols of Windows networks: Kerberos, NTLM and SMB. */
import type { EventKind } from '../../model/event.ts'
import { toAccount } from '../../normalise/account.ts'
import { toHost } from '../../normalise/host.ts'
import type { ZeekRow } from './zeek-row.ts'
import { ends, type Meaning, one, outcome, pairs } from './zeek-values.ts'

export function readKerberos(row: ZeekRow): ReturnType<Meaning> {
  const isFailure = outcome(one(row, 'success')) === 'failure'
  // `alice/CORP.EXAMPLE`
  const client = one(row, 'client')
  const slash = client?.lastIndexOf('/') ?? -1
  return {
    kind: isFailure
      ? 'kerberos-failure'
      : one(row, 'request_type') === 'TGS'
        ? 'kerberos-service'
        : 'kerberos-tgt',
    fields: {
      ...ends(row),
      account:
        client === undefined || slash < 1 ? client : `${client.slice(0, slash)}@${client.slice(slash + 1)}`,
      target: one(row, 'service'),
      authentication: 'Kerberos',
      outcome: outcome(one(row, 'success')),
      status: one(row, 'error_msg'),
      detail: pairs(row, 'request_type', 'cipher', 'till', 'forwardable', 'renewable'),
    },
  }
}

const SMB_KINDS: readonly (readonly [RegExp, EventKind])[] = [
  [/DELETE/, 'file-delete'],
  [/RENAME/, 'file-rename'],
  [/WRITE/, 'file-modify'],
  [/READ/, 'file-read'],
]

export function readSmbFile(row: ZeekRow): ReturnType<Meaning> {
  const action = one(row, 'action')
  const share = one(row, 'path')
  const name = one(row, 'name')
  return {
    kind: SMB_KINDS.find(([pattern]) => pattern.test(action ?? ''))?.[1] ?? 'share-access',
    fields: {
      ...ends(row),
      protocol: 'smb',
      action,
      target:
        share === undefined || name === undefined ? (name ?? share) : `${share.replace(/\\+$/, '')}\\${name}`,
      detail: pairs(row, 'prev_name', 'size', 'fuid', 'times.modified', 'times.created'),
    },
  }
}

export function readNtlm(row: ZeekRow): ReturnType<Meaning> {
  return {
    kind: 'ntlm-validation',
    fields: {
      ...ends(row),
      account: toAccount(one(row, 'domainname'), one(row, 'username')),
      sourceHost: toHost(one(row, 'hostname')),
      destinationHost: toHost(one(row, 'server_dns_computer_name', 'server_nb_computer_name')),
      authentication: 'NTLM',
      status: one(row, 'status'),
      outcome: outcome(one(row, 'success')),
    },
  }
}

export function readSmbMapping(row: ZeekRow): ReturnType<Meaning> {
  return {
    kind: 'share-access',
    fields: {
      ...ends(row),
      protocol: 'smb',
      target: one(row, 'path'),
      detail: pairs(row, 'share_type', 'service', 'native_file_system'),
    },
  }
}
