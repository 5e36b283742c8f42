import type { JudgeDocument } from '../contract/nouns/policy.ts'
import type { ParsedInputOf } from '../contract/types.ts'
import { readMessageFile } from '../evidence/read-message.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { RiskLevel } from '../model/verdict.ts'
import { parseUrl } from '../normalise/url.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso, toIso } from '../store/time.ts'
import { fromMail, toBareMessage, toInputMessage, type InputMessage } from './judge-input.ts'
import { Judge, judgeMessage, type JudgedMessage } from './judge.ts'
import { noticesOf, toFilterAction } from './notification.ts'
import type { NoticeWords } from './notification-tokens.ts'
import { readPackFiles } from './pack-memory.ts'
import { choosePolicy, withGlobalHeaders } from './policy-choice.ts'
import type { Policy } from './policy-document.ts'
import { decideClick, type ClickDecision } from './time-of-click.ts'
import { readStoredPacks } from './shelf-load.ts'
import { notePolicy, parsePolicy } from './policy-parse.ts'

/** What judging without a case needs of the engine. */
export interface JudgeSurroundings {
  readonly now: () => number
  readonly resolveGrant: (grant: string, access: 'read') => string
  readonly words: NoticeWords
  /** The open case, whose packs count when `casePacks` asks for them. */
  readonly db: ReadStore | undefined
}

/** Dates in a mail that name no zone. */
const ZONE = 'UTC'

/**
 * Judges one message with policies and packs out of files, and with the packs of the open case where asked to: nothing is stored
 * (CLI.md, judge; JUDGE.md).
 * @throws WorkbenchError `policy.invalid`, `policy.service_mismatch`, `judge.invalid_message`, `pack.*`, `evidence.*`
 */
export async function judgeInput(
  input: ParsedInputOf<'judge.message'>,
  { now, resolveGrant, words, db }: JudgeSurroundings,
): Promise<JudgeDocument> {
  const policies = input.policies.map((document, index) =>
    readPolicy(document, index, input.policies.length > 1),
  )
  const given = await readInput(input.message, (grant) => resolveGrant(grant, 'read'))
  const asked = input.at == null ? undefined : parseIso(input.at)
  const at = asked ?? given.deliveredAt ?? now()
  const versions = policies.map((one) => ({ policy: one }))
  const policy = withGlobalHeaders(policyFor(policies, given, at), versions, at)
  const message = withDirection(given, policy)
  const hosts = message.urls.flatMap(({ url, reached }) => parseUrl(reached ?? url)?.host ?? [])
  const paths = input.packs.map((grant) => resolveGrant(grant, 'read'))
  if (input.casePacks && db === undefined) throw new WorkbenchError('case.none_open')
  const stored = input.casePacks && db !== undefined ? readStoredPacks(db, hosts) : []
  const shelf = await readPackFiles(paths, hosts, now(), stored)
  const judge = new Judge(policy)
  const inForce = asked === undefined ? shelf.inForceNow() : shelf.inForceAt(asked)
  const judged = judgeMessage(judge, message, shelf, inForce, at)
  const action = toFilterAction(policy, judged, {
    at,
    sender: message.from,
    recipients: message.to,
    subject: given.subject,
    attachments: given.attachments,
  })
  return {
    policy: judged.policy,
    service: policy.service,
    at: toIso(at),
    excluded: judged.excluded === null ? null : { ...judged.excluded },
    action: judged.action,
    urls: judged.urls.map((url) => ({
      ...url,
      ...(input.clicks && url.where === 'body' ? { click: clickOn(judge, url, message, at) } : {}),
    })),
    files: judged.files.map((file) => ({ ...file })),
    notifications: (action === null ? [] : noticesOf(action, words)).map((notice) => ({
      audience: notice.audience,
      channel: 'mail' as const,
      subject: notice.subject,
      recipients: [...notice.groups, ...notice.recipients],
      mode: notice.mode,
    })),
    notes: [...given.notes, ...input.policies.flatMap((document) => notePolicy(document))],
  }
}

/** What a click on a link of the message would have met then; the message is looked at as the mail that brought it. */
function clickOn(
  judge: Judge,
  { normalized, level }: { readonly normalized: string | null; readonly level: RiskLevel },
  message: JudgedMessage,
  at: number,
): ClickDecision {
  const url = normalized === null ? undefined : parseUrl(normalized)
  return decideClick(judge, { url, message, levelThen: null, level, at })
}

/** Of several documents the error names the one that is wrong, by its name and its place among those given. */
function readPolicy(
  document: Readonly<Record<string, unknown>>,
  index: number,
  isOneOfSeveral: boolean,
): Policy {
  try {
    return parsePolicy(document)
  } catch (cause) {
    if (!isOneOfSeveral || !(cause instanceof WorkbenchError)) throw cause
    const { name } = document
    const policy = typeof name === 'string' ? name : ''
    throw new WorkbenchError(cause.code, { ...cause.params, policy, index }, { cause })
  }
}

async function readInput(
  message: ParsedInputOf<'judge.message'>['message'],
  pathOf: (grant: string) => string,
): Promise<InputMessage> {
  if ('url' in message) return toBareMessage(message.url)
  if ('document' in message) return toInputMessage(message.document, 'message')
  return fromMail(await readMessageFile(pathOf(message.grant), ZONE))
}

/** The message's service, when given, must be the policy's. */
function policyFor(policies: readonly Policy[], { service }: InputMessage, at: number): Policy {
  const fitting = policies.filter((policy) => service === null || policy.service === service)
  const chosen = choosePolicy(
    fitting.map((policy) => ({ policy })),
    at,
    service ?? undefined,
  )
  if (chosen !== undefined) return chosen.policy
  throw new WorkbenchError('policy.service_mismatch', {
    service: service ?? '',
    policy: [...new Set(policies.map((policy) => policy.service))].join(', '),
  })
}

/** A URL alone has no way it went: it is judged as mail that the policy is about. */
function withDirection({ message, isBare }: InputMessage, policy: Policy): JudgedMessage {
  if (!isBare) return message
  return { ...message, direction: policy.service === 'exchange-inline-outbound' ? 'outgoing' : 'incoming' }
}
