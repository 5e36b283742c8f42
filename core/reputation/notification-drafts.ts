import { basename } from 'node:path'
import type { ParsedInputOf, ResultOf } from '../contract/types.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { listDeliveryActions, listRunActions } from './notification-actions.ts'
import { toDraft } from './notification-draft.ts'
import { consolidate, type Threshold } from './notification-threshold.ts'
import type { NoticeWords } from './notification-tokens.ts'
import { writeDrafts, type DraftFile } from './notification-write.ts'
import { administratorNotice, userNotice, type FilterAction, type Notice } from './notification.ts'
import type { Policy } from './policy-document.ts'
import { toIso } from '../store/time.ts'

/** A campaign to all staff under "one mail per action" makes as many files; a ZIP without 64-bit fields holds 65,535. */
const MAX_DRAFTS = 50_000

/**
 * All notifications of some filter actions, and how many actions wait for their mail to administrators (W66-W75).
 * @param threshold stands in for that of the policies
 */
export function draftNotices(
  actions: readonly FilterAction[],
  now: number,
  words: NoticeWords,
  threshold?: Threshold,
): { notices: Notice[]; pending: number } {
  const notices: Notice[] = []
  let pending = 0
  const byPolicy = new Map<Policy, FilterAction[]>()
  for (const action of actions) {
    const own = byPolicy.get(action.policy)
    if (own === undefined) byPolicy.set(action.policy, [action])
    else own.push(action)
    const users = userNotice(action, words)
    if (users !== undefined)
      for (const recipient of users.recipients) notices.push({ ...users, recipients: [recipient] })
  }
  for (const [policy, own] of byPolicy) {
    if (!policy.notifications.administrators.enabled) continue
    const { mails, pending: waiting } = consolidate(policy, own, now, threshold)
    pending += waiting
    for (const mail of mails) {
      const notice = administratorNotice(policy, mail.actions, mail.at, words)
      notices.push(threshold == null ? notice : { ...notice, mode: threshold.mode })
    }
  }
  return { notices: notices.sort((a, b) => a.at - b.at), pending }
}

/**
 * Writes notifications of a case as .eml drafts. Nothing is sent.
 * @throws WorkbenchError `request.not_found` (no such run), `limit.rows`, `store.unwritable`, `store.disk_full`
 */
export async function writeNotificationDrafts(
  context: CommandContext,
  input: ParsedInputOf<'notification.drafts'>,
): Promise<ResultOf<'notification.drafts'>> {
  const { db, signal } = context
  const path = context.resolveGrant(input.grant, 'write')
  const words = await context.ask('locale.messages', { lang: input.lang })
  const actions = listActions(context, input.run)
  const { notices, pending } = draftNotices(actions, context.now(), words)
  if (notices.length > MAX_DRAFTS) throw new WorkbenchError('limit.rows', { limit: MAX_DRAFTS })
  const files = notices.map((notice, index): DraftFile => ({
    name: `${String(index + 1).padStart(5, '0')}-${notice.audience}.eml`,
    text: toDraft(notice),
  }))
  signal.throwIfAborted()
  await writeDrafts(path, files, signal)
  const counts = countOf(notices, actions, pending)
  const details = { file: basename(path), run: input.run ?? null, ...counts }
  db.transaction(() => appendAudit(db, { at: context.now(), action: 'notification.drafts', details }))()
  context.changed('audit')
  return { path, ...counts }
}

function listActions(
  { db, signal, progress }: CommandContext,
  run: string | null | undefined,
): FilterAction[] {
  if (run != null) return listRunActions(db, Number(run))
  return listDeliveryActions(db, (messages) => {
    signal.throwIfAborted()
    progress({ done: null, counters: { messages } })
  })
}

function countOf(notices: readonly Notice[], actions: readonly FilterAction[], pending: number) {
  const administrators = notices.filter((notice) => notice.audience === 'administrators').length
  const users = notices.length - administrators
  return { drafts: notices.length, administrators, users, actions: actions.length, pending }
}

/** A screen shows so many; who wants all of them has them written. */
const MAX_PREVIEWED = 200
/** A consolidated mail of a campaign tells of thousands of actions; the first of them show what it is like. */
const MAX_BODY = 4000

/** The notifications of a case without writing any; nothing of it stays. @throws WorkbenchError `request.not_found` (no such run) */
export async function previewNotifications(
  context: CommandContext,
  input: ParsedInputOf<'notification.preview'>,
): Promise<ResultOf<'notification.preview'>> {
  const words = await context.ask('locale.messages', { lang: input.lang })
  const actions = listActions(context, input.run)
  const { notices, pending } = draftNotices(actions, context.now(), words, input.threshold ?? undefined)
  // A campaign has hundreds of users' notices; the few of the administrators must not drown in them.
  const list = [...notices]
    .sort((a, b) => (a.audience === b.audience ? 0 : a.audience === 'administrators' ? -1 : 1))
    .slice(0, MAX_PREVIEWED)
    .map(({ audience, mode, at, groups, recipients, subject, body }) => ({
      ...{ audience, mode, at: toIso(at), groups: [...groups], recipients: [...recipients], subject },
      body: body.length > MAX_BODY ? `${body.slice(0, MAX_BODY)}…` : body,
    }))
  return { ...countOf(notices, actions, pending), list }
}
