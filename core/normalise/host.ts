import { isIP } from 'node:net'
import { present } from './placeholder.ts'

/** A computer name as written, without leading backslashes, trailing dot, or the `$` of its account. */
export function toHost(text: string | undefined): string | undefined {
  const written = present(text)?.replace(/^\\+/, '')
  if (written === undefined) return undefined
  // By hand: a pattern would try every run of dots in a name of megabytes.
  let end = written.length
  while (end > 0 && (written[end - 1] === '.' || written[end - 1] === '$')) end -= 1
  return end === 0 ? undefined : written.slice(0, end)
}

const MAPPED = /^::ffff:(\d{1,3}(?:\.\d{1,3}){3})$/i

/** An IP address: IPv4-mapped IPv6 as IPv4, IPv6 in lower case without zone; undefined for anything else. */
export function toIp(text: string | undefined): string | undefined {
  const ip = present(text)?.replace(/^\[|\]$/g, '')
  if (ip === undefined) return undefined
  const mapped = MAPPED.exec(ip)?.[1] ?? ip
  return isIP(mapped) === 0 ? undefined : mapped.replace(/%.*$/, '').toLowerCase()
}

/** A port; 0 and `-` mean none. */
export function toPort(text: string | undefined): number | undefined {
  const port = toInteger(text)
  return port !== undefined && port > 0 && port < 65_536 ? port : undefined
}

/** Decimal or `0x` hexadecimal text to a safe non-negative integer (Security events write PIDs in hex). */
export function toInteger(text: string | undefined): number | undefined {
  const digits = text?.trim() ?? ''
  if (!/^(?:\d{1,16}|0x[0-9a-f]{1,13})$/i.test(digits)) return undefined
  const value = Number(digits)
  return Number.isSafeInteger(value) ? value : undefined
}

/** A logon session id as lower-case hexadecimal `0x..`; undefined for 0 and placeholders. */
export function toLogonId(text: string | undefined): string | undefined {
  const digits = present(text)
  if (digits === undefined || !/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/i.test(digits)) return undefined
  const value = BigInt(digits)
  return value === 0n ? undefined : `0x${value.toString(16)}`
}
