import { baseName } from '../normalise/path.ts'
import { placeOf } from './hiding-places.ts'
import { isInSystemFolder } from './system-folders.ts'

/**
 * Signed drivers with a way in that intruders brought along, by the names they have (loldrivers.io, and the reports of the makers and of
 * CISA on single ones): those that were seen ending protection or writing to kernel memory. Products install some of them for good.
 */
const ABUSED = new Set(
  `rtcore64.sys rtcore32.sys gdrv.sys dbutil_2_3.sys dbutildrv2.sys procexp152.sys procexp.sys zamguard64.sys zam64.sys amsdk.sys
  truesight.sys aswarpot.sys mhyprot2.sys kprocesshacker.sys iqvw64e.sys iqvw64.sys capcom.sys asrdrv101.sys asrdrv103.sys asrdrv106.sys
  msio64.sys atszio64.sys glckio2.sys eneio64.sys enetechio64.sys winio64.sys winring0x64.sys inpoutx64.sys phymem64.sys physmem.sys
  elrawdsk.sys epmntdrv.sys gmer64.sys kevp64.sys viragt64.sys bdapiutil64.sys throttlestop.sys rwdrv.sys hlpdrv.sys wsftprm.sys
  nseckrnl.sys lnvmsrio.sys nvoclock.sys rentdrv2.sys ntiolib_x64.sys`
    .trim()
    .split(/\s+/),
)
/** The same under any name: SHA-256 of the builds most often brought along (loldrivers.io). */
const ABUSED_HASHES: ReadonlyMap<string, string> = new Map([
  ['01aa278b07b58dc46c84bd0b1b5c8e9ee4e62ea0bf7a695862444af32e87f1fd', 'RTCore64.sys'],
  ['0296e2ce999e67c76352613a718e11516fe1b0efc3ffdb8918fc999dd76a73a5', 'DBUtil_2_3.sys'],
  ['31f4cfb4c71da44120752721103a16512444c13c2ac2d857a7e6f13cb679b427', 'gdrv.sys'],
  ['509628b6d16d2428031311d7bd2add8d5f5160e9ecc0cd909f1e82bbbb3234d6', 'mhyprot2.sys'],
  ['543991ca8d1c65113dff039b85ae3f9a87f503daec30f46929fd454bc57e5a91', 'zam64.sys'],
])
/** Hardware tools and tools of responders unpack their driver into a temporary folder each time they run. */
const UNPACKED =
  /^(?:cpuz\d*(?:_x(?:64|32))?|hwinfo(?:64a?|32)?(?:_[\w-]+)?|hwinfo_x64_\d+|gpu-z(?:-v\d+)?|kerneld(?:\.amd64)?|aida64driver|winpmem(?:_x64)?|att_winpmem[\w-]*|ad_driver|dumpit|ramcapturedriver(?:64)?|mbamswissarmy|mbamchameleon|mpksl[0-9a-z]{8})\.(?:sys|x64)$/i

export type DriverReason = 'abused' | 'writable' | 'elsewhere' | 'known_installed' | 'unpacked'

/** What is odd about a kernel driver, and which known one it is; undefined for installed ones. */
export function oddDriver(
  path: string,
  sha256: string | undefined,
): { reason: DriverReason; known: string | undefined } | undefined {
  const name = baseName(path).toLowerCase()
  const byHash = sha256 === undefined ? undefined : ABUSED_HASHES.get(sha256.toLowerCase())
  const known = byHash ?? (ABUSED.has(name) ? baseName(path) : undefined)
  const isInstalled = isInSystemFolder(path)
  // A product that installed it under Program Files is what the driver is for; in the folder of drivers anybody may have put it.
  if (isInstalled && byHash !== undefined && byHash.toLowerCase() !== name) return { reason: 'abused', known }
  if (isInstalled)
    return known !== undefined && /\\system32\\drivers\\/i.test(path) && !/^procexp/i.test(name)
      ? { reason: 'known_installed', known }
      : undefined
  if (known !== undefined) return { reason: 'abused', known }
  if (UNPACKED.test(name)) return { reason: 'unpacked', known: undefined }
  const isWritable = placeOf(path) === 'hiding' || /^[a-z]:\\(?:users|programdata)\\/i.test(path)
  return { reason: isWritable ? 'writable' : 'elsewhere', known: undefined }
}

/** Services and processes of protection products, by what records of their end call them. */
const PROTECTION =
  /^(?:msmpeng|mssense|senseir|sensecncproxy|nissrv|mpdefendercoreservice|securityhealthservice|csfalconservice|csfalconcontainer|sentinelagent|sentinelservicehost|repmgr|cylancesvc|mcshield|mfemms|ekrn|avp|hmpalert|sophosfilescanner|sophosfs|savservice|bdservicehost|epsecurityservice|elastic-endpoint|cyserver|ntrtscan|tmlisten|tmccsf|coreserviceshell|ds_agent|ccsvchst|mbamservice|sysmon64|sysmon)(?:\.exe)?$|\b(?:defender|sophos|crowdstrike|falcon|sentinel|trend micro|carbon black|cylance|cortex xdr|eset|mcafee|trellix|symantec|bitdefender|malwarebytes|elastic endpoint)\b/i

/** Whether a process or service protects the endpoint. */
export const isProtection = (name: string): boolean => PROTECTION.test(baseName(name))
