import type { EventKind } from '../../model/event.ts'
import { DEVICE, IMAGE_HASHES, PROCESS, REMOTE_SESSION } from './actor.ts'
import {
  account,
  cut,
  DETAIL_LIMIT,
  either,
  type FieldPicks,
  filePath,
  hashes,
  ip,
  joinPath,
  named,
  type Pick,
  port,
  type RowMeaning,
  sid,
  text,
  url,
} from './picks.ts'
import type { DefenderRow } from './row.ts'

const actionOf = (row: DefenderRow): string => row.text('ActionType')?.toLowerCase() ?? ''
const byAction =
  (kinds: ReadonlyMap<string, EventKind>) =>
  (row: DefenderRow): EventKind =>
    kinds.get(actionOf(row)) ?? 'generic'

const FILE_KINDS = new Map<string, EventKind>([
  ['filecreated', 'file-create'],
  ['filemodified', 'file-modify'],
  ['filerenamed', 'file-rename'],
  ['filedeleted', 'file-delete'],
])

/** Over the network, the system process writes for whoever asked. */
const isRemote = (row: DefenderRow): boolean => /^(?:smb|nfs)/i.test(row.text('RequestProtocol') ?? '')
const asked =
  <T>(remote: Pick<T>, local: Pick<T> | undefined): Pick<T> =>
  (row) =>
    (isRemote(row) ? remote(row) : undefined) ?? local?.(row)

const REQUEST: FieldPicks = {
  account: asked(account('RequestAccount'), PROCESS.account),
  accountSid: (row) =>
    isRemote(row) && account('RequestAccount')(row) !== undefined
      ? sid('RequestAccountSid')(row)
      : PROCESS.accountSid?.(row),
  sourceIp: asked(ip('RequestSourceIP'), ip('FileOriginIP')),
  sourcePort: port('RequestSourcePort'),
  protocol: (row) => (isRemote(row) ? text('RequestProtocol')(row) : undefined),
}

const previous: Pick<string> = (row) => {
  const path = joinPath(row.text('PreviousFolderPath'), row.text('PreviousFileName'))
  const rest = named('ShareName', 'SensitivityLabel', 'FileSize', '+FileType', ...REMOTE_SESSION)(row)
  if (path === undefined) return rest
  return cut(rest === undefined ? `PreviousPath: ${path}` : `PreviousPath: ${path}; ${rest}`, DETAIL_LIMIT)
}

/** DeviceFileEvents; where the file came from stands in `url`, `referrer` and `sourceIp`. */
export const fileEvent: RowMeaning = {
  kind: byAction(FILE_KINDS),
  fields: {
    ...DEVICE,
    ...PROCESS,
    ...hashes(''),
    ...REQUEST,
    target: filePath('FolderPath', 'FileName'),
    url: url('FileOriginUrl'),
    referrer: url('FileOriginReferrerUrl'),
    detail: previous,
  },
}

const REGISTRY_KINDS = new Map<string, EventKind>([
  ['registrykeycreated', 'registry-key'],
  ['registrykeydeleted', 'registry-delete'],
  ['registrykeyrenamed', 'registry-rename'],
  ['registryvalueset', 'registry-set'],
  ['registryvaluedeleted', 'registry-delete'],
])

const joinKey = (key: string | undefined, name: string | undefined): string | undefined =>
  key === undefined || name === undefined ? key : `${key}\\${name}`
const keyPath: Pick<string> = (row) =>
  joinKey(
    text('RegistryKey')(row) ?? text('PreviousRegistryKey')(row),
    text('RegistryValueName')(row) ?? text('PreviousRegistryValueName')(row),
  )
const registryDetail: Pick<string> = (row) => {
  const value = row.text('RegistryValueData')
  if (actionOf(row) === 'registryvalueset' && value !== undefined) return cut(value, DETAIL_LIMIT)
  return named(
    'RegistryValueData',
    'PreviousRegistryKey',
    'PreviousRegistryValueName',
    'PreviousRegistryValueData',
  )(row)
}

/** DeviceRegistryEvents: key and value name are the target, the new data the detail. */
export const registryEvent: RowMeaning = {
  kind: byAction(REGISTRY_KINDS),
  fields: {
    ...DEVICE,
    ...PROCESS,
    ...IMAGE_HASHES,
    target: keyPath,
    detail: registryDetail,
    status: text('RegistryValueType'),
  },
}

/** DeviceImageLoadEvents. */
export const imageLoad: RowMeaning = {
  kind: 'image-load',
  fields: {
    ...DEVICE,
    ...PROCESS,
    ...hashes(''),
    target: filePath('FolderPath', 'FileName'),
    detail: named('FileSize', ...REMOTE_SESSION),
  },
}

/** DeviceFileCertificateInfo: who signed a file seen on the device. */
export const certificate: RowMeaning = {
  kind: 'inventory',
  fields: {
    ...DEVICE,
    sha1: hashes('').sha1 ?? (() => undefined),
    target: either(text('Signer'), text('Issuer')),
    status: text('SignatureType'),
    detail: named(
      'IsSigned',
      'IsTrusted',
      'IsRootSignerMicrosoft',
      'Signer',
      'SignerHash',
      'Issuer',
      'IssuerHash',
      'CertificateSerialNumber',
      'CrlDistributionPointUrls',
    ),
  },
}
