import { createHash } from 'node:crypto'
import { isGone } from './copy-state.ts'
import { ACTIONS, DEFAULT_POLICY, type Action, type Policy } from './policy-document.ts'
import type { ReadStore } from '../store/store.ts'
import { parseIso } from '../store/time.ts'
import { judgeMessage } from './judge.ts'
import { toFilterAction, type FilterAction } from './notification.ts'
import { severestAction } from './policy-actions.ts'
import { withGlobalHeaders } from './policy-choice.ts'
import { PolicyJudges } from './policy-judges.ts'
import { listStoredPolicies } from './policy-stored.ts'
import { readRetroMessages, readRetroUrls, type RetroMessage } from './retro-messages.ts'
import { getRetroRun } from './retro-stored.ts'
import { loadShelf } from './shelf-load.ts'

const copy = `SELECT id, subject, from_address FROM message WHERE entity_id = ? ORDER BY id LIMIT 1`
const recipients = `SELECT DISTINCT r.address FROM message m JOIN message_recipient r ON r.message = m.id
  WHERE m.entity_id = ? ORDER BY r.address`
const attachments = 'SELECT name FROM attachment WHERE message = ? ORDER BY position'

interface MailFacts {
  readonly sender: string | null
  readonly subject: string
  readonly recipients: readonly string[]
  readonly attachments: readonly string[]
}

/** Looks up what a notification says of stored messages. */
class MailFactsReader {
  readonly #copy
  readonly #recipients
  readonly #attachments
  constructor(db: ReadStore) {
    this.#copy = db.prepare(copy)
    this.#recipients = db.prepare(recipients).pluck()
    this.#attachments = db.prepare(attachments).pluck()
  }
  read(entity: number): MailFacts {
    const row = this.#copy.get(entity) as
      { id: number; subject: string; from_address: string | null } | undefined
    return {
      sender: row?.from_address ?? null,
      subject: row?.subject ?? '',
      recipients: this.#recipients.all(entity) as string[],
      attachments: row === undefined ? [] : (this.#attachments.all(row.id) as string[]),
    }
  }
}

const byTime = (actions: FilterAction[]): FilterAction[] => actions.sort((a, b) => a.at - b.at)

/**
 * The filter actions of stored mail: every message judged at its delivery with the policy and the packs of that time. Messages
 * without a time are left out.
 * @param onMessages called now and then; throws to cancel
 */
export function listDeliveryActions(db: ReadStore, onMessages: (done: number) => void): FilterAction[] {
  const judges = new PolicyJudges(listStoredPolicies(db))
  const urls = readRetroUrls(db)
  const shelf = loadShelf(
    db,
    [...urls.values()].flatMap((url) => (url.normal === undefined ? [] : [url.normal.host])),
  )
  const reader = new MailFactsReader(db)
  const actions: FilterAction[] = []
  const judge = ({ entityId, message, links }: RetroMessage, at: number): FilterAction | null => {
    const judging = judges.judgeAt(at)
    const linked = links.flatMap(({ urlId, where }) => {
      const url = urls.get(urlId)?.text
      return url === undefined ? [] : [{ url, where }]
    })
    const judged = judgeMessage(judging, { ...message, urls: linked }, shelf, shelf.inForceAt(at), at)
    return judged.action === null
      ? null
      : toFilterAction(judging.policy, judged, { ...reader.read(entityId), at })
  }
  let done = 0
  for (const message of readRetroMessages(db, { headers: true, recipients: true })) {
    if (++done % PROGRESS_EVERY === 0) onMessages(done)
    const action = message.at === null ? null : judge(message, message.at)
    if (action !== null) actions.push(action)
  }
  return byTime(actions)
}
/** Messages between two reports of progress. */
const PROGRESS_EVERY = 2000

const toAction = (text: string): Action | null => ACTIONS.find((action) => action === text) ?? null

/**
 * The filter actions of a retro scan: one per message that matches newly (W30), at the time of the run.
 * @throws WorkbenchError `request.not_found`
 */
export function listRunActions(db: ReadStore, run: number): FilterAction[] {
  const { run: about, newlyMatching, turned } = getRetroRun(db, run)
  const at = parseIso(about.at) ?? 0
  const policy = policyOfRun(db, about.policy, about.inputs.policySha256, at)
  const levels = new Map(turned.map(({ url, to }) => [url, to]))
  const reader = new MailFactsReader(db)
  const messages = new Map<
    string,
    { mailboxes: Set<string>; urls: Set<string>; actions: (Action | null)[] }
  >()
  for (const { message, mailbox, url, action, state } of newlyMatching) {
    // Nothing is done to a copy that is gone.
    if (isGone(state)) continue
    const known = messages.get(message.id) ?? { mailboxes: new Set(), urls: new Set(), actions: [] }
    messages.set(message.id, known)
    known.mailboxes.add(mailbox)
    known.urls.add(url)
    known.actions.push(toAction(action))
  }
  const actions: FilterAction[] = []
  for (const [entity, { mailboxes, urls, actions: taken }] of messages) {
    const action = severestAction(taken)
    if (action === null || action === 'pass-silently') continue
    const { sender, subject, attachments } = reader.read(Number(entity))
    actions.push({
      at,
      policy,
      action,
      sender,
      subject,
      attachments,
      recipients: [...mailboxes],
      files: [],
      urls: [...urls].map((url) => ({ url, level: levels.get(url) ?? 'untested', category: null })),
    })
  }
  return byTime(actions)
}

/** The version of the policy that the run was made with; when it cannot be told, the last of its name. */
function policyOfRun(db: ReadStore, name: string, sha256: string, at: number): Policy {
  const stored = listStoredPolicies(db)
  const hash = (policy: Policy): string => createHash('sha256').update(JSON.stringify(policy)).digest('hex')
  return (
    stored.findLast(({ policy }) => hash(withGlobalHeaders(policy, stored, at)) === sha256)?.policy ??
    stored.findLast(({ policy }) => policy.name === name)?.policy ??
    DEFAULT_POLICY
  )
}
