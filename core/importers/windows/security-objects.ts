import {
  code,
  type EventRow,
  type FieldPicks,
  fixed,
  account,
  mapped,
  named,
  path,
  pid,
  type Pick,
  rows,
  sid,
  text,
  words,
} from './picks.ts'
import { CLIENT, PROCESS, SUBJECT } from './security-parties.ts'

const OBJECT: FieldPicks = {
  ...SUBJECT,
  ...PROCESS,
  target: text('ObjectName'),
  status: code('AccessMask'),
  action: words('AccessList'),
  detail: named('ObjectType', 'Properties', 'ResourceAttributes'),
}
const DIRECTORY: FieldPicks = {
  ...SUBJECT,
  target: text('ObjectDN'),
  detail: named('ObjectClass', 'AttributeLDAPDisplayName', 'AttributeValue', 'ObjectGUID', 'OpCorrelationID'),
}
/** 5140 writes `\\*\SHARE`: the star stands for this host. */
const sharePath: Pick<string> = (event) => {
  const share = text('ShareName')(event)
  const file = text('RelativeTargetName')(event)
  return share === undefined || file === undefined || file === '\\' ? share : `${share}\\${file}`
}
const SHARE: FieldPicks = {
  ...SUBJECT,
  ...CLIENT,
  target: sharePath,
  status: code('AccessMask'),
  action: words('AccessList'),
  detail: named('ShareLocalPath', 'AccessReason'),
}
const shareChange = (action: string): EventRow => ({
  kind: 'share-change',
  fields: {
    ...SUBJECT,
    target: text('ShareName'),
    action: fixed(action),
    detail: named('ShareLocalPath', 'OldRemark', 'NewRemark', 'OldMaxUsers', 'NewMaxUsers', 'OldSD', 'NewSD'),
  },
})
const registryValue: Pick<string> = (event) => {
  const key = text('ObjectName')(event)
  const value = text('ObjectValueName')(event)
  return key === undefined || value === undefined ? key : `${key}\\${value}`
}
const credentials = (action: string): EventRow => ({
  kind: 'object-access',
  fields: {
    ...SUBJECT,
    pid: pid('ClientProcessId'),
    target: text('TargetName', 'SchemaFriendlyName', 'Resource'),
    action: fixed(action),
    detail: named(
      'Type',
      'CountOfCredentialsReturned',
      'ReadOperation',
      'ReturnCode',
      'Identity',
      'Resource',
    ),
  },
})

/** 5058 to 5061 name the operation by message ids of the key storage. */
const KEY_OPERATIONS = new Map([
  ['%%2456', 'delete-key-file'],
  ['%%2457', 'write-key-file'],
  ['%%2458', 'read-key-file'],
  ['%%2459', 'write-key-file'],
  ['%%2464', 'export-key'],
  ['%%2465', 'import-key'],
  ['%%2480', 'open-key'],
  ['%%2481', 'create-key'],
  ['%%2482', 'delete-key'],
  ['%%2483', 'encrypt'],
  ['%%2484', 'decrypt'],
  ['%%2485', 'sign-hash'],
])

/** Objects, registry values, shares and directory objects of the Security log (formats.md A3.1). */
export const objectRows: [number, EventRow][] = [
  ...rows([4656, 4659, 4663], { kind: 'object-access', fields: OBJECT }),
  [
    4660,
    { kind: 'object-access', fields: { ...OBJECT, action: fixed('deleted'), detail: named('HandleId') } },
  ],
  [
    4664,
    {
      kind: 'file-create',
      fields: { ...SUBJECT, target: path('LinkName'), action: fixed('hard-link'), detail: named('FileName') },
    },
  ],
  [
    4670,
    {
      kind: 'object-access',
      fields: {
        ...OBJECT,
        action: fixed('permissions-changed'),
        detail: named('ObjectType', 'OldSd', 'NewSd'),
      },
    },
  ],
  [
    4674,
    {
      kind: 'object-access',
      fields: {
        ...OBJECT,
        action: fixed('privileged'),
        detail: named('ObjectType', 'AccessMask', 'PrivilegeList'),
      },
    },
  ],
  [
    4657,
    {
      // %%1906: the value was deleted.
      kind: (event) =>
        event.data.get('OperationType')?.trim() === '%%1906' ? 'registry-delete' : 'registry-set',
      fields: {
        ...SUBJECT,
        ...PROCESS,
        target: registryValue,
        action: words('OperationType'),
        detail: text('NewValue'),
      },
    },
  ],
  ...rows([4661, 4662], {
    kind: 'directory-access',
    fields: {
      ...OBJECT,
      detail: named('ObjectType', 'OperationType', 'Properties', 'AdditionalInfo', 'AdditionalInfo2'),
    },
  }),
  ...rows([4798, 4799], {
    kind: 'directory-access',
    fields: {
      ...SUBJECT,
      processPath: path('CallerProcessName'),
      pid: pid('CallerProcessId'),
      target: account('TargetDomainName', 'TargetUserName'),
      targetSid: sid('TargetSid'),
    },
  }),
  [5136, { kind: 'directory-change', fields: { ...DIRECTORY, action: words('OperationType') } }],
  [5137, { kind: 'directory-change', fields: { ...DIRECTORY, action: fixed('created') } }],
  [
    5138,
    {
      kind: 'directory-change',
      fields: { ...DIRECTORY, target: text('NewObjectDN'), action: fixed('restored') },
    },
  ],
  [
    5139,
    {
      kind: 'directory-change',
      fields: {
        ...DIRECTORY,
        target: text('NewObjectDN'),
        action: fixed('moved'),
        detail: named('OldObjectDN', 'ObjectClass', 'ObjectGUID'),
      },
    },
  ],
  [5141, { kind: 'directory-change', fields: { ...DIRECTORY, action: fixed('deleted') } }],
  ...rows([5140, 5145], { kind: 'share-access', fields: SHARE }),
  [5142, shareChange('created')],
  [5143, shareChange('changed')],
  [5144, shareChange('deleted')],
  [
    5168,
    {
      kind: 'share-access',
      fields: {
        ...SUBJECT,
        outcome: fixed('failure'),
        status: code('ErrorCode'),
        action: fixed('spn-check'),
        detail: named('SpnName', 'ServerNames', 'ConfiguredNames', 'IpAddresses'),
      },
    },
  ],
  [5376, credentials('credentials-backed-up')],
  [5377, credentials('credentials-restored')],
  ...rows([5379, 5381, 5382], credentials('credentials-read')),
  ...rows([5058, 5059, 5061], {
    kind: 'generic',
    fields: {
      ...SUBJECT,
      pid: pid('ClientProcessId'),
      target: text('KeyName'),
      action: mapped(text('Operation'), KEY_OPERATIONS),
      status: code('ReturnCode'),
      detail: named('ProviderName', 'AlgorithmName', 'KeyFilePath'),
    },
  }),
]
