/** What a command does to traces and protection; each is one detection of `process.evasion`. */
export type EvasionAct =
  | 'shadow_deleted'
  | 'recovery_off'
  | 'log_cleared'
  | 'log_off'
  | 'scanner_off'
  | 'excluded'
  | 'firewall_off'
  | 'history_removed'
  | 'tool_stopped'

/** Commands read up to here; Windows takes no longer ones. */
const MAX_COMMAND = 32_768
/** Services of scanners, sensors and logs, and of their makers. */
const PROTECTORS = String.raw`(?:windefend|wdnissvc|sense|wdfilter|wscsvc|securityhealthservice|sysmon(?:64)?|sysmondrv|eventlog|mpssvc|msmpeng|csfalcon\w*|csagent|sentinel\w*|carbonblack\w*|cbdefense|tmlisten|ntrtscan|tmccsf|ds_agent|amsp|ekrn|mcshield|mfemms|savservice|sophos\w*|hmpalert|bdservicehost|epsecurityservice|elastic-?agent|elastic-?endpoint|cylancesvc|cyserver|wazuhsvc|ossecsvc|splunkforwarder|nxlog|winlogbeat)`

const ACTS: readonly (readonly [EvasionAct, RegExp])[] = [
  [
    'shadow_deleted',
    /\bvssadmin(?:\.exe)?["']?\s+(?:delete\s+shadows|resize\s+shadowstorage\b.{0,80}maxsize=\s*(?:401|3\d\d)mb)|\bwmic(?:\.exe)?["']?\s+.{0,20}shadowcopy\b.{0,40}\bdelete\b|\bwbadmin(?:\.exe)?["']?\s+delete\s+(?:catalog|backup|systemstatebackup)|win32_shadowcopy\b.{0,120}(?:\.delete\(|remove-(?:wmiobject|ciminstance))|\bdiskshadow(?:\.exe)?\b.{0,60}\bdelete\s+shadows|(?:get-vss|remove-vss)\w*.{0,80}remove/is,
  ],
  [
    'recovery_off',
    /\bbcdedit(?:\.exe)?["']?\s+.{0,40}\/set\b.{0,60}(?:recoveryenabled\s+no|bootstatuspolicy\s+ignoreallfailures|safeboot\b)|\breagentc(?:\.exe)?["']?\s+\/disable|\bdisable-computerrestore\b/i,
  ],
  [
    'log_cleared',
    /\bwevtutil(?:\.exe)?["']?\s+(?:cl|clear-log)\s|\b(?:clear|remove|limit)-eventlog\b|\[system\.diagnostics\.eventing\.reader\.eventlogsession\]::globalsession\.clearlog|\bnteventlogfile\b.{0,120}\bcleareventlog\b|\bremove-item\b.{0,120}\\winevt\\logs|\bdel\b.{0,80}\\winevt\\logs/i,
  ],
  [
    'log_off',
    /\bwevtutil(?:\.exe)?["']?\s+(?:sl|set-log)\s.{0,120}\/e(?:nabled)?:false|\bauditpol(?:\.exe)?["']?\s+\/(?:clear|remove|set\b.{0,160}\/(?:success|failure):disable)|\blogman(?:\.exe)?["']?\s+(?:stop|delete|update)\b.{0,60}(?:eventlog|sysmon|trace)|\bfltmc(?:\.exe)?["']?\s+unload\s+\w*sysmon|\bsysmon(?:64)?(?:\.exe)?["']?\s+-u\b/i,
  ],
  [
    'scanner_off',
    /\bset-mppreference\b.{0,300}-(?:disablerealtimemonitoring|disablebehaviormonitoring|disableioavprotection|disablescriptscanning|disableintrusionpreventionsystem|disableblockatfirstseen)\s+(?:\$?true|1)\b|\bset-mppreference\b.{0,300}-(?:mapsreporting|submitsamplesconsent|puaprotection)\s+(?:0|2|disabled|neversend)\b|\buninstall-windowsfeature\b.{0,60}windows-defender|\bmpcmdrun(?:\.exe)?["']?\s+-removedefinitions|\bdism(?:\.exe)?\b.{0,80}disable-feature\b.{0,60}windows-?defender/is,
  ],
  [
    'excluded',
    /\b(?:add|set)-mppreference\b.{0,300}-exclusion(?:path|process|extension|ipaddress)\b|msft_mppreference\b.{0,120}\badd\b.{0,40}exclusion(?:path|process|extension)/is,
  ],
  [
    'firewall_off',
    /\bnetsh(?:\.exe)?["']?\s+advfirewall\s+set\s+\w+\s+state\s+off|\bnetsh(?:\.exe)?["']?\s+firewall\s+set\s+opmode\s+(?:mode=)?disable|\bset-netfirewallprofile\b.{0,160}-enabled\s+(?:\$?false|0)/i,
  ],
  [
    'history_removed',
    /\bremove-item\b.{0,120}(?:consolehost_history\.txt|\(get-psreadlineoption\)\.historysavepath)|\bdel\b.{0,80}consolehost_history\.txt|\bset-psreadlineoption\b.{0,60}-historysavestyle\s+savenothing|\bfsutil(?:\.exe)?["']?\s+usn\s+deletejournal|\bcipher(?:\.exe)?["']?\s+\/w:|\bsdelete(?:64)?(?:\.exe)?["']?\s/i,
  ],
  [
    'tool_stopped',
    new RegExp(
      String.raw`\b(?:net1?|sc)(?:\.exe)?["']?\s+(?:\\\\\S+\s+)?(?:stop|delete|config|pause)\s+["']?${PROTECTORS}\b(?!.{0,40}start=\s*(?:auto|demand))|\b(?:stop|set|remove)-service\b.{0,80}\b${PROTECTORS}\b|\btaskkill(?:\.exe)?["']?\s+.{0,60}\b${PROTECTORS}(?:\.exe)?\b`,
      'i',
    ),
  ],
]

/**
 * What a command line does to traces and protection. A shell that passes the command on to another program is not meant:
 * that program has a record of its own.
 * @param program file name of the image
 */
export function evasionsOf(program: string, commandLine: string): EvasionAct[] {
  const command = commandLine.slice(0, MAX_COMMAND)
  const isPassing =
    /^cmd\.exe$/i.test(program) && !/\b(?:del|echo|erase)\b/i.test(command) && command.length > 0
  if (isPassing) return []
  return ACTS.flatMap(([act, pattern]) => (pattern.test(command) ? [act] : []))
}
