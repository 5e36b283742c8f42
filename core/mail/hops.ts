import type { HeaderField } from '../normalise/authentication.ts'
import { parseReceived } from '../normalise/received.ts'

/** A mail loop writes hundreds of Received fields; a screen needs no more. */
const MAX_HOPS = 200
/** A server whose clock is wrong by more than this is told; below it is rounding and queueing. */
const MAX_SKEW_US = 60_000_000
/** Mail that waits longer than this was held back, or the clock is wrong. */
const SLOW_US = 15 * 60_000_000

export type HopRemark = 'backwards' | 'slow' | 'undated' | 'zoneless'

/** One server that took the mail on, from its Received field. */
export interface MailHop {
  readonly from: string | null
  readonly fromIp: string | null
  readonly by: string | null
  readonly protocol: string | null
  /** Microseconds UTC. */
  readonly at: number | null
  /** Since the dated hop before; negative when this server's clock is behind. */
  readonly delayUs: number | null
  readonly remarks: readonly HopRemark[]
}

export interface MailRoute {
  /** Oldest first: as the mail travelled. The sender can have written any of the first ones. */
  readonly hops: readonly MailHop[]
  /** From the first dated hop to the last; null with fewer than two. */
  readonly totalUs: number | null
  /** More hops than {@link MAX_HOPS} were there. */
  readonly isCut: boolean
}

/** @param headers in order as they stand in the message: newest first */
export function readRoute(headers: readonly HeaderField[]): MailRoute {
  const received = headers.filter((field) => field.name.toLowerCase() === 'received')
  let before: number | null = null
  let first: number | null = null
  const hops = received
    .slice(0, MAX_HOPS)
    .reverse()
    .map(({ value }): MailHop => {
      const hop = parseReceived(value, 'UTC')
      const at = hop.date?.at ?? null
      const delayUs = at === null || before === null ? null : at - before
      const remarks: HopRemark[] = []
      if (at === null) remarks.push('undated')
      if (hop.date?.zoneAssumed === true) remarks.push('zoneless')
      if (delayUs !== null && delayUs < -MAX_SKEW_US) remarks.push('backwards')
      if (delayUs !== null && delayUs > SLOW_US) remarks.push('slow')
      first ??= at
      before = at ?? before
      return {
        from: hop.fromHost ?? null,
        fromIp: hop.fromIp ?? null,
        by: hop.byHost ?? null,
        protocol: hop.protocol ?? null,
        at,
        delayUs,
        remarks,
      }
    })
  const dated = hops.filter((hop) => hop.at !== null).length
  return {
    hops,
    totalUs: dated < 2 || first === null || before === null ? null : before - first,
    isCut: received.length > MAX_HOPS,
  }
}
