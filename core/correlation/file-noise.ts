import { useOf } from './file-names.ts'

/**
 * Places where Windows and browsers write by themselves, all day: files there tell nothing of an attack unless they are of
 * a kind that runs or is opened. Each entry with the reason why it is noise.
 */
const NOISY_FOLDERS: readonly { readonly reason: string; readonly pattern: RegExp }[] = [
  { reason: 'prefetch traces, one per program start', pattern: /^[a-z]:\\windows\\prefetch\\/ },
  {
    reason: 'component store and update staging',
    pattern: /^[a-z]:\\windows\\(winsxs|servicing|softwaredistribution|logs|assembly|installer)\\/,
  },
  {
    reason: 'performance counters and system logs',
    pattern: /^[a-z]:\\windows\\system32\\(wdi|sru|logfiles|winevt|config|catroot2?|sleepstudy)\\/,
  },
  {
    reason: 'font, token and icon caches',
    pattern:
      /\\appdata\\local\\(fontcache|iconcache|microsoft\\tokenbroker|microsoft\\windows\\(caches|explorer|webcache|notifications|history))\\/,
  },
  {
    reason: 'browser profile and cache (Chromium family)',
    pattern:
      /\\user data\\.*\\(cache|code cache|gpucache|service worker|indexeddb|local storage|session storage|sessions|sync data|network|shared_proto_db|site characteristics database|extension state)\\/,
  },
  {
    reason: 'browser profile and cache (Firefox)',
    pattern:
      /\\mozilla\\firefox\\profiles\\.*\\(cache2|storage|startupcache|datareporting|sessionstore-backups|safebrowsing)/,
  },
  {
    reason: 'store apps and their caches',
    pattern: /\\appdata\\local\\packages\\.*\\(ac|localcache|tempstate|settings)\\/,
  },
  {
    reason: 'jump lists and recent documents, written by the shell',
    pattern: /\\microsoft\\windows\\recent\\/,
  },
  {
    reason: 'definition updates and scan history of the virus scanner',
    pattern: /^[a-z]:\\programdata\\microsoft\\(windows defender|search|diagnosis|windows\\wer)\\/,
  },
]
/**
 * Files that exist for a moment, by name: PowerShell's test of its own policy, the shell's safe saving, and the owner
 * file Office keeps beside an open document.
 */
const PASSING =
  /\\__psscriptpolicytest_[^\\]+\.psm?1$|~rf[0-9a-f]+\.tmp$|\\~\$[^\\]+\.(?:tmp|doc[xm]?|xls[xmb]?|ppt[xm]?|vsdx?|one)$/
/** Programs that lay out Windows updates: tens of thousands of signed files a month. */
const UPDATERS =
  /^[a-z]:\\windows\\(servicing\\trustedinstaller\.exe|winsxs\\.*\\(tiworker|poqexec)\.exe|softwaredistribution\\.*)$/
const UPDATED =
  /^[a-z]:\\windows\\(winsxs|servicing|softwaredistribution|installer|system32|syswow64|assembly)\\/

/**
 * Whether a written file is of the system's own making. A file that can be run or opened is only noise when the updater
 * of Windows put it into the folders of Windows; in a noisy folder it would stand out and is kept.
 */
export function isFileNoise(path: string, writer: string | undefined): boolean {
  const folded = path.toLowerCase()
  if (UPDATERS.test(writer?.toLowerCase() ?? '') && UPDATED.test(folded)) return true
  if (PASSING.test(folded)) return true
  if (useOf(folded) !== undefined && !/\.(lnk|xml|csv)$/.test(folded)) return false
  return NOISY_FOLDERS.some((folder) => folder.pattern.test(folded))
}
