import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { getDomain } from 'tldts'
import type { MailHeader } from '../../model/message.ts'
import { parseMailDate, type MailDate } from '../../normalise/mail.ts'
import { listHeader } from './headers.ts'

/** One Received field. The top one is the newest; those below the analyst's own servers can be forged. */
export interface ReceivedHop {
  /** Name the sender gave or that its address resolves to, lower case. */
  readonly fromHost?: string
  readonly fromIp?: string
  readonly byHost?: string
  readonly date?: MailDate
}

const HOST = /^[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?$/i

/** Parses a Received value (RFC 5321, 4.4) as far as it goes; products write it in many ways. */
export function parseReceived(value: string, zone: string): ReceivedHop {
  const semicolon = value.lastIndexOf(';')
  const route = (semicolon === -1 ? value : value.slice(0, semicolon)).slice(0, 2_000)
  const date = semicolon === -1 ? undefined : parseMailDate(value.slice(semicolon + 1), zone)
  const from = /^\s*from\s+(\S+)(.*?)(?:\sby\s|$)/is.exec(route)
  const by = /(?:^|\s)by\s+([^\s;()]+)/i.exec(route)
  const helo = from?.[1]?.replace(/^\[|\]$/g, '').toLowerCase()
  const comment = from?.[2] ?? ''
  const reverse = /\(\s*(?:EHLO |HELO )?([a-z0-9][a-z0-9._-]*\.[a-z]{2,})\.?[\s[)(]/i
    .exec(comment)?.[1]
    ?.toLowerCase()
  const ip = findIp(comment) ?? findIp(from?.[1] ?? '')
  const host = [reverse, helo].find((name) => name !== undefined && HOST.test(name) && isIP(name) === 0)
  return {
    ...(host === undefined || host === 'unknown' ? {} : { fromHost: host }),
    ...(ip === undefined ? {} : { fromIp: ip }),
    ...(by?.[1] === undefined ? {} : { byHost: by[1].toLowerCase() }),
    ...(date === undefined ? {} : { date }),
  }
}

/** The first IP address in text, in canonical form, IPv4-mapped addresses as IPv4. */
export function findIp(text: string): string | undefined {
  for (const match of text.matchAll(
    /(?:\d{1,3}\.){3}\d{1,3}|(?:IPv6:)?[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\.\d{1,3}){0,3}/gi,
  )) {
    const candidate = match[0].replace(/^IPv6:/i, '')
    const version = isIP(candidate)
    // a dotted address without leading zeros is canonical already
    if (version === 4) return candidate
    if (version === 6) return ipaddr.process(candidate).toString()
  }
  return undefined
}

const isPublic = (ip: string): boolean => ipaddr.process(ip).range() === 'unicast'

export interface MailOrigin {
  readonly sourceIp?: string
  /** Registrable domain of the sending host. */
  readonly sourceDomain?: string
  /** Date of the newest hop: when the mail reached this mailbox. */
  readonly delivered?: MailDate
}

/** The client address as the receiving server wrote it down while checking SPF. */
function statedClientIp(headers: readonly MailHeader[]): string | undefined {
  const spf = /client-ip=([0-9a-f.:]+)/i.exec(listHeader(headers, 'Received-SPF')[0] ?? '')?.[1]
  const results = listHeader(headers, 'Authentication-Results')[0] ?? ''
  const sender = /(?:sender IP is |smtp\.remote-ip=)([0-9a-f.:]+)/i.exec(results)?.[1]
  return findIp(spf ?? '') ?? findIp(sender ?? '')
}

/**
 * Where a message came from, as the receiving servers say: the client address of the newest SPF check, else the newest hop
 * from a public address; never X-Originating-IP, which the sender writes.
 */
export function findOrigin(headers: readonly MailHeader[], zone: string): MailOrigin {
  const hops = listHeader(headers, 'Received').map((value) => parseReceived(value, zone))
  const outside = hops.find((hop) => hop.fromIp !== undefined && isPublic(hop.fromIp))
  const sourceIp = statedClientIp(headers) ?? outside?.fromIp
  const hop = hops.find((candidate) => candidate.fromIp === sourceIp) ?? outside
  const domain = hop?.fromHost === undefined ? null : getDomain(hop.fromHost, { allowPrivateDomains: false })
  const delivered = hops.find((candidate) => candidate.date !== undefined)?.date
  return {
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(domain === null ? {} : { sourceDomain: domain }),
    ...(delivered === undefined ? {} : { delivered }),
  }
}
