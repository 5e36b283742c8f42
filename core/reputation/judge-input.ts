import { z } from 'zod'
import type { InputNote } from '../contract/nouns/policy.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { MessageItem } from '../model/message.ts'
import { RISK_LEVELS } from '../model/verdict.ts'
import { refang } from '../normalise/defang.ts'
import { parseAddressList } from '../normalise/mail.ts'
import { parseUrl, toReachedUrl } from '../normalise/url.ts'
import { unwrapUrl } from '../normalise/url-unwrap.ts'
import { parseIso } from '../store/time.ts'
import type { JudgedMessage, JudgedUrl } from './judge.ts'
import { DIRECTIONS } from './mail-direction.ts'
import { SERVICES, type Service } from './policy-document.ts'

/** A message that came from outside a case, with what is not the judge's business but the notifications'. */
export interface InputMessage {
  readonly message: JudgedMessage
  /** Null: the policy's. */
  readonly service: Service | null
  /** Microseconds UTC; null: now. */
  readonly deliveredAt: number | null
  readonly subject: string
  readonly attachments: readonly string[]
  /** A URL alone: no sender, no direction; it is judged as any message of the service would be. */
  readonly isBare: boolean
  /** What of the input says nothing to the judge. */
  readonly notes: readonly InputNote[]
}

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])
const Url = z.union([
  z.string(),
  z.strictObject({ url: z.string(), dynamicLevel: z.enum(RISK_LEVELS).nullish() }),
])

/** "A message for judge" of CLI.md. Null is absent; a field it does not have is an error: a mistyped one would not be judged. */
const MessageDocument = z.strictObject({
  service: z.enum(SERVICES).nullish(),
  direction: z.enum(DIRECTIONS).nullish(),
  deliveredAt: z
    .string()
    .refine((text) => parseIso(text) !== undefined)
    .nullish(),
  from: z.string().nullish(),
  to: z.union([z.string().transform((one) => [one]), listOf(z.string())]),
  subject: z.string().nullish(),
  headers: listOf(z.strictObject({ name: z.string(), value: z.string() })),
  urls: listOf(Url),
  attachments: listOf(z.strictObject({ name: z.string(), urls: listOf(Url) })),
  recordedAction: z.string().nullish(),
})

const toAddress = (text: string): string => parseAddressList(text)[0]?.address ?? text.trim().toLowerCase()

/** `http://` and the like: a scheme without an address behind it, which must not be read as a host of that name. */
const isBroken = (text: string): boolean => /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && URL.parse(text) === null

function toJudgedUrl(given: z.output<typeof Url>, attachment?: string): JudgedUrl {
  const { url, dynamicLevel } = typeof given === 'string' ? { url: given, dynamicLevel: null } : given
  const live = refang(url)
  return {
    url,
    // Mail of a case is read with rewriting undone; here it is the same. Addresses come defanged out of tickets.
    reached: isBroken(live) ? undefined : (unwrapUrl(live) ?? toReachedUrl(live)),
    where: attachment === undefined ? 'body' : 'attachment',
    attachment,
    dynamicLevel: dynamicLevel ?? undefined,
  }
}

/** @throws WorkbenchError `judge.invalid_message` naming the field */
export function toInputMessage(document: unknown, name: string): InputMessage {
  const parsed = MessageDocument.safeParse(document)
  if (!parsed.success) {
    throw new WorkbenchError('judge.invalid_message', { name, field: fieldOf(parsed.error.issues[0]) })
  }
  const { service, direction, deliveredAt, from, to, subject, headers, urls, attachments } = parsed.data
  const names = attachments.map((attachment) => attachment.name)
  const judged = [
    ...urls.map((url) => toJudgedUrl(url)),
    ...attachments.flatMap((attachment) => attachment.urls.map((url) => toJudgedUrl(url, attachment.name))),
  ]
  return {
    message: {
      direction: direction ?? undefined,
      from: from == null ? null : toAddress(from),
      to: to.map(toAddress),
      headers,
      urls: judged,
      attachments: names,
    },
    service: service ?? null,
    deliveredAt: deliveredAt == null ? null : (parseIso(deliveredAt) ?? null),
    subject: subject ?? '',
    attachments: names,
    isBare: false,
    notes: noteUrls(judged),
  }
}

/** The path of what is wrong, with the name of a field that does not exist; a union hides it inside. */
function fieldOf(issue: z.core.$ZodIssue | undefined): string {
  if (issue === undefined) return ''
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') return [path, issue.keys[0]].filter((part) => part !== '').join('.')
  if (issue.code !== 'invalid_union') return path
  // Of the alternatives the one that went deeper is what was meant.
  const inner = issue.errors
    .map(([first]) => fieldOf(first))
    .reduce((a, b) => (b.length > a.length ? b : a), '')
  return [path, inner].filter((part) => part !== '').join('.')
}

/** Addresses that no pack and no list can say anything about (`mailto:`, a broken host), and a message without any. */
function noteUrls(urls: readonly JudgedUrl[]): InputNote[] {
  if (urls.length === 0) return [{ code: 'no-urls', field: 'urls', text: '' }]
  return urls.flatMap(({ url, reached, where }): InputNote[] =>
    parseUrl(reached ?? url) === undefined
      ? [{ code: 'no-web-address', field: where === 'body' ? 'urls' : 'attachments', text: url }]
      : [],
  )
}

/**
 * A URL alone.
 * @throws WorkbenchError `judge.invalid_url` when it is no web address
 */
export function toBareMessage(url: string): InputMessage {
  const judged = toJudgedUrl(url)
  if (parseUrl(judged.reached ?? url) === undefined)
    throw new WorkbenchError('judge.invalid_url', { url: url.slice(0, 200) })
  return {
    message: { from: null, to: [], headers: [], urls: [judged], attachments: [] },
    service: null,
    deliveredAt: null,
    subject: '',
    attachments: [],
    isBare: true,
    notes: [],
  }
}

/** A mail file as an importer read it. Its delivery is what its trace fields say, else its date, as in a case. */
export function fromMail(item: MessageItem): InputMessage {
  const attachments = item.attachments.map((attachment) => attachment.name)
  return {
    message: {
      from: item.from?.address ?? null,
      to: item.recipients.map((recipient) => recipient.address),
      headers: item.headers,
      urls: item.urls.map(({ url, where, attachment }) => ({
        url,
        where,
        attachment: where === 'attachment' ? (attachments[attachment ?? -1] ?? '') : undefined,
      })),
      attachments,
    },
    service: null,
    deliveredAt: item.deliveredAt ?? item.sentAt,
    subject: item.subject,
    attachments,
    isBare: false,
    notes: [],
  }
}
