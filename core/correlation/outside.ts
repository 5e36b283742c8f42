import ipaddr from 'ipaddr.js'
import type { BookEntity } from '../identity/entity-book.ts'
import { parseUrl } from '../normalise/url.ts'
import { domainEntity, ipEntity } from './drafts.ts'
import { placeOf } from './hiding-places.ts'
import type { EntityHandle } from './rule.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Fields of a connection that the helpers of this file read. */
export const CONNECTION_FIELDS = [
  'action',
  'outcome',
  'sourceIp',
  'destinationIp',
  'destinationHost',
  'destinationPort',
  'url',
  'processPath',
  'pid',
  'processGuid',
  'bytesSent',
  'bytesReceived',
  'protocol',
] as const

/** Where a connection went to out of the organisation. */
export interface Destination {
  /** Name where the record has one, else the address. */
  readonly name: string
  readonly isAddress: boolean
  readonly handle: EntityHandle
}

/** Addresses looked at before: reading one costs more than the rest of the event. Attack: endless made-up addresses. */
const MAX_SEEN = 200_000

/** Ranges that never leave the organisation. */
const INSIDE = new Set([
  'private',
  'loopback',
  'linkLocal',
  'uniqueLocal',
  'multicast',
  'broadcast',
  'unspecified',
  'carrierGradeNat',
])

/** Whether an address never leaves the organisation. */
export const isInsideAddress = (ip: string): boolean =>
  ipaddr.isValid(ip) && INSIDE.has(ipaddr.process(ip).range())

/** Tells what lies outside: public addresses, and names of no endpoint of the case. */
export class Outside {
  readonly #view: CorrelationView
  readonly #public = new Map<string, boolean>()
  readonly #names = new Map<string, string | undefined>()

  constructor(view: CorrelationView) {
    this.#view = view
  }

  #isPublic(ip: string): boolean {
    const known = this.#public.get(ip)
    if (known !== undefined) return known
    const found = ipaddr.isValid(ip) && !INSIDE.has(ipaddr.process(ip).range())
    if (this.#public.size < MAX_SEEN) this.#public.set(ip, found)
    return found
  }

  #outsideName(text: string): string | undefined {
    if (this.#names.has(text)) return this.#names.get(text)
    const name = text.toLowerCase().replace(/\.$/, '')
    const isName =
      name.includes('.') && !ipaddr.isValid(name) && !/\.(?:arpa|local|lan|internal|corp|home)$/.test(name)
    const found = isName && this.#view.findEndpoint(name) === undefined ? name : undefined
    if (this.#names.size < MAX_SEEN) this.#names.set(text, found)
    return found
  }

  /** The destination of an outbound connection or request; undefined for what stays inside, comes in, or was refused. */
  destinationOf({ fields }: ViewEvent): Destination | undefined {
    const { action, outcome, destinationIp, destinationHost, url } = fields
    if (action === 'inbound' || action === 'blocked' || outcome === 'failure') return undefined
    if (destinationIp !== undefined && !this.#isPublic(destinationIp)) return undefined
    const host = destinationHost ?? (url === undefined ? undefined : (parseUrl(url)?.host ?? url))
    const name = host === undefined ? undefined : this.#outsideName(host)
    if (name !== undefined) return { name, isAddress: false, handle: domainEntity(name) }
    const ip =
      destinationIp ?? (host !== undefined && ipaddr.isValid(host) && this.#isPublic(host) ? host : undefined)
    return ip === undefined ? undefined : { name: ip, isAddress: true, handle: ipEntity(ip) }
  }
}

/** Which machine of the organisation an event speaks of: its endpoint, else whoever had the source address. */
export function machineOf(
  view: CorrelationView,
  event: ViewEvent,
): { key: string; handle: EntityHandle; name: string } | undefined {
  const known: BookEntity | undefined =
    event.endpointId === null
      ? view.addresses.find(event.fields.sourceIp, event.at)
      : view.entity(event.endpointId)
  if (known) return { key: `e${known.id}`, handle: known.id, name: known.name }
  const ip = event.fields.sourceIp
  return ip === undefined ? undefined : { key: `i${ip}`, handle: ipEntity(ip), name: ip }
}

/** Endings of names whose owners every machine talks to by itself: systems, browsers, office programs, protection, clocks. */
const EVERYDAY =
  /^(?:168\.63\.129\.16|169\.254\.169\.254)$|(?:^|\.)(?:microsoft\.com|microsoftonline\.com|windows\.com|windows\.net|windowsupdate\.com|office\.com|office365\.com|office\.net|outlook\.com|live\.com|live\.net|msftncsi\.com|msftconnecttest\.com|msedge\.net|azure\.com|azureedge\.net|skype\.com|sharepoint\.com|onedrive\.com|teams\.microsoft\.com|bing\.com|msn\.com|visualstudio\.com|digicert\.com|google\.com|googleapis\.com|gstatic\.com|gvt1\.com|gvt2\.com|googleusercontent\.com|apple\.com|icloud\.com|mzstatic\.com|mozilla\.com|mozilla\.org|mozilla\.net|firefox\.com|adobe\.com|adobe\.io|ubuntu\.com|debian\.org|akamaiedge\.net|akamai\.net|akamaized\.net|cloudfront\.net|fastly\.net|edgekey\.net|edgesuite\.net|cloudflare\.com|cloudflare\.net|trendmicro\.com|trendmicro\.co\.jp|crowdstrike\.com|cloudsink\.net|sentinelone\.net|symantec\.com|sophos\.com|sophosxl\.net|mcafee\.com|kaspersky\.com|eset\.com|zoom\.us|webex\.com|slack\.com|dropbox\.com|spotify\.com|ntp\.org|verisign\.com|letsencrypt\.org|lencr\.org|sectigo\.com|globalsign\.com)$/

/** Whether a name belongs to the everyday noise of updates, content networks and protection products. */
export const isEveryday = (name: string): boolean => EVERYDAY.test(name)

/** Agents of the cloud that a machine runs in lie outside of the usual folders. */
const CLOUD_AGENT = /\\windowsazure\\|\\amazon\\(?:ssm|ec2)|^\/usr\/|^\/opt\//i

/** How much the place of a program says against it. */
export function suspicionOf(path: string): 'none' | 'some' | 'strong' {
  if (isRunner(path)) return 'strong'
  const place = placeOf(path)
  if (place === 'hiding') return 'strong'
  return place === 'elsewhere' && !CLOUD_AGENT.test(path) ? 'some' : 'none'
}

/** Parts of Windows that run what others give them. */
const isRunner = (path: string): boolean =>
  /\\(?:powershell|pwsh|rundll32|regsvr32|mshta|wscript|cscript|msbuild|installutil|regasm|regsvcs|cmd|wmic|dllhost|werfault)\.exe$/i.test(
    path,
  )
