import type { EventTable } from './picks.ts'
import { accountRows } from './security-accounts.ts'
import { logonRows } from './security-logon.ts'
import { networkRows } from './security-network.ts'
import { objectRows } from './security-objects.ts'
import { policyRows } from './security-policy.ts'

/** Microsoft-Windows-Security-Auditing (formats.md A3.1). PIDs are hexadecimal there. */
export const security: EventTable = new Map([
  ...logonRows,
  ...objectRows,
  ...networkRows,
  ...policyRows,
  ...accountRows,
])
