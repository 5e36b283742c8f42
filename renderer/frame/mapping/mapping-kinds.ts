import type { MappingKind } from '../../../core/model/mapping.ts'

/** Kinds of rows in the order they are offered; the type keeps it complete. */
const ORDER: Readonly<Record<MappingKind, number>> = {
  message: 0,
  click: 1,
  process: 2,
  file: 3,
  network: 4,
  dns: 5,
  logon: 6,
  user: 7,
  endpoint: 8,
  generic: 9,
}
export const MAPPING_KIND_IDS = (Object.keys(ORDER) as MappingKind[]).sort((a, b) => ORDER[a] - ORDER[b])

/** Time formats with a name, in the order they are offered. */
export const TIME_FORMATS = ['iso', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'filetime'] as const
