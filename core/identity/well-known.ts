/** Accounts of the system itself: no people, and the same on every machine. */
export const isSystemSid = (sid: string): boolean =>
  /^S-1-(0|1|2|3|15|16|18|5-(\d|1[0-9]|20|32|80|82|83|90|96|113|114))(-|$)/.test(sid)

const SYSTEM_NAMES = new Set([
  'system',
  'local service',
  'network service',
  'anonymous logon',
  'local system',
  'localsystem',
  'anonymous',
  'iusr',
])
const SYSTEM_AUTHORITIES = new Set([
  'nt authority',
  'nt service',
  'window manager',
  'font driver host',
  'builtin',
  'autorite nt',
  'nt-autorität',
  'nt-autoritat',
  'nt virtual machine',
  'iis apppool',
])

/** `NT AUTHORITY\SYSTEM`, `Window Manager\DWM-1` and the like (formats.md A3.3, traps). */
export function isSystemAccount(account: string): boolean {
  const [domain, name] = splitAccount(account)
  return SYSTEM_NAMES.has(name) || SYSTEM_AUTHORITIES.has(domain) || /^(dwm|umfd)-\d+$/.test(name)
}

/** `DOMAIN\name` in lower case as [domain, name]; domain is empty when there is none. */
export function splitAccount(account: string): [domain: string, name: string] {
  const folded = account.toLowerCase()
  const cut = folded.indexOf('\\')
  return cut < 0 ? ['', folded] : [folded.slice(0, cut), folded.slice(cut + 1)]
}

/** First label of a host name. */
export const shortHost = (host: string): string => host.toLowerCase().split('.')[0] ?? ''

/** Domain part of a SID: `S-1-5-21-a-b-c-1105` -> `S-1-5-21-a-b-c`. */
export const domainSid = (sid: string): string => sid.replace(/-\d+$/, '')
