import type { RiskLevel } from '../model/verdict.ts'
import { actsOnFiles } from './judge-files.ts'
import type { Judgement } from './judge.ts'
import type { Action, Policy } from './policy-document.ts'
import { expand, type NoticeWords } from './notification-tokens.ts'

/** One action of the filter on one message or file: what is notified of (W67, W70). */
export interface FilterAction {
  /** Microseconds UTC. */
  readonly at: number
  readonly policy: Policy
  readonly action: Action
  /** Who sent the message, or updated the file or record. */
  readonly sender: string | null
  readonly recipients: readonly string[]
  readonly subject: string
  readonly attachments: readonly string[]
  /** Files acted upon, where the service acts on files. */
  readonly files: readonly string[]
  readonly urls: readonly {
    readonly url: string
    readonly level: RiskLevel
    readonly category: string | null
  }[]
}

export type Audience = 'administrators' | 'users'
export type ThresholdMode = 'period' | 'count' | 'individual'

/** A notification with its tokens filled in. */
export interface Notice {
  readonly audience: Audience
  readonly mode: ThresholdMode
  readonly groups: readonly string[]
  readonly recipients: readonly string[]
  readonly subject: string
  readonly body: string
  readonly at: number
}

/** What is known of a message beside the judgement. */
export interface NoticeFacts {
  readonly at: number
  readonly sender: string | null
  readonly recipients: readonly string[]
  readonly subject: string
  readonly attachments: readonly string[]
}

/**
 * The filter action of a judged message; null when nothing was done, when it was passed without logging, or when only files were
 * acted upon whose own action is not notified of (W61).
 */
export function toFilterAction(policy: Policy, judged: Judgement, facts: NoticeFacts): FilterAction | null {
  if (judged.action === null || judged.action === 'pass-silently') return null
  const acting = judged.urls.filter((url) => url.matches && url.action !== null)
  const files = judged.files.filter((file) => file.action !== null)
  const isFilesOnly = acting.every((url) => url.where === 'attachment')
  if (policy.actions.fileAction.enabled && isFilesOnly && !files.some((file) => file.notify)) return null
  return {
    ...facts,
    policy,
    action: judged.action,
    files: files.map((file) => file.name),
    urls: acting.map(({ url, level }) => ({ url, level, category: null })),
  }
}

export const modeOf = (policy: Policy): ThresholdMode =>
  policy.notifications.administrators.threshold?.mode ?? 'individual'

/**
 * To whom a user notification goes: the recipients of mail (W71), whoever updated the file (W72) or the record (W73); nobody for
 * chat, where the sender sees Microsoft's own notice (W74).
 */
export function usersOf({ policy, sender, recipients }: FilterAction): readonly string[] {
  if (policy.service === 'teams-chat') return []
  if (actsOnFiles(policy)) return sender === null ? [] : [sender]
  return recipients
}

/** The mail to administrators about one filter action, or about all of a period or number (W66-W70). */
export function administratorNotice(
  policy: Policy,
  actions: readonly FilterAction[],
  at: number,
  words: NoticeWords,
): Notice {
  const { groups, recipients, subject, body } = policy.notifications.administrators
  const template = body ?? words['notification.administrators.body'] ?? ''
  return {
    audience: 'administrators',
    mode: modeOf(policy),
    groups,
    recipients,
    subject: expand(subject ?? words['notification.administrators.subject'] ?? '', actions, words),
    body: actions.map((action) => expand(template, [action], words)).join(SEPARATOR),
    at,
  }
}
/** Between the actions of a consolidated mail. */
const SEPARATOR = '\n\n----------------------------------------\n\n'

/** The mail to the user or users about one filter action (W71-W74); undefined when nobody is told. */
export function userNotice(action: FilterAction, words: NoticeWords): Notice | undefined {
  const { enabled, subject, body } = action.policy.notifications.users
  const recipients = usersOf(action)
  if (!enabled || recipients.length === 0) return undefined
  return {
    audience: 'users',
    mode: 'individual',
    groups: [],
    recipients,
    subject: expand(subject ?? words['notification.users.subject'] ?? '', [action], words),
    body: expand(body ?? words['notification.users.body'] ?? '', [action], words),
    at: action.at,
  }
}

/** Every notification one filter action leads to; the administrators' may be consolidated with others (`mode`). */
export function noticesOf(action: FilterAction, words: NoticeWords): Notice[] {
  const { policy, at } = action
  const users = userNotice(action, words)
  return [
    ...(policy.notifications.administrators.enabled
      ? [administratorNotice(policy, [action], at, words)]
      : []),
    ...(users === undefined ? [] : [users]),
  ]
}
