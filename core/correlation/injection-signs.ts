import { placeOf } from './hiding-places.ts'
import type { ViewEvent } from './view.ts'

/** A thread that begins in memory of no module, or by loading a library: nothing honest needs either. */
const BY_FOREIGN_CODE = 0.92
/** A thread in another process, of a program from a folder users can write to. */
const BY_THREAD = 0.8
/** A thread by an installed program: a debugger, an accessibility tool or a sensor may do it. */
const BY_INSTALLED = 0.5
/** Rights alone: what was done with them is not in the record. */
const BY_RIGHTS = 0.6

/** Create a thread, change memory, write memory (winnt.h): all three are what injection asks for. */
const INJECT = 0x02 | 0x08 | 0x20
/** Parts of Windows that start threads in others by design (console signals, session management, error reports). */
const WINDOWS_ITSELF =
  /^[a-z]:\\windows\\(?:system32|syswow64)\\(?:csrss|smss|wininit|winlogon|services|lsass|svchost|dwm|werfault|werfaultsecure|wermgr|taskmgr|sihost|conhost|fontdrvhost|logonui|consent|rdpclip|userinit|wbem\\wmiprvse|drwtsn32|taskhostw?|audiodg|ctfmon|perfmon|vds|sppsvc|compattelrunner|msiexec|runtimebroker|wudfhost)\.exe$/
/** Sensors, virtual machines and debuggers from where they are installed. */
const KNOWN_TOOLS =
  /^[a-z]:\\program files(?: \(x86\))?\\.*\\(?:vmtoolsd|vboxservice|vboxtray|msmpeng|mssense|sensecncproxy|csfalconservice|csfalconcontainer|sentinelagent|ntrtscan|tmccsf|coreserviceshell|ekrn|avp|mcshield|cb|repmgr|xagt|devenv|vsjitdebugger|msvsmon|windbg|windbgx|cdb|ntsd|dbghost|cheatengine.*|procexp(?:64)?|nvcontainer|nvidia share|rtss|dropbox|citrix.*|wfica32|ctxhook.*|nahimicsvc.*|displaylinkmanager)\.exe$/
/** Threads that a debugger or a console signal begins. */
const HARMLESS_START =
  /StartFunction: (?:DbgUiRemoteBreakin|DbgBreakPoint|CtrlRoutine|EtwpNotificationThread)\b/i
const LOADS = /StartFunction: (?:LoadLibrary[AW]|LoadLibraryEx[AW]|LdrLoadDll)\b/i

/** What a thread or access in another process amounts to; `reason` is one of the rule `process.injected`. */
export interface InjectionJudgement {
  readonly reason: string
  readonly level: 'low' | 'medium' | 'high' | 'critical'
  readonly confidence: number
  readonly isDetected: boolean
}

export function judgeThread(event: ViewEvent): InjectionJudgement | undefined {
  const { processPath = '', detail = '' } = event.fields
  const folded = processPath.toLowerCase()
  if (HARMLESS_START.test(detail)) return undefined
  const isKnown = WINDOWS_ITSELF.test(folded) || KNOWN_TOOLS.test(folded)
  const hasAddress = /StartAddress: /i.test(detail)
  const isForeign = hasAddress && !/StartModule: [^;\s-]/i.test(detail)
  if (LOADS.test(detail) && !isKnown)
    return { reason: 'library', level: 'high', confidence: BY_FOREIGN_CODE, isDetected: true }
  if (isForeign && !isKnown)
    return { reason: 'foreign_code', level: 'high', confidence: BY_FOREIGN_CODE, isDetected: true }
  if (isKnown) return undefined
  const place = placeOf(processPath)
  return place === 'hiding' || place === 'elsewhere'
    ? { reason: 'thread', level: 'high', confidence: BY_THREAD, isDetected: true }
    : { reason: 'thread_installed', level: 'low', confidence: BY_INSTALLED, isDetected: !hasAddress }
}

export function judgeRights(event: ViewEvent): InjectionJudgement | undefined {
  const { processPath = '', status, detail = '', action } = event.fields
  const folded = processPath.toLowerCase()
  const isKnown = WINDOWS_ITSELF.test(folded) || KNOWN_TOOLS.test(folded)
  // Sensors that record the writing itself name it; Sysmon only records the rights asked for.
  if (
    /write_(?:memory|process)|memory_modify|virtualallocremote|mapviewremote|setthreadcontext|queueuserapc/i.test(
      action ?? '',
    )
  )
    return isKnown
      ? undefined
      : {
          reason: 'memory',
          level: 'medium',
          confidence: BY_THREAD,
          isDetected: placeOf(processPath) !== 'system',
        }
  const rights = /^0x[0-9a-f]{1,8}$/i.test(status ?? '') ? Number(status) : 0
  if ((rights & INJECT) !== INJECT || isKnown) return undefined
  if (/UNKNOWN\(/.test(detail))
    return { reason: 'rights_unbacked', level: 'medium', confidence: BY_RIGHTS + 0.15, isDetected: true }
  const place = placeOf(processPath)
  return place === 'hiding' || place === 'elsewhere'
    ? { reason: 'rights', level: 'medium', confidence: BY_RIGHTS, isDetected: place === 'hiding' }
    : undefined
}
