/** Kinds of registry places that make Windows run something, or let somebody in. Each is one reason of `persistence.registry`. */
export type AutostartKind =
  | 'run'
  | 'startup-folder'
  | 'winlogon'
  | 'image-options'
  | 'service'
  | 'shell-open'
  | 'com'
  | 'logon-script'
  | 'library-load'
  | 'authentication'
  | 'screen-saver'
  | 'active-setup'
  | 'office'
  | 'accessibility'
  | 'remote-access'
  | 'protection'

/** `software\` also in its 32-bit twin. */
const SOFTWARE = String.raw`(?:software\\(?:wow6432node\\)?)`
const WINDOWS = String.raw`${SOFTWARE}microsoft\\windows(?: nt)?\\currentversion\\`
const CONTROL = String.raw`system\\(?:currentcontrolset|controlset\d{3})\\`

/** Most special first. Patterns run over the lower-case path behind the hive (`HKLM\`, `HKU\S-1-..\`). */
const PLACES: readonly (readonly [AutostartKind, RegExp])[] = (
  [
    [
      'run',
      String.raw`^${WINDOWS}(?:policies\\explorer\\)?run(?:once|onceex|services|servicesonce)?(?:\\.*)?$`,
    ],
    ['run', String.raw`^${WINDOWS}windows\\(?:load|run)$`],
    ['startup-folder', String.raw`^${WINDOWS}explorer\\(?:user )?shell folders\\(?:common )?startup$`],
    [
      'winlogon',
      String.raw`^${WINDOWS}winlogon\\(?:shell|userinit|taskman|vmapplet|gpextensions\\.*|notify\\.*|system|appsetup|mpnotify)$`,
    ],
    [
      'image-options',
      String.raw`^${WINDOWS}(?:image file execution options\\[^\\]+\\(?:debugger|verifierdlls)|silentprocessexit\\[^\\]+\\monitorprocess)$`,
    ],
    [
      'service',
      String.raw`^${CONTROL}services\\[^\\]+\\(?:imagepath|servicedll|parameters\\servicedll|failurecommand|performance\\library)$`,
    ],
    [
      'shell-open',
      String.raw`^(?:software\\classes\\)?(?:[^\\]+_classes\\)?(?:ms-settings|mscfile|exefile|cmdfile|batfile|txtfile|folder|htafile|appx[^\\]*|launcher\.systemsettings)\\shell\\[^\\]+\\command(?:\\.*)?$`,
    ],
    ['shell-open', String.raw`^environment\\(?:windir|systemroot|cor_profiler_path|cor_profiler)$`],
    ['logon-script', String.raw`^environment\\userinitmprlogonscript$`],
    ['logon-script', String.raw`^${SOFTWARE}microsoft\\ieak\\grouppolicy\\pendinggpos\\path\d+$`],
    [
      'logon-script',
      String.raw`^${SOFTWARE}(?:policies\\)?microsoft\\windows\\(?:system|currentversion\\group policy)\\scripts\\.*$`,
    ],
    [
      'com',
      String.raw`^(?:software\\)?(?:wow6432node\\)?(?:classes\\)?(?:wow6432node\\)?clsid\\[^\\]+\\(?:inprocserver32|localserver32|treatas|scriptleturl)(?:\\\(default\))?$`,
    ],
    ['library-load', String.raw`^${WINDOWS}windows\\(?:appinit_dlls|loadappinit_dlls|iconservicelib)$`],
    [
      'library-load',
      String.raw`^${CONTROL}control\\(?:session manager\\(?:appcertdlls\\.*|knowndlls\\.*|bootexecute)|print\\(?:monitors|environments\\.*)\\.*\\driver)$`,
    ],
    [
      'authentication',
      String.raw`^${CONTROL}control\\(?:lsa\\(?:authentication packages|notification packages|security packages|osconfig\\security packages|runasppl|disablerestrictedadmin)|securityproviders\\(?:securityproviders|wdigest\\uselogoncredential)|networkprovider\\order\\.*)$`,
    ],
    ['screen-saver', String.raw`^control panel\\desktop\\scrnsave\.exe$`],
    [
      'active-setup',
      String.raw`^${SOFTWARE}microsoft\\active setup\\installed components\\[^\\]+\\stubpath$`,
    ],
    [
      'office',
      String.raw`^${SOFTWARE}microsoft\\office(?: test)?\\(?:special\\perf.*|.*\\(?:addins\\.*|options\\open\d*|security\\(?:vbawarnings|accessvbom)|outlook\\webview\\.*\\url))$`,
    ],
    ['accessibility', String.raw`^${WINDOWS}accessibility\\(?:ats\\[^\\]+\\startexe|configuration)$`],
    [
      'remote-access',
      String.raw`^${CONTROL}control\\terminal server\\(?:fdenytsconnections|winstations\\rdp-tcp\\(?:portnumber|userauthentication|initialprogram))$`,
    ],
    [
      'protection',
      String.raw`^${CONTROL}(?:control\\(?:ci\\config\\vulnerabledriverblocklistenable|deviceguard\\.*|lsa\\lsacfgflags|wmi\\autologger\\[^\\]+\\(?:start|enabled))|services\\eventlog\\[^\\]+\\(?:file|maxsize|restrictguestaccess))$`,
    ],
    [
      'protection',
      String.raw`^${SOFTWARE}(?:policies\\)?microsoft\\(?:windows script\\settings\\amsienable|windows\\deviceguard\\.*|amsi\\providers\\.*|windows\\powershell\\(?:scriptblocklogging|modulelogging|transcription)\\enable.*)$`,
    ],
    [
      'protection',
      String.raw`^${SOFTWARE}(?:policies\\)?microsoft\\windows defender\\(?:disableantispyware|disableantivirus|real-time protection\\disable.*|exclusions\\.*|features\\tamperprotection)$`,
    ],
    [
      'protection',
      String.raw`^${WINDOWS}policies\\system\\(?:enablelua|consentpromptbehavioradmin|localaccounttokenfilterpolicy|filteradministratortoken)$`,
    ],
  ] as const
).map(([kind, pattern]) => [kind, new RegExp(pattern)] as const)

/**
 * One spelling for a registry path: Sysmon writes `HKLM\`, `HKU\`, the Security log `\REGISTRY\MACHINE\`, `\REGISTRY\USER\`,
 * exports `HKEY_LOCAL_MACHINE\`.
 */
export function toRegistryPath(text: string): string {
  return text
    .replace(/^\\?registry\\machine\\/i, 'HKLM\\')
    .replace(/^\\?registry\\user\\/i, 'HKU\\')
    .replace(/^hkey_local_machine\\/i, 'HKLM\\')
    .replace(/^hkey_users\\/i, 'HKU\\')
    .replace(/^hkey_current_user\\/i, 'HKCU\\')
    .replace(/^hkey_classes_root\\/i, 'HKCR\\')
}

/** What a registry place is for an intruder; undefined for all the others. */
export function autostartKindOf(registryPath: string): AutostartKind | undefined {
  const folded = registryPath.toLowerCase()
  const behind = folded
    .replace(/^(?:hklm|hkcu|hkcr)\\/, '')
    .replace(/^hku\\[^\\]+?(_classes)?\\/, (_whole, classes?: string) =>
      classes === undefined ? '' : 'software\\classes\\',
    )
  return PLACES.find(([, pattern]) => pattern.test(behind))?.[0]
}

/** The service a registry path belongs to, and its value: `...\Services\NAME\ImagePath`. */
export function serviceOfKey(registryPath: string): string | undefined {
  return /\\system\\(?:currentcontrolset|controlset\d{3})\\services\\([^\\]+)\\imagepath$/i.exec(
    registryPath,
  )?.[1]
}
