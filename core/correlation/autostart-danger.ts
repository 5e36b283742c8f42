import type { DetectionLevel } from '../model/detection.ts'
import { baseName } from '../normalise/path.ts'
import type { AutostartKind } from './autostart-keys.ts'
import { type CommandSign, judgeCommand } from './command-signs.ts'
import { placeOf } from './hiding-places.ts'

/** What a value in an autostart place amounts to: something starts again, runs instead of another, or protection is weaker. */
export type AutostartEffect = 'autostart' | 'hijack' | 'weakened'

export interface AutostartJudgement {
  readonly effect: AutostartEffect
  readonly level: DetectionLevel
  readonly confidence: number
  /** What is odd about the command, where that is the reason. */
  readonly sign?: CommandSign
}

const HIGH = 0.88
const MEDIUM = 0.65
const LOW = 0.4
const CONFIDENCE: Readonly<Record<DetectionLevel, number>> = {
  critical: 0.95,
  high: HIGH,
  medium: MEDIUM,
  low: LOW,
}
const verdict = (effect: AutostartEffect, level: DetectionLevel): AutostartJudgement => ({
  effect,
  level,
  confidence: CONFIDENCE[level],
})

/** A number as registry records write it: `DWORD (0x00000001)`, `0x1`, `1`. */
export function numberOf(value: string): number | undefined {
  const text = /^\s*(?:[DQ]WORD\s*\()?\s*(0x[0-9a-f]{1,16}|\d{1,10})/i.exec(value)?.[1]
  return text === undefined ? undefined : Number(text)
}

const isEmpty = (value: string): boolean => /^\s*(?:\(empty\)|""|-)?\s*$/i.test(value)

function byCommand(effect: AutostartEffect, value: string): AutostartJudgement | undefined {
  const judged = judgeCommand(value)
  return judged && { effect, level: judged.level, confidence: judged.confidence, sign: judged.sign }
}

/** Programs one may start from the sign-in screen: with a debugger there, nobody needs a password. */
const AT_SIGN_IN = /\\(?:sethc|utilman|osk|narrator|magnify|displayswitch|atbroker)\.exe\\/i
/** Debuggers and replacements that developers and administrators set on purpose. */
const DEBUGGERS =
  /\b(?:vsjitdebugger|windbgx?|cdb|ntsd|devenv|drwtsn32|procexp(?:64)?|processhacker|systeminformer|rtvscan)(?:\.exe)?\b/i
/** Handlers that programs with raised rights open without asking (UAC bypass). */
const RAISED = /\\(?:ms-settings|mscfile|launcher\.systemsettings|exefile|folder|appx[^\\]*)\\shell\\/i
const DEFAULT_HANDLER = /^\s*"?%?%1"?\s+%?%\*\s*$/
const LSA_DEFAULTS = new Set(
  'msv1_0 kerberos schannel wdigest tspkg pku2u livessp cloudap negoextender scecli rassfm credssp.dll'.split(
    ' ',
  ),
)
const MONITORS =
  /^(?:localspl|tcpmon|usbmon|wsdmon|appmon|fxsmon|ippmon|apmon|mcpmon|lprmon|redmon\d*|pdfcmon|novapv\d*|hp\w+|bidispl|cnmlm\w*|e_\w+)\.dll$/i
/** Folders and whole drives nobody exempts from scanning for good reasons. */
const WIDE_EXCLUSION =
  /\\exclusions\\(?:paths\\(?:[a-z]:\\?|[a-z]:\\(?:users|windows|programdata|temp|users\\public)(?:\\.*)?|.*\\(?:temp|tmp|downloads|appdata).*)|extensions\\\.?(?:exe|dll|ps1|bat|js|vbs)|processes\\.*(?:powershell|cmd|rundll32|mshta|wscript|regsvr32)\.exe)$/i

/**
 * How a responder weighs a value written to a place of {@link AutostartKind}.
 * @param path registry path in one spelling (`toRegistryPath`)
 * @param value what was written; undefined where the record has none
 * @returns undefined for what installed programs write every day, and where the value is not known
 */
export function judgeAutostart(
  kind: AutostartKind,
  path: string,
  value: string | undefined,
): AutostartJudgement | undefined {
  if (value === undefined) return undefined
  const name = path.slice(path.lastIndexOf('\\') + 1).toLowerCase()
  const number = numberOf(value)
  switch (kind) {
    case 'run':
    case 'active-setup':
      return byCommand('autostart', value)
    case 'startup-folder':
      return /\\start menu\\programs\\startup\\?\s*$/i.test(value) ? undefined : verdict('autostart', 'high')
    case 'winlogon':
      return winlogon(name, value)
    case 'image-options':
      return imageOptions(path, name, value)
    case 'service':
      return service(name, value)
    case 'shell-open':
      return shellOpen(path, name, value)
    case 'com':
      return com(path, name, value)
    case 'logon-script':
      if (isEmpty(value)) return undefined
      return name === 'userinitmprlogonscript' || /\\pendinggpos\\/i.test(path)
        ? verdict('autostart', 'high')
        : byCommand('autostart', value)
    case 'library-load':
      return libraryLoad(path, name, value)
    case 'authentication':
      return authentication(path, name, value, number)
    case 'screen-saver':
      return isEmpty(value) || placeOf(value) === 'system'
        ? undefined
        : verdict('autostart', placeOf(value) === 'hiding' ? 'high' : 'medium')
    case 'office':
      return office(path, name, value, number)
    case 'accessibility':
      return (
        byCommand('autostart', value) ?? (name === 'startexe' ? verdict('autostart', 'medium') : undefined)
      )
    case 'remote-access':
      if (name === 'portnumber' && number !== undefined && number !== 3389) return verdict('weakened', 'high')
      if (name === 'initialprogram' && !isEmpty(value)) return verdict('hijack', 'medium')
      return number === 0 && name !== 'portnumber' ? verdict('weakened', 'medium') : undefined
    case 'protection':
      return protection(path, name, value, number)
  }
}

function winlogon(name: string, value: string): AutostartJudgement | undefined {
  const isDefault =
    name === 'shell'
      ? /^\s*(?:%(?:systemroot|windir)%\\|c:\\windows\\)?explorer\.exe\s*,?\s*$/i.test(value)
      : name === 'userinit'
        ? /^\s*(?:%(?:systemroot|windir)%\\system32\\|c:\\windows\\system32\\)?userinit\.exe\s*,?\s*$/i.test(
            value,
          )
        : name === 'vmapplet'
          ? /^\s*systempropertiesperformance(?:\.exe)?\s/i.test(value)
          : isEmpty(value)
  if (isDefault) return undefined
  return name === 'shell' || name === 'userinit' || name === 'taskman'
    ? verdict('autostart', 'high')
    : byCommand('autostart', value)
}

function imageOptions(path: string, name: string, value: string): AutostartJudgement | undefined {
  if (isEmpty(value)) return undefined
  if (name === 'debugger' && AT_SIGN_IN.test(path)) return verdict('hijack', 'critical')
  return verdict('hijack', name === 'debugger' && DEBUGGERS.test(value) ? 'low' : 'high')
}

function service(name: string, value: string): AutostartJudgement | undefined {
  if (isEmpty(value)) return undefined
  if (name === 'failurecommand') return byCommand('autostart', value) ?? verdict('autostart', 'medium')
  if (name === 'servicedll' || name === 'library') {
    const place = placeOf(value.replace(/%systemroot%/i, 'C:\\Windows'))
    return place === 'system' ? undefined : verdict('autostart', place === 'hiding' ? 'high' : 'medium')
  }
  return byCommand('autostart', value)
}

function shellOpen(path: string, name: string, value: string): AutostartJudgement | undefined {
  if (/\\environment\\/i.test(path)) return isEmpty(value) ? undefined : verdict('hijack', 'high')
  if (DEFAULT_HANDLER.test(value)) return undefined
  const isOfUser = /^hku\\s-1-5-21-|^hkcu\\/i.test(path)
  if (isOfUser && RAISED.test(path)) return verdict('hijack', 'high')
  // Only the value that marks a delegated handler may be empty and still matter.
  if (name === 'delegateexecute' || isEmpty(value)) return undefined
  return byCommand('hijack', value)
}

function com(path: string, name: string, value: string): AutostartJudgement | undefined {
  if (isEmpty(value)) return undefined
  if (/^\s*script:|^\s*https?:/i.test(value)) return verdict('hijack', 'high')
  const isOfUser = /^hku\\s-1-5-21-|^hkcu\\/i.test(path)
  if (/\\treatas(?:\\|$)/i.test(path)) return isOfUser ? verdict('hijack', 'high') : undefined
  const file = value.replace(/^"([^"]+)".*$/, '$1')
  if (placeOf(file) === 'hiding') return verdict('hijack', isOfUser ? 'high' : 'medium')
  const judged =
    /\\localserver32/i.test(path) || name === 'localserver32' ? byCommand('hijack', value) : undefined
  if (judged && judged.level !== 'low') return judged
  return isOfUser && placeOf(file) === 'elsewhere' ? verdict('hijack', 'low') : undefined
}

function libraryLoad(path: string, name: string, value: string): AutostartJudgement | undefined {
  if (isEmpty(value)) return undefined
  if (name === 'loadappinit_dlls') return numberOf(value) === 1 ? verdict('hijack', 'medium') : undefined
  if (name === 'bootexecute')
    return /^\s*autocheck autochk (?:\/[a-z]+ )*\*\s*$/i.test(value)
      ? undefined
      : verdict('autostart', 'high')
  if (name === 'driver') {
    const isPath = /[\\/]/.test(value)
    if (isPath && placeOf(value) !== 'system') return verdict('hijack', 'high')
    return MONITORS.test(baseName(value)) || !/\\print\\monitors\\/i.test(path)
      ? undefined
      : verdict('hijack', 'medium')
  }
  return name === 'appinit_dlls' || /\\appcertdlls\\/i.test(path)
    ? verdict('hijack', 'high')
    : verdict('hijack', 'medium')
}

function authentication(
  path: string,
  name: string,
  value: string,
  number: number | undefined,
): AutostartJudgement | undefined {
  if (name === 'uselogoncredential') return number === 1 ? verdict('weakened', 'high') : undefined
  if (name === 'runasppl') return number === 0 ? verdict('weakened', 'high') : undefined
  if (name === 'disablerestrictedadmin') return number === 0 ? verdict('weakened', 'high') : undefined
  if (/\\networkprovider\\order\\/i.test(path)) return undefined
  const packages = value.split(/[\s,;"]+/).filter((one) => one !== '' && !/^\(?(?:binary|empty).*/i.test(one))
  return packages.some((one) => !LSA_DEFAULTS.has(one.toLowerCase()))
    ? verdict('weakened', 'high')
    : undefined
}

function office(
  path: string,
  name: string,
  value: string,
  number: number | undefined,
): AutostartJudgement | undefined {
  if (name === 'vbawarnings' || name === 'accessvbom')
    return number === 1 ? verdict('weakened', 'high') : undefined
  if (isEmpty(value)) return undefined
  if (/\\office test\\special\\perf/i.test(path)) return verdict('autostart', 'high')
  if (/\\outlook\\webview\\/i.test(path) && /https?:/i.test(value)) return verdict('hijack', 'high')
  if (/^open\d*$/.test(name)) return verdict('autostart', 'medium')
  return placeOf(value) === 'hiding' ? verdict('autostart', 'high') : undefined
}

/** Settings that switch protection off when they are not zero, and those that do when they are. */
const OFF_BY_ONE = /^disable/
const OFF_BY_ZERO =
  /^(?:amsienable|vulnerabledriverblocklistenable|enablelua|enablevirtualizationbasedsecurity|lsacfgflags|enabled|start|enable.*logging|enablescriptblock.*|enabletranscripting|enablemodulelogging)$/

function protection(
  path: string,
  name: string,
  value: string,
  number: number | undefined,
): AutostartJudgement | undefined {
  if (/\\windows defender\\exclusions\\/i.test(path))
    return verdict('weakened', WIDE_EXCLUSION.test(path) ? 'high' : 'medium')
  if (name === 'tamperprotection')
    return number === 0 || number === 4 ? verdict('weakened', 'high') : undefined
  if (name === 'localaccounttokenfilterpolicy')
    return number === 1 ? verdict('weakened', 'medium') : undefined
  if (name === 'consentpromptbehavioradmin' || name === 'filteradministratortoken')
    return number === 0 && name === 'consentpromptbehavioradmin' ? verdict('weakened', 'medium') : undefined
  if (/\\services\\eventlog\\/i.test(path))
    return name === 'file' && !/\\winevt\\logs\\/i.test(value) ? verdict('weakened', 'medium') : undefined
  // Sessions of programs that record traces come and go; those of the event log and the virus scanner stay on.
  if (/\\autologger\\/i.test(path) && !/\\autologger\\(?:eventlog-|defender)/i.test(path)) return undefined
  if (OFF_BY_ONE.test(name))
    return number !== undefined && number !== 0 ? verdict('weakened', 'high') : undefined
  return OFF_BY_ZERO.test(name) && number === 0 ? verdict('weakened', 'high') : undefined
}
