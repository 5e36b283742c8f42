/**
 * What Exchange says became of a message, as the words of `recordedAction`. Keys are the statuses of the summary reports
 * and the events of the detailed ones (formats.md B1).
 */
const ACTIONS: ReadonlyMap<string, string> = new Map([
  ['delivered', 'delivered'],
  ['deliver', 'delivered'],
  ['duplicatedeliver', 'delivered'],
  ['send', 'sent'],
  ['sendexternal', 'sent'],
  ['sent', 'sent'],
  ['failed', 'failed'],
  ['fail', 'failed'],
  ['badmail', 'failed'],
  ['drop', 'dropped'],
  ['dropped', 'dropped'],
  ['quarantined', 'quarantined'],
  ['quarantine', 'quarantined'],
  ['filteredasspam', 'junked'],
  ['spam', 'junked'],
  ['pending', 'pending'],
  ['gettingstatus', 'pending'],
  ['receive', 'pending'],
  ['defer', 'pending'],
  ['expanded', 'expanded'],
  ['expand', 'expanded'],
  ['redirect', 'redirected'],
  ['resolved', 'resolved'],
  ['resolve', 'resolved'],
])

/** The recorded action of a status; unknown ones in lower case. */
export function toAction(status: string | undefined): string | undefined {
  if (status === undefined) return undefined
  const folded = status.toLowerCase().replace(/[\s_-]+/g, '')
  return folded === '' || folded === 'none' ? undefined : (ACTIONS.get(folded) ?? status.trim().toLowerCase())
}

/** Whether a copy lies in a mailbox of the recipient after that. */
export const isInMailbox = (action: string | undefined): boolean =>
  action === undefined || action === 'delivered' || action === 'junked' || action === 'sent'

/** One recipient and what became of the copy. */
export interface RecipientStatus {
  readonly address: string
  readonly status: string | undefined
}

/** A message to thousands has one row in the enhanced report. */
const MAX_RECIPIENTS = 5_000

/** `addr##Receive, Deliver;addr2##Receive, Fail`: the last of the list is the outcome. */
export function parseRecipientStatus(text: string): RecipientStatus[] {
  return text
    .split(';', MAX_RECIPIENTS)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [address = '', statuses = ''] = part.split('##', 2)
      return { address: address.trim(), status: statuses.split(',').at(-1)?.trim() || undefined }
    })
}

/** `inbound` or `outbound` out of the words and numbers that exports use. */
export function toDirection(text: string | undefined): 'inbound' | 'outbound' | undefined {
  if (text === undefined) return undefined
  if (/^(?:1|incoming|inbound|received)$/i.test(text)) return 'inbound'
  return /^(?:2|originating|outgoing|outbound|sent)$/i.test(text) ? 'outbound' : undefined
}
