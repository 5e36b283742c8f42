import {
  type EventRow,
  type FieldPicks,
  fixed,
  int,
  ip,
  named,
  path,
  pid,
  type Pick,
  port,
  protocol,
  rows,
  sid,
  text,
  words,
} from './picks.ts'
import { SUBJECT } from './security-parties.ts'

/**
 * Filtering platform events write local and remote under "source" and "destination": for inbound traffic the source is the
 * far end, which is what the fields of the case mean as well.
 */
const FILTERED: FieldPicks = {
  processPath: path('Application'),
  pid: pid('ProcessId', 'ProcessID'),
  sourceIp: ip('SourceAddress'),
  sourcePort: port('SourcePort'),
  destinationIp: ip('DestAddress'),
  destinationPort: port('DestPort'),
  protocol: protocol('Protocol'),
  action: words('Direction'),
  accountSid: sid('RemoteUserID'),
}
const filtered = (kind: 'network-connection' | 'network-bind', outcome: string): EventRow => ({
  kind,
  fields: { ...FILTERED, outcome: fixed(outcome) },
})

const firewallRule = (action: string): EventRow => ({
  kind: 'protection-change',
  fields: {
    target: text('RuleName'),
    action: fixed(action),
    detail: named('RuleId', 'ProfileChanged', 'ProfileUsed'),
  },
})
const setting = (action: string, ...names: string[]): EventRow => ({
  kind: 'protection-change',
  fields: { action: fixed(action), detail: named(...names) },
})

/** A path that code integrity found wrong: 5038, 6281 (`param1`). */
const invalidImage: Pick<string> = path('param1')

/** Network filter, firewall, devices and image checks of the Security log. */
export const networkRows: [number, EventRow][] = [
  ...rows([5150, 5151, 5152, 5153, 5157], filtered('network-connection', 'failure')),
  [5156, filtered('network-connection', 'success')],
  ...rows([5154, 5158], filtered('network-bind', 'success')),
  ...rows([5155, 5159], filtered('network-bind', 'failure')),
  [
    5031,
    {
      kind: 'network-bind',
      fields: { processPath: path('Application'), outcome: fixed('failure'), detail: named('Profiles') },
    },
  ],
  [4946, firewallRule('firewall-rule-added')],
  [4947, firewallRule('firewall-rule-changed')],
  [4948, firewallRule('firewall-rule-deleted')],
  [4949, setting('firewall-defaults-restored')],
  [4950, setting('firewall-setting-changed', 'ProfileChanged', 'SettingType', 'SettingValue')],
  [4954, setting('firewall-policy-changed')],
  [5024, setting('firewall-started')],
  [5025, setting('firewall-stopped')],
  ...rows([5038, 6281], {
    kind: 'image-load',
    fields: { target: invalidImage, outcome: fixed('failure'), action: fixed('invalid-hash') },
  }),
  [
    6416,
    {
      kind: 'device-connect',
      fields: {
        ...SUBJECT,
        target: text('DeviceId'),
        action: fixed('connected'),
        detail: named('DeviceDescription', 'ClassName', 'VendorIds', 'LocationInformation'),
      },
    },
  ],
  ...deviceRows(),
  [6272, radius('granted', 'success')],
  [6273, radius('denied', 'failure')],
]

function deviceRows(): [number, EventRow][] {
  const actions: readonly (readonly [number, string])[] = [
    [6419, 'disable-requested'],
    [6420, 'disabled'],
    [6421, 'enable-requested'],
    [6422, 'enabled'],
    [6423, 'installation-refused'],
    [6424, 'installation-allowed'],
  ]
  return actions.map(([id, action]) => [
    id,
    {
      kind: 'device-connect',
      fields: {
        ...SUBJECT,
        target: text('DeviceId'),
        action: fixed(action),
        detail: named('DeviceDescription', 'ClassName', 'LocationInformation'),
      },
    },
  ])
}

/** Network Policy Server: access to a network, not a logon to this machine. */
function radius(action: string, outcome: string): EventRow {
  return {
    kind: 'generic',
    fields: {
      ...SUBJECT,
      sourceIp: ip('ClientIPAddress', 'NASIPv4Address'),
      authentication: text('AuthenticationType'),
      action: fixed(`network-access-${action}`),
      outcome: fixed(outcome),
      status: text('ReasonCode'),
      destinationPort: int('NASPort'),
      detail: named('CallingStationID', 'CalledStationID', 'NASIdentifier', 'NetworkPolicyName', 'Reason'),
    },
  }
}
