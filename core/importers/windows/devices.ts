import { type EventRow, type EventTable, type FieldPicks, fixed, named, path, rows, text } from './picks.ts'

const DEVICE: FieldPicks = { target: text('DeviceInstanceID', 'DeviceInstanceId', 'DeviceId') }
/** UserPnp: a driver for a device was installed. */
export const userPnp: EventTable = new Map<number, EventRow>([
  [
    20001,
    {
      kind: 'device-connect',
      fields: {
        ...DEVICE,
        action: fixed('driver-installed'),
        status: text('InstallStatus'),
        detail: named('DriverDescription', 'DriverProvider', 'DriverName', 'DriverVersion'),
      },
    },
  ],
  [
    20003,
    {
      kind: 'device-connect',
      fields: { ...DEVICE, action: fixed('service-added'), detail: named('ServiceName', 'DriverFileName') },
    },
  ],
])
/** Kernel-PnP: a device was configured, started or removed. */
export const kernelPnp: EventTable = new Map<number, EventRow>([
  ...rows([400, 410], {
    kind: 'device-connect',
    fields: {
      ...DEVICE,
      action: fixed('configured'),
      detail: named('DriverName', 'ClassGuid', 'ServiceName', 'ParentDeviceInstanceId'),
    },
  }),
  [
    420,
    { kind: 'device-connect', fields: { ...DEVICE, action: fixed('removed'), detail: named('ClassGuid') } },
  ],
])
/** Partition/Diagnostic 1006: a disk arrived or left (capacity 0), with maker, model and serial number. */
export const partition: EventTable = new Map<number, EventRow>([
  [
    1006,
    {
      kind: 'device-connect',
      fields: {
        target: text('ParentId', 'RegistryId'),
        action: (event) => (event.data.get('Capacity') === '0' ? 'removed' : 'connected'),
        detail: named('Manufacturer', 'Model', 'SerialNumber', 'Revision', 'Capacity', 'DiskNumber'),
      },
    },
  ],
])
/** VHDMP: a disk image (.iso, .vhd) was mounted or taken away: mail attachments hide behind it. */
export const diskImage: EventTable = new Map<number, EventRow>([
  [
    1,
    {
      kind: 'device-connect',
      fields: {
        target: path('VhdFileName', 'VhdFile'),
        action: fixed('image-mounted'),
        detail: named('VhdType', 'ReadOnly'),
      },
    },
  ],
  [
    2,
    {
      kind: 'device-connect',
      fields: { target: path('VhdFileName', 'VhdFile'), action: fixed('image-removed') },
    },
  ],
])
/** DriverFrameworks-UserMode 2003 and 2100: a device with a user-mode driver (USB storage among them). */
export const userModeDrivers: EventTable = new Map<number, EventRow>([
  ...rows([2003, 10000], {
    kind: 'device-connect',
    fields: { target: text('InstanceId', 'DeviceId', 'instance'), action: fixed('connected') },
  }),
])
