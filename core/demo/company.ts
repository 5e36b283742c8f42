import { at } from './clock.ts'

/** The invented company. All names end in `.example`, all outside addresses come from documentation ranges. */
export const COMPANY = {
  name: 'Morgenlicht Optik',
  mailDomain: 'morgenlicht.example',
  /** Second mail domain, from an older company name: only directory data tells that both mean the same people. */
  oldMailDomain: 'morgenlicht-optik.example',
  adDomain: 'corp.morgenlicht.example',
  netbios: 'MLICHT',
  domainSid: 'S-1-5-21-2841937056-1190284473-3360971528',
  baseDn: 'DC=corp,DC=morgenlicht,DC=example',
} as const

export const ADMINISTRATORS_RIDS = {
  domainAdmins: 512,
  domainUsers: 513,
  domainComputers: 515,
  domainControllers: 516,
} as const

/** Where people work; `utcOffset` decides when their working day starts. */
export const SITES = [
  { code: 'JEN', city: 'Jena', country: 'DE', utcOffset: 1, net: 20, people: 112 },
  { code: 'LDS', city: 'Leeds', country: 'GB', utcOffset: 0, net: 21, people: 58 },
  { code: 'MAT', city: '松本', country: 'JP', utcOffset: 9, net: 22, people: 66 },
  { code: 'HSC', city: '新竹', country: 'TW', utcOffset: 8, net: 23, people: 64 },
] as const
export type Site = (typeof SITES)[number]
export type SiteCode = Site['code']

export const DEPARTMENTS = [
  'Einkauf',
  'Logistik',
  'Finanzen',
  'Entwicklung',
  'Vertrieb',
  'Produktion',
  'Personal',
  'Qualität',
] as const

/** First and last moment of the endpoint logs, and the days they cover. */
export const WINDOW = { start: at('2026-03-09 00:00'), end: at('2026-03-13 00:00') } as const

/** The campaign's own infrastructure. */
export const ATTACK = {
  mailDomain: 'lumenpost.example',
  senderIp: '198.51.100.23',
  signInHost: 'konto-freigabe.lumenpost.example',
  signInUrl: 'https://konto-freigabe.lumenpost.example/anmeldung?vorgang=48213',
  signInIp: '198.51.100.41',
  trackingUrl: 'https://sendung.lumenpost.example/48213/status',
  payloadHost: 'cdn.lumenpost.example',
  payloadUrl: 'https://cdn.lumenpost.example/u/igfx.bin',
  payloadIp: '198.51.100.57',
  controlHost: 'telemetry.lumenpost.example',
  controlIp: '203.0.113.140',
  remoteDesktopIp: '203.0.113.77',
  attachmentName: 'Lieferavis_48213.docm',
} as const
