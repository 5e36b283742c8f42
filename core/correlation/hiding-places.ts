import { isFilePath, isInSystemFolder } from './system-folders.ts'

/**
 * Folders where no installer puts a program that shall start again: temporary folders, downloads, folders for everybody, the
 * bin, and the top of folders that hold one folder per product.
 */
const HIDING_PLACES: readonly RegExp[] = [
  /\\(?:temp|tmp)\\/,
  /^[a-z]:\\(?:users\\public|perflogs|\$recycle\.bin|recycler|intel\\logs|system volume information)\\/,
  /^[a-z]:\\users\\[^\\]+\\(?:downloads|music|pictures|videos|contacts|links|favorites|saved games|searches)\\/,
  /^[a-z]:\\users\\[^\\]+\\(?:appdata\\(?:local|locallow|roaming)\\)?[^\\]+$/,
  /^[a-z]:\\users\\[^\\]+\\appdata\\roaming\\microsoft\\(?:windows\\)?[^\\]+$/,
  /^[a-z]:\\programdata\\(?:microsoft\\(?:windows\\)?)?[^\\]+$/,
  /\\(?:content\.outlook|inetcache|temporary internet files|recent|cookies)\\/,
  /^[a-z]:\\windows\\(?:tasks|tracing|debug\\wia|registration\\crmlog|addins|fonts|help|media|cursors|web|schemas)\\/,
  /^[a-z]:\\windows\\system32\\(?:tasks|spool\\drivers\\color|spool\\printers|com\\dmp|fxstmp)\\/,
  /^[a-z]:\\windows\\syswow64\\(?:tasks|com\\dmp|fxstmp)\\/,
  /^[a-z]:\\[^\\]+$/,
]
/** Products that install themselves for one user, and updaters beside them: their places are honest homes of programs. */
const USER_INSTALLED =
  /\\appdata\\(?:local|roaming)\\(?:programs|microsoft\\(?:onedrive|teams|windowsapps|edge|edgeupdate|skydrive|powertoys|winget)|google\\(?:chrome|update|googleupdater)|bravesoftware|mozilla|zoom|spotify|slack|discord|dropbox|box|webex|ciscospark\w*|gotomeeting|gotoopener|jetbrains|github\w*|whatsapp|signal|telegram desktop|obsidian|notion|figma|postman|vivaldi|yandex|keepassxc|1password|bitwarden|grammarly|adobe|citrix|logi\w*|steam|epicgameslauncher)\\/

/** How a place of a program looks to a responder. */
export type ProgramPlace = 'system' | 'user-installed' | 'hiding' | 'elsewhere'

/** Where a program lies: among the installed, among one user's installed, where nobody installs, or anywhere else. */
export function placeOf(path: string): ProgramPlace {
  const folded = path.toLowerCase()
  if (!isFilePath(folded)) return 'system'
  if (folded.startsWith('/')) return isInSystemFolder(path) ? 'system' : 'elsewhere'
  if (HIDING_PLACES.some((place) => place.test(folded))) return 'hiding'
  if (isInSystemFolder(path)) return 'system'
  return USER_INSTALLED.test(folded) ? 'user-installed' : 'elsewhere'
}
