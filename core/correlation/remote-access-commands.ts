import { isInSystemFolder } from './system-folders.ts'

/** What a command does with software for remote access. */
export interface RemoteAccess {
  readonly tool: string
  /** A password for entering without anybody at the screen, a quiet install, or a quiet install to a place or account of one's own. */
  readonly act: 'password' | 'installed' | 'installed_oddly'
}

/** Software for remote access by words of its programs and packages (names of makers' own installers and agents). */
const TOOLS: readonly (readonly [tool: string, words: RegExp])[] = [
  ['AnyDesk', /\banydesk[\w.-]*/i],
  ['TeamViewer', /\bteamviewer[\w.-]*/i],
  ['ScreenConnect', /\b(?:screenconnect|connectwisecontrol)[\w.-]*/i],
  ['Atera', /\b(?:ateraagent|atera)[\w.-]*|\bintegratorlogin=/i],
  ['Splashtop', /\b(?:splashtop|sragent|srmanager|strwinclt)[\w.-]*/i],
  ['NetSupport', /\b(?:netsupport|client32\.exe|remcmdstub)[\w.-]*/i],
  ['RustDesk', /\brustdesk[\w.-]*/i],
  ['DWService', /\bdwagent[\w.-]*/i],
  ['MeshAgent', /\bmeshagent[\w.-]*/i],
  ['Supremo', /\bsupremo[\w.-]*/i],
  ['UltraViewer', /\bultraviewer[\w.-]*/i],
  ['SimpleHelp', /\b(?:simplehelp|simplegateway)[\w.-]*|\bremote access-windows64-offline\.exe/i],
  ['Action1', /\baction1_(?:agent|remote)[\w.-]*/i],
]

/** A password that lets anybody in who knows it. */
const PASSWORD =
  /\s--set-password\b|\s--password[ =]\S|\s(?:assign(?:ment)?)\s.*--(?:grant-easy-access|easy-access)|\s(?:-|\/)(?:setpass|unattendedpass\w*)\b|\s--grant-easy-access\b/i
/** Installed without asking. */
const QUIET =
  /\s--(?:install|silent-install)\b|\s(?:-|\/)(?:fullinstall|silent)\b|\s--silent\b|\s\/s(?:\s|$)|\s\/verysilent\b|\s\/q(?:n|uiet|b)?\b/i
/** Where `--install` puts it. */
const INSTALL_DIR = /\s--install\s+(?:"([^"]+)"|(\S+))/i
/** An account at a provider of free mail owns the agent: companies use their own domain. */
const FREE_OWNER =
  /\bintegratorlogin="?[^\s"@]+@(?:gmail|outlook|hotmail|yahoo|proton(?:mail)?|gmx|mail|yandex|tutanota|onionmail)\.[a-z.]+/i
/** NetSupport Manager installs itself under Program Files; intruders carry its client in a folder of the user. */
const CARRIED_CLIENT = /\\client32\.exe$/i

/** Words one of which every command of {@link remoteAccess} holds. */
export const MAY_ACCESS =
  /anydesk|teamviewer|screenconnect|connectwisecontrol|atera|integratorlogin|splashtop|sragent|strwinclt|netsupport|client32|rustdesk|dwagent|meshagent|supremo|ultraviewer|simplehelp|action1_|remote access-/i

/** What a command does with software for remote access; undefined for using, updating and removing it. */
export function remoteAccess(path: string, text: string): RemoteAccess | undefined {
  const words = `${path} ${text}`
  const tool = TOOLS.find(([, pattern]) => pattern.test(words))?.[0]
  if (tool === undefined || /\s(?:--?|\/)(?:remove|uninstall|x)\b|\bunins\w*\.exe/i.test(text))
    return undefined
  if (PASSWORD.test(text)) return { tool, act: 'password' }
  if (CARRIED_CLIENT.test(path)) return isInSystemFolder(path) ? undefined : { tool, act: 'installed_oddly' }
  if (FREE_OWNER.test(text)) return { tool, act: 'installed_oddly' }
  if (!QUIET.test(text)) return undefined
  const folder = INSTALL_DIR.exec(text)
  const place = folder?.[1] ?? folder?.[2]
  const isOdd = place !== undefined && /^[a-z]:\\/i.test(place) && !isInSystemFolder(`${place}\\`)
  return { tool, act: isOdd ? 'installed_oddly' : 'installed' }
}

/** Programs that organisations deploy software with: what they start was ordered for many machines. */
const DEPLOYERS =
  /\\(?:pdqdeployrunner[^\\]*|ccmexec|ccmsetup|intunemanagementextension|agentexecutor|gpscript|baramundi\w*|bms\w*|matrix42\w*|empirum\w*|ivanti\w*|ldclient|sdistps1|kaseya\w*|agentmon|ninjarmm\w*|ltsvc|lansweeper\w*|wpkg\w*|besclient|taniumclient|automox\w*)\.exe$/i

/** Whether a program that deploys software for an organisation started this. */
export const isDeployed = (parentPath: string | undefined): boolean =>
  parentPath !== undefined &&
  DEPLOYERS.test(parentPath) &&
  (isInSystemFolder(parentPath) || /\\windows\\/i.test(parentPath))
