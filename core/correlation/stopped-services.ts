/** Products whose services an intruder stops before files are encrypted: what could restore, lock or watch them. */
const PRODUCTS: readonly (readonly [product: string, names: RegExp])[] = [
  ['Veeam', /^veeam/i],
  [
    'SQL Server',
    /^(?:mssql|sql(?:server|agent|browser|writer|telemetry|servr)|msolap|msdts|reportserver|sqlagent|sqlservr)/i,
  ],
  ['Oracle', /^oracle|^(?:oranotif|tnslsnr)/i],
  ['MySQL', /^(?:mysql|mariadb|mysqld)/i],
  ['PostgreSQL', /^(?:postgres|pg_ctl)/i],
  ['Exchange', /^(?:msexchange|imap4svc|pop3svc)/i],
  ['Backup Exec', /^(?:backupexec|bengien|beserver|beremote|bedbg)/i],
  ['Acronis', /^(?:acronis|acrsch2svc|mms)$/i],
  ['Veritas', /^(?:veritas|netbackup|bpcd|vxmon)/i],
  ['Commvault', /^(?:gx(?:cimgr|fwd|blr|vss|cvd)|commvault)/i],
  ['Windows backup', /^(?:vss|swprv|wbengine|sdrsvc|sdsvc)$/i],
  ['QuickBooks', /^(?:qbfcservice|qbidpservice|qbcfmonitorservice|quickbooks)/i],
  ['Hyper-V', /^(?:vmms|vmcompute|vmwp)$/i],
  ['Defender', /^(?:windefend|wdnissvc|sense|msmpeng|securityhealthservice)$/i],
  ['Sophos', /^(?:sophos|savservice|hmpalert|sav(?:admin)?service|swi_)/i],
  ['Trend Micro', /^(?:tmlisten|ntrtscan|tmccsf|ds_agent|amsp|tmbmserver)/i],
  ['CrowdStrike', /^(?:csfalcon|csagent)/i],
  ['SentinelOne', /^sentinel/i],
  ['ESET', /^(?:ekrn|eraagent|egui)/i],
  ['McAfee', /^(?:mcshield|mfemms|mfevtp|masvc|mctaskmanager)/i],
  ['Symantec', /^(?:sepmasterservice|smcservice|ccsvchst|rtvscan)/i],
  ['Malwarebytes', /^(?:mbamservice|mbendpointagent)/i],
  ['Bitdefender', /^(?:bdservicehost|epsecurityservice|epprotectedservice)/i],
]

/** `net stop X`, `sc stop|delete X`, `sc config X start= disabled`, `taskkill /im X`, `Stop-Service X`, `wmic service where name="X" ...`. */
const STOPS: readonly RegExp[] = [
  /\bnet1?(?:\.exe)?["']?\s+stop\s+(?:"([^"]+)"|'([^']+)'|([^\s"'/]+))/gi,
  /\bsc(?:\.exe)?["']?\s+(?:\\\\\S+\s+)?(?:stop|delete)\s+(?:"([^"]+)"|'([^']+)'|([^\s"'/]+))/gi,
  /\bsc(?:\.exe)?["']?\s+(?:\\\\\S+\s+)?config\s+(?:"([^"]+)"|'([^']+)'|([^\s"'/]+))\s+start=\s*disabled/gi,
  /\btaskkill(?:\.exe)?["']?\s[^&|]*?\/im\s+(?:"([^"]+)"|'([^']+)'|([^\s"'/]+))/gi,
  /\b(?:stop-service|remove-service|stop-process)\s+(?:-(?:name|force|inputobject)\s+)*(?:"([^"]+)"|'([^']+)'|([^\s"'/;|]+))/gi,
  /\bwmic(?:\.exe)?["']?\s+service\s+where\s+.{0,20}?name\s*(?:like|=)\s*(?:["'\\%]*([\w$ ]+?)["'\\%]+)\s.{0,40}\b(?:stopservice|delete|changestartmode)/gi,
]

/** Words one of which every command of {@link stoppedServices} holds. */
export const MAY_STOP =
  /\bnet1?\b.*\bstop\b|\bsc\b.*\b(?:stop|delete|disabled)\b|taskkill|stop-service|remove-service|stop-process|\bwmic\b.*\bservice\b/i

/** What a command stops of products that could restore, lock or watch files: services by product. */
export function stoppedServices(text: string): { product: string; service: string }[] {
  return STOPS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(([, ...names]) => {
      const service = (names.find((name) => name !== undefined) ?? '').replace(/\.exe$/i, '')
      const product = PRODUCTS.find(([, words]) => words.test(service))?.[0]
      return product === undefined ? [] : [{ product, service }]
    }),
  )
}
