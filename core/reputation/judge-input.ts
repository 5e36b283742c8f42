import { z } from 'zod'
import { WorkbenchError } from '../model/errors.ts'
import type { MessageItem } from '../model/message.ts'
import { RISK_LEVELS } from '../model/verdict.ts'
import { refang } from '../normalise/defang.ts'
import { parseAddressList } from '../normalise/mail.ts'
import { toReachedUrl } from '../normalise/url.ts'
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
}

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])
const Url = z.union([z.string(), z.object({ url: z.string(), dynamicLevel: z.enum(RISK_LEVELS).nullish() })])

/** "A message for judge" of CLI.md. Null is absent; fields of other tools are not ours to refuse. */
const MessageDocument = z.object({
  service: z.enum(SERVICES).nullish(),
  direction: z.enum(DIRECTIONS).nullish(),
  deliveredAt: z
    .string()
    .refine((text) => parseIso(text) !== undefined)
    .nullish(),
  from: z.string().nullish(),
  to: z.union([z.string().transform((one) => [one]), listOf(z.string())]),
  subject: z.string().nullish(),
  headers: listOf(z.object({ name: z.string(), value: z.string() })),
  urls: listOf(Url),
  attachments: listOf(z.object({ name: z.string(), urls: listOf(Url) })),
  recordedAction: z.string().nullish(),
})

const toAddress = (text: string): string => parseAddressList(text)[0]?.address ?? text.trim().toLowerCase()

function toJudgedUrl(given: z.output<typeof Url>, attachment?: string): JudgedUrl {
  const { url, dynamicLevel } = typeof given === 'string' ? { url: given, dynamicLevel: null } : given
  const live = refang(url)
  return {
    url,
    // Mail of a case is read with rewriting undone; here it is the same. Addresses come defanged out of tickets.
    reached: unwrapUrl(live) ?? toReachedUrl(live),
    where: attachment === undefined ? 'body' : 'attachment',
    attachment,
    dynamicLevel: dynamicLevel ?? undefined,
  }
}

/** @throws WorkbenchError `judge.invalid_message` naming the field */
export function toInputMessage(document: unknown, name: string): InputMessage {
  const parsed = MessageDocument.safeParse(document)
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('.') ?? ''
    throw new WorkbenchError('judge.invalid_message', { name, field })
  }
  const { service, direction, deliveredAt, from, to, subject, headers, urls, attachments } = parsed.data
  const names = attachments.map((attachment) => attachment.name)
  return {
    message: {
      direction: direction ?? undefined,
      from: from == null ? null : toAddress(from),
      to: to.map(toAddress),
      headers,
      urls: [
        ...urls.map((url) => toJudgedUrl(url)),
        ...attachments.flatMap((attachment) =>
          attachment.urls.map((url) => toJudgedUrl(url, attachment.name)),
        ),
      ],
      attachments: names,
    },
    service: service ?? null,
    deliveredAt: deliveredAt == null ? null : (parseIso(deliveredAt) ?? null),
    subject: subject ?? '',
    attachments: names,
    isBare: false,
  }
}

/** A URL alone. */
export function toBareMessage(url: string): InputMessage {
  return {
    message: { from: null, to: [], headers: [], urls: [toJudgedUrl(url)], attachments: [] },
    service: null,
    deliveredAt: null,
    subject: '',
    attachments: [],
    isBare: true,
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
  }
}
