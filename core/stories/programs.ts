/**
 * Programs that start everything for somebody: that one of them started two things does not make these one story. A story shows
 * them and goes no further through them.
 */
const STARTERS: ReadonlySet<string> = new Set([
  ...[
    'explorer.exe',
    'services.exe',
    'svchost.exe',
    'userinit.exe',
    'winlogon.exe',
    'wininit.exe',
    'smss.exe',
  ],
  ...[
    'csrss.exe',
    'taskeng.exe',
    'taskhost.exe',
    'taskhostw.exe',
    'sihost.exe',
    'runtimebroker.exe',
    'system',
  ],
  ...['lsass.exe', 'dllhost.exe', 'wmiprvse.exe', 'wsmprovhost.exe', 'sppsvc.exe', 'spoolsv.exe', 'idle'],
  ...[
    'outlook.exe',
    'olk.exe',
    'thunderbird.exe',
    'hxoutlook.exe',
    'em client.exe',
    'notes2.exe',
    'hxtsr.exe',
  ],
  ...['chrome.exe', 'msedge.exe', 'firefox.exe', 'iexplore.exe', 'brave.exe', 'opera.exe', 'teams.exe'],
  ...['systemd', 'init', 'sshd', 'cron', 'launchd', 'bash', 'zsh', 'gnome-shell'],
])

/** Programs a document or page starts when it does more than show something. */
const SCRIPT_HOSTS: ReadonlySet<string> = new Set([
  ...['powershell.exe', 'pwsh.exe', 'cmd.exe', 'wscript.exe', 'cscript.exe', 'mshta.exe', 'rundll32.exe'],
  ...[
    'regsvr32.exe',
    'certutil.exe',
    'bitsadmin.exe',
    'msbuild.exe',
    'installutil.exe',
    'wmic.exe',
    'msiexec.exe',
  ],
  ...['curl.exe', 'schtasks.exe', 'hh.exe', 'cmstp.exe', 'forfiles.exe', 'python.exe'],
])

/**
 * Folders of programs and the system: what lies there was not brought by anybody's mail. Below Windows there are some where everybody
 * may write.
 */
const INSTALLED =
  /^(?:[a-z]:)?[\\/](?:windows[\\/](?!(?:temp|tasks|tracing|debug|servicing[\\/]packages|system32[\\/](?:tasks|spool[\\/]drivers[\\/]color|microsoft[\\/]crypto[\\/]rsa[\\/]machinekeys))[\\/])|program files(?: \(x86\))?[\\/])/i

export const isStarter = (name: string): boolean => STARTERS.has(name.toLowerCase())
export const isScriptHost = (name: string): boolean => SCRIPT_HOSTS.has(name.toLowerCase())
export const isInstalledPath = (path: string): boolean => INSTALLED.test(path)
