import { basename } from 'node:path'
import type { ParsedInputOf, ResultOf } from '../contract/types.ts'
import type { CommandContext } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { appendAudit } from '../store/audit.ts'
import { listDeliveryActions, listRunActions } from './notification-actions.ts'
import { toDraft } from './notification-draft.ts'
import { consolidate } from './notification-threshold.ts'
import type { NoticeWords } from './notification-tokens.ts'
import { writeDrafts, type DraftFile } from './notification-write.ts'
import { administratorNotice, userNotice, type FilterAction, type Notice } from './notification.ts'
import type { Policy } from './policy-document.ts'

/** A campaign to all staff under "one mail per action" makes as many files; a ZIP without 64-bit fields holds 65,535. */
const MAX_DRAFTS = 50_000

/** All notifications of some filter actions, and how many actions wait for their mail to administrators (W66-W75). */
export function draftNotices(
  actions: readonly FilterAction[],
  now: number,
  words: NoticeWords,
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
    const { mails, pending: waiting } = consolidate(policy, own, now)
    pending += waiting
    for (const mail of mails) notices.push(administratorNotice(policy, mail.actions, mail.at, words))
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
  const { db, signal, progress } = context
  const path = context.resolveGrant(input.grant, 'write')
  const words = await context.ask('locale.messages', { lang: input.lang })
  const actions =
    input.run == null
      ? listDeliveryActions(db, (messages) => {
          signal.throwIfAborted()
          progress({ done: null, counters: { messages } })
        })
      : listRunActions(db, Number(input.run))
  const { notices, pending } = draftNotices(actions, context.now(), words)
  if (notices.length > MAX_DRAFTS) throw new WorkbenchError('limit.rows', { limit: MAX_DRAFTS })
  const files = notices.map((notice, index): DraftFile => ({
    name: `${String(index + 1).padStart(5, '0')}-${notice.audience}.eml`,
    text: toDraft(notice),
  }))
  signal.throwIfAborted()
  await writeDrafts(path, files, signal)
  const administrators = notices.filter((notice) => notice.audience === 'administrators').length
  const counts = {
    drafts: notices.length,
    administrators,
    users: notices.length - administrators,
    actions: actions.length,
    pending,
  }
  const details = { file: basename(path), run: input.run ?? null, ...counts }
  db.transaction(() => appendAudit(db, { at: context.now(), action: 'notification.drafts', details }))()
  context.changed('audit')
  return { path, ...counts }
}
