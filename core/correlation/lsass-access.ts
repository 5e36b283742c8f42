import { baseName } from '../normalise/path.ts'

/** Rights of a process handle (winnt.h): what reading or changing another process's memory needs. */
const VM_READ = 0x10
const INJECT = 0x02 | 0x08 | 0x20
/** Masks that credential tools ask for by habit (formats.md A2, event 10); monitoring rarely asks for exactly these. */
const HABITUAL = new Set([
  0x1010, 0x1410, 0x1418, 0x1438, 0x143a, 0x1fffff, 0x1f0fff, 0x1f1fff, 0x1f2fff, 0x1f3fff,
])

/**
 * Programs that open lsass.exe with reading rights in normal work. They count only from the folders where they are
 * installed, and only when the call does not come out of memory that belongs to no module.
 */
const KNOWN_CALLERS: readonly { readonly reason: string; readonly pattern: RegExp }[] = [
  {
    reason: 'parts of Windows that manage or measure processes',
    pattern:
      /^[a-z]:\\windows\\(system32|syswow64)\\(csrss|wininit|winlogon|services|svchost|smss|lsass|lsm|lsaiso|wbem\\wmiprvse|werfault|werfaultsecure|wermgr|taskhostw?|perfmon|mrt|vds|tiworker|sppsvc|conhost|dwm|sihost)\.exe$/,
  },
  {
    reason: 'Windows Defender',
    pattern:
      /\\(windows defender|windows defender advanced threat protection|microsoft\\windows defender\\platform\\[^\\]+)\\(msmpeng|mssense|sensendr|senseir|sensecncproxy|nissrv|mpcmdrun|mpdefendercoreservice)\.exe$/,
  },
  {
    reason: 'installed endpoint protection and sensors',
    pattern:
      /^[a-z]:\\program files( \(x86\))?\\.*\\(ntrtscan|tmccsf|tmbmsrv|tmlisten|coreserviceshell|ds_agent|endpointbasecamp|cloudendpointservice|csfalconservice|sentinelagent|sentinelservicehost|cb|repmgr|cylancesvc|mcshield|mfemms|mfetp|ekrn|avp|sspservice|sophosfs|hmpalert|bdservicehost|epsecurityservice|elastic-endpoint|elastic-agent|cyserver|traps|cortex-xdr-payload|fortiedr|qualysagent|nessusd|ossec-agent|wazuh-agent|healthservice|monitoringhost|ccmexec|splunkd|vmtoolsd|vgauthservice|zabbix_agentd)\.exe$/,
  },
  { reason: 'Sysmon', pattern: /^[a-z]:\\windows\\sysmon(64|64a)?\.exe$/ },
  {
    reason: 'updaters that look at all processes',
    pattern:
      /^[a-z]:\\program files( \(x86\))?\\(google\\update|google\\googleupdater\\[^\\]+|microsoft\\edgeupdate)\\[^\\]+\.exe$/,
  },
]

/** Modules that write memory dumps, and code outside all modules (a loader's). */
const DUMP_TRACE = /\\(?:dbghelp|dbgcore|comsvcs)\.dll/i
const UNBACKED_TRACE = /UNKNOWN\(/

export type LsassAccess = 'dump' | 'read' | 'inject'

/** Whether a path is lsass.exe; the Security log writes it below `\Device\HarddiskVolumeN\`. */
export const isLsass = (path: string | undefined): boolean =>
  path !== undefined && baseName(path).toLowerCase() === 'lsass.exe'

/**
 * What sensors that record no mask call it when a process reads another one's memory or writes into it: Trend Micro Vision One
 * (subIds 704, 702 and 703 of event 8), Defender (`ReadProcessMemoryApiCall`).
 */
const REPORTED_READ = /(?:^|_)READ_PROCESS$|^ReadProcessMemory/i
const REPORTED_WRITE = /(?:^|_)WRITE_(?:MEMORY|PROCESS)$|^WriteProcessMemory/i

/** The same where the sensor names the deed and no mask; undefined for other deeds and for known callers. */
export function judgeReportedAccess(
  caller: string,
  action: string | undefined,
): { access: LsassAccess; confidence: number } | undefined {
  const isRead = action !== undefined && REPORTED_READ.test(action)
  if (!isRead && (action === undefined || !REPORTED_WRITE.test(action))) return undefined
  const folded = caller.toLowerCase()
  if (KNOWN_CALLERS.some((known) => known.pattern.test(folded))) return undefined
  return isRead ? { access: 'read', confidence: 0.8 } : { access: 'inject', confidence: 0.7 }
}

/**
 * What an access to lsass.exe was good for, and how sure that is.
 * @param mask GrantedAccess or AccessMask, hexadecimal text
 * @param trace call trace, empty when the record has none
 * @returns undefined for harmless rights and for known callers
 */
export function judgeLsassAccess(
  caller: string,
  mask: string | undefined,
  trace: string,
): { access: LsassAccess; confidence: number } | undefined {
  const rights = /^0x[0-9a-f]{1,8}$/i.test(mask ?? '') ? Number(mask) : 0
  const isDump = DUMP_TRACE.test(trace)
  const isUnbacked = UNBACKED_TRACE.test(trace)
  const folded = caller.toLowerCase()
  if (!isDump && !isUnbacked && KNOWN_CALLERS.some((known) => known.pattern.test(folded))) return undefined
  if ((rights & VM_READ) !== 0) {
    if (isDump) return { access: 'dump', confidence: 0.95 }
    // Habitual masks without a trace are how the tools look in logs; any other reading right may be a monitor.
    return {
      access: 'read',
      confidence: HABITUAL.has(rights) ? (isUnbacked ? 0.93 : 0.8) : isUnbacked ? 0.75 : 0.55,
    }
  }
  return (rights & INJECT) === INJECT ? { access: 'inject', confidence: 0.7 } : undefined
}
