import type { MailHeader, MessageItem } from '../../model/message.ts'
import { readTrustedResults, resultOf, spfOf } from '../../normalise/authentication.ts'
import { findHeader } from './headers.ts'

/** SPF, DKIM and DMARC results as the server that took the mail in found them. Received-SPF fills in for SPF. */
export function readAuthentication(headers: readonly MailHeader[]): MessageItem['authentication'] {
  const { results } = readTrustedResults(headers)
  const spf = resultOf(results, 'spf') ?? spfOf(findHeader(headers, 'Received-SPF'))
  const dkim = resultOf(results, 'dkim')
  const dmarc = resultOf(results, 'dmarc')
  return {
    ...(spf === undefined ? {} : { spf }),
    ...(dkim === undefined ? {} : { dkim }),
    ...(dmarc === undefined ? {} : { dmarc }),
  }
}
