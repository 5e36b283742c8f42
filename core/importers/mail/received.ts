import ipaddr from 'ipaddr.js'
import { getDomain } from 'tldts'
import type { MailHeader } from '../../model/message.ts'
import type { MailDate } from '../../normalise/mail.ts'
import { findIp, parseReceived } from '../../normalise/received.ts'
import { listHeader } from './headers.ts'

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
