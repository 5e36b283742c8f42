import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { parseMailDate, type MailDate } from './mail.ts'

/** One Received field. The top one is the newest; those below the analyst's own servers can be forged. */
export interface ReceivedHop {
  /** Name the sender gave or that its address resolves to, lower case. */
  readonly fromHost?: string
  readonly fromIp?: string
  readonly byHost?: string
  /** How it was handed over, as written: `ESMTPS`, `HTTP`, `mapi`. */
  readonly protocol?: string
  readonly date?: MailDate
}

const HOST = /^[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?$/i

/** Some mail services leave out the semicolon and write the time of their programming language. */
const WITHOUT_SEMICOLON =
  /(?:\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}(?:\.\d+)?|\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d+)?) [+-]\d{4}/

/** Parses a Received value (RFC 5321, 4.4) as far as it goes; products write it in many ways. */
export function parseReceived(value: string, zone: string): ReceivedHop {
  const semicolon = value.lastIndexOf(';')
  const route = (semicolon === -1 ? value : value.slice(0, semicolon)).slice(0, 2_000)
  const dateText =
    semicolon === -1 ? WITHOUT_SEMICOLON.exec(value.slice(0, 2_000))?.[0] : value.slice(semicolon + 1)
  const date = dateText === undefined ? undefined : parseMailDate(dateText, zone)
  const from = /^\s*from\s+(\S+)(.*?)(?:\sby\s|$)/is.exec(route)
  const by = /(?:^|\s)by\s+([^\s;()]+)/i.exec(route)
  const protocol = /(?:^|\s)with\s+([a-z][a-z0-9-]{1,30})/i.exec(route)?.[1]
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
    ...(protocol === undefined ? {} : { protocol }),
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
