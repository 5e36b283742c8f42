import type { EventKind } from '../../model/event.ts'

/** What a Gmail log entry is about: a copy of the message, or something done with one. */
export type MailStep =
  | { readonly as: 'message'; readonly action: string }
  | { readonly as: 'event'; readonly kind: EventKind; readonly name: string }

const message = (action: string): MailStep => ({ as: 'message', action })
const event = (kind: EventKind, name: string): MailStep => ({ as: 'event', kind, name })

/** mail_event_type of the BigQuery schema (formats.md B4). */
const EVENT_TYPES: ReadonlyMap<number, MailStep> = new Map([
  [1, message('sent')],
  [2, message('delivered')],
  [3, event('generic', 'user classification')],
  [4, event('generic', 'late spam classification')],
  [5, message('quarantined')],
  [6, event('generic', 'quarantine release')],
  [7, event('mailbox-access', 'first open')],
  [8, event('mailbox-access', 'mark unread')],
  [9, event('mail-sent', 'reply')],
  [10, event('mail-sent', 'forward')],
  [11, event('mail-sent', 'autoforward')],
  [12, event('generic', 'move to inbox')],
  [13, event('mail-removed', 'move to trash')],
  [14, event('generic', 'move out of trash')],
  [15, event('url-click', 'link click')],
  [16, event('url-click', 'link click in attachment preview')],
  [17, event('mailbox-access', 'attachment download')],
  [18, event('mailbox-access', 'attachment saved to Drive')],
  [19, event('mailbox-access', 'Drive item saved')],
  [26, event('generic', 'archive')],
  [27, event('mail-removed', 'permanent deletion')],
  [28, event('mailbox-access', 'attachment preview')],
  [29, event('generic', 'draft')],
  [30, message('bounced')],
  [31, event('mailbox-access', 'open')],
  [32, event('mailbox-access', 'POP download')],
  [33, event('mailbox-access', 'application access')],
  [34, event('generic', 'rate limit')],
  [35, event('generic', 'send started')],
])

/** action_type of pipeline stages that end the way of a copy; what is delivered has an entry of its own (type 2). */
const ACTION_TYPES: ReadonlyMap<number, MailStep> = new Map([
  [18, message('bounced')],
  [19, message('dropped')],
])

/** The step of numbers, as BigQuery and the Reports API write them. */
export function stepOfNumbers(type: number | undefined, action: number | undefined): MailStep {
  const known = type === undefined ? undefined : EVENT_TYPES.get(type)
  if (known !== undefined) return known
  const stage = action === undefined ? undefined : ACTION_TYPES.get(action)
  return stage ?? event('generic', `stage ${action ?? type ?? ''}`.trim())
}

/** Words of the console and of the Email Log Search, telling ones first. */
const WORDS: readonly (readonly [RegExp, MailStep])[] = [
  [/quarantine/i, message('quarantined')],
  [/bounce|reject/i, message('bounced')],
  [/drop|discard/i, message('dropped')],
  [/link click|click(?:ed)? link/i, event('url-click', 'link click')],
  [/attachment (?:download|preview|save)/i, event('mailbox-access', 'attachment')],
  [/autoforward|auto-forward/i, event('mail-sent', 'autoforward')],
  [/delet|trash/i, event('mail-removed', 'deletion')],
  [/\bview|\bopen|pop download|app access/i, event('mailbox-access', 'open')],
  [/spam/i, message('junked')],
  // `Received from SMTP` is a step on the way
  [/deliver|insert|^receive$/i, message('delivered')],
  [/^sen[dt]$|transfer out|relay/i, message('sent')],
]

/** The step of words; what is not known stays a plain event under its own name. */
export function stepOfWords(text: string | undefined): MailStep {
  const name = text ?? ''
  const known = WORDS.find(([pattern]) => pattern.test(name))?.[1]
  if (known === undefined) return event('generic', name)
  return known.as === 'message' ? known : event(known.kind, name)
}
