import type { ViewEvent } from './view.ts'

/** What a change of a group policy makes all machines it is for run. */
export type PolicyPlant = 'task' | 'script'

/** A change of a group policy, by the policy's GUID in lower case. */
export interface PolicyChange {
  readonly policy: string
  readonly plant: PolicyPlant
  /** The file written, or the attribute. */
  readonly where: string
}

/** Default Domain Policy and Default Domain Controllers Policy: the same GUIDs in every domain (MS-GPOD); nobody keeps tasks there. */
export const DEFAULT_POLICIES: ReadonlySet<string> = new Set([
  '31b2f340-016d-11d2-945f-00c04fb984f9',
  '6ac1786c-016f-11d2-945f-00c04fb984f9',
])

/** `...\SYSVOL\corp.example\Policies\{GUID}\Machine\Preferences\ScheduledTasks\ScheduledTasks.xml` (MS-GPPREF 2.2.1.10, MS-GPSCR 2.2). */
const FILE =
  /\\policies\\\{([0-9a-f-]{36})\}\\(?:machine|user)\\(?:preferences\\(scheduledtasks)\\scheduledtasks\.xml|scripts\\(?:psscripts\.ini|scripts\.ini|(?:startup|shutdown|logon|logoff)\\[^\\]+))$/i
const SYSVOL = /\bsysvol\b/i
/** The policy a 5136 is about. */
const OBJECT = /^CN=\{([0-9a-f-]{36})\},CN=Policies,CN=System,/i
/** Client-side extensions of preference tasks (MS-GPPREF 1.9) and of scripts (MS-GPSCR 1.9). */
const TASKS = /\{aadced64-746c-4633-a97c-d61349046527\}/i
const SCRIPTS = /\{42b5faae-6536-11d2-ae5a-0000f87571e3\}/i
/** WriteData, AppendData, GENERIC_WRITE, GENERIC_ALL of an access mask (MS-DTYP 2.4.3). */
const WRITES = 0x2 | 0x4 | 0x40000000 | 0x10000000

/** A write of what a group policy runs: the file in SYSVOL. */
export function policyFile(event: ViewEvent): PolicyChange | undefined {
  const { target = '', status } = event.fields
  if (event.kind === 'share-access' && !hasWritten(status)) return undefined
  const found = FILE.exec(target)
  const [, policy] = found ?? []
  if (policy === undefined || !SYSVOL.test(target)) return undefined
  return { policy: policy.toLowerCase(), plant: found?.[2] === undefined ? 'script' : 'task', where: target }
}

/** The bitwise operators of JavaScript are signed: the highest bit needs care. */
const hasWritten = (mask: string | undefined): boolean =>
  mask !== undefined && /^(?:0x)?[0-9a-f]+$/i.test(mask) && (Number.parseInt(mask, 16) & WRITES) !== 0

/** The same in the directory: the policy is told to bring tasks or scripts (5136 of gPCMachineExtensionNames, gPCUserExtensionNames). */
export function policyAttribute(attribute: string, value: string, object: string): PolicyChange | undefined {
  if (!/^gPC(?:Machine|User)ExtensionNames$/i.test(attribute)) return undefined
  const policy = OBJECT.exec(object)?.[1]?.toLowerCase()
  const plant = TASKS.test(value) ? 'task' : SCRIPTS.test(value) ? 'script' : undefined
  return policy === undefined || plant === undefined ? undefined : { policy, plant, where: attribute }
}
