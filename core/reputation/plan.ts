import { createHash } from 'node:crypto'
import type { PlanAction, PlanItem, PlanTarget } from '../contract/nouns/plan.ts'
import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef, TextRef } from '../contract/shapes.ts'
import { kindNumber } from '../store/event-columns.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { Exposures } from './exposure.ts'
import { MessageHistory } from './message-history.ts'
import type { Policy } from './policy-document.ts'

/** A step before the analyst's decision is looked up. */
export type PlanDraft = Omit<PlanItem, 'state' | 'note' | 'decidedAt'>

/** What the policy's word for an action means as a step; `pass` and the like ask for none. */
const STEPS: ReadonlyMap<string, PlanAction> = new Map([
  ['quarantine', 'quarantine-message'],
  ['delete', 'delete-message'],
  ['move-to-junk', 'move-to-junk'],
  ['move-to-spam', 'move-to-junk'],
  ['label', 'label-message'],
  ['tag-subject', 'tag-message'],
  ['block', 'block-url'],
])

const URGENCY: readonly PlanAction[] = [
  'isolate-endpoint',
  'revoke-sessions',
  'reset-account',
  'remove-inbox-rule',
  'block-url',
  'delete-message',
  'quarantine-message',
  'move-to-junk',
  'restore-message',
  'label-message',
  'tag-message',
  'notify-user',
]

/** Messages looked at whose attachments ran: the others a retro scan brings up, or nobody touched them. */
const MAX_RAN = 500
/** Evidence named per step; a link in a newsletter has relations by the hundred. */
const MAX_PROOFS = 50

const copy = `SELECT message_id, unique_id, subject, from_address, coalesce(delivered_at, sent_at) AS at FROM message
  WHERE entity_id = ? ORDER BY mailbox IS NOT ?, unique_id IS NULL, id LIMIT 1`
const ran = `SELECT DISTINCT m.entity_id FROM attachment a JOIN message m ON m.id = a.message
  WHERE m.entity_id IS NOT NULL AND a.entity_id IN (SELECT s.from_id FROM relation s JOIN relation x ON x.from_id = s.to_id
    AND x.kind = 'executed-as' WHERE s.kind = 'saved-as') ORDER BY m.entity_id LIMIT ?`
const named = 'SELECT id, kind, name FROM entity WHERE id = ?'
const addressOf = `SELECT value FROM alias WHERE entity_id = ? AND kind IN ('upn', 'smtp') ORDER BY kind DESC, value LIMIT 1`
const inboxRules = `SELECT v.id, v.at, t.v AS target, a.v AS action FROM event v LEFT JOIN str t ON t.id = v.target
  LEFT JOIN str a ON a.id = v.action WHERE v.user_id = ? AND v.kind = ? AND v.at >= ? ORDER BY v.at LIMIT 100`
const ruleOf = 'SELECT rule FROM relation WHERE id = ?'

const NO_TARGET: PlanTarget = {
  mailbox: null,
  messageId: null,
  uniqueId: null,
  subject: null,
  sender: null,
  deliveredAt: null,
  url: null,
  account: null,
  endpoint: null,
  inboxRule: null,
  text: null,
}

type Exposed = RetroRun['exposure'][number]
interface Proofs {
  readonly messages?: readonly EntityRef[]
  readonly relations?: readonly string[]
  readonly events?: readonly string[]
}

/** Collects steps; the same step for another reason is one step with both reasons. */
class Steps {
  readonly #drafts = new Map<string, PlanDraft>()
  readonly #keyOf
  constructor(db: ReadStore) {
    this.#keyOf = db.prepare('SELECT key FROM entity WHERE id = ?').pluck()
  }

  /** @param key what makes the step this one; entities by their keys, so that a colleague's case of the same evidence calls it the same */
  add(
    action: PlanAction,
    key: readonly (string | null | EntityRef)[],
    target: Partial<PlanTarget>,
    subject: EntityRef | null,
    reason: { readonly rule: string; readonly text: TextRef },
    proofs: Proofs,
  ): void {
    const id = createHash('sha256')
      .update(
        JSON.stringify([
          action,
          ...key.map((part) =>
            part === null || typeof part === 'string'
              ? part
              : (this.#keyOf.get(Number(part.id)) ?? part.name),
          ),
        ]),
      )
      .digest('hex')
      .slice(0, 24)
    const known = this.#drafts.get(id) ?? {
      id,
      action,
      target: { ...NO_TARGET, ...target },
      subject,
      reasons: [],
      evidence: { messages: [], relations: [], events: [] },
    }
    const isNew = !known.reasons.some((one) => JSON.stringify(one) === JSON.stringify(reason))
    const { messages, relations, events } = known.evidence
    this.#drafts.set(id, {
      ...known,
      reasons: isNew ? [...known.reasons, reason] : known.reasons,
      evidence: {
        messages: [
          ...messages,
          ...(proofs.messages ?? []).filter((one) => !messages.some((m) => m.id === one.id)),
        ].slice(0, MAX_PROOFS),
        relations: [...new Set([...relations, ...(proofs.relations ?? [])])].slice(0, MAX_PROOFS),
        events: [...new Set([...events, ...(proofs.events ?? [])])].slice(0, MAX_PROOFS),
      },
    })
  }

  /** Machines and accounts in use by somebody else come first, then what spreads, then messages, then words. */
  list(): PlanDraft[] {
    return [...this.#drafts.values()].sort((a, b) => URGENCY.indexOf(a.action) - URGENCY.indexOf(b.action))
  }
}

/**
 * What follows from a retro scan and from what people did: steps with reason and evidence, for an analyst to approve. Nothing is
 * carried out. A message gets the action of the policy (W30) while its copy is still there, or is put back (W31); its URL is
 * blocked; who clicked gets a new password and new sessions, where something ran is isolated, inbox rules made since are removed.
 * @param run null: no retro scan yet, then only what ran out of attachments counts
 */
export function derivePlan(db: ReadStore, now: number, policy: Policy, run: RetroRun | null): PlanDraft[] {
  const steps = new Steps(db)
  const people = new People(db)
  if (run !== null) addMessages(db, now, policy, run, steps, people)
  const exposed = run?.exposure ?? []
  for (const row of exposed) addExposure(steps, people, row, policy)
  const known = new Set(exposed.map((row) => row.message.id))
  const exposures = new Exposures(db, now, true)
  for (const id of db.prepare(ran).pluck().all(MAX_RAN) as number[]) {
    const message = people.find(id)
    if (message === null || known.has(String(id))) continue
    for (const trace of exposures.of(id)) {
      if (trace.executedAt === null) continue
      addExposure(
        steps,
        people,
        {
          message,
          recipient: trace.address,
          user: trace.user,
          deliveredAt: toIsoOrNull(trace.deliveredAt),
          clickedAt: toIsoOrNull(trace.clickedAt),
          executedAt: toIso(trace.executedAt),
          endpoint: trace.endpoint,
          turnedAt: null,
          openedAt: null,
          blockedAt: null,
          clickedBefore: null,
          removedAt: null,
          dwellSeconds: null,
          dwellUntil: null,
          dwellEnd: null,
          passedOn: [],
          relations: [...trace.relations],
          events: [...trace.events],
        },
        policy,
      )
    }
  }
  return steps.list()
}

/** Names, addresses and later inbox rules of people; messages as the mail system knows them. */
class People {
  readonly #named
  readonly #address
  readonly #rules
  readonly #copy
  readonly #ruleOf
  constructor(db: ReadStore) {
    this.#named = db.prepare(named)
    this.#address = db.prepare(addressOf).pluck()
    this.#rules = db.prepare(inboxRules)
    this.#copy = db.prepare(copy)
    this.#ruleOf = db.prepare(ruleOf).pluck()
  }
  find(id: number): EntityRef | null {
    const row = this.#named.get(id) as { id: number; kind: EntityRef['kind']; name: string } | undefined
    return row === undefined ? null : { id: String(row.id), kind: row.kind, name: row.name }
  }
  /** The address an account is reached by; its name when the directory gives none. */
  accountOf({ user, recipient }: Exposed): string {
    if (user === null) return recipient
    return (
      (this.#address.get(Number(user.id)) as string | undefined) ??
      (recipient.includes('@') ? recipient : user.name)
    )
  }
  inboxRulesOf(
    user: EntityRef,
    since: number,
  ): { id: number; at: number; target: string | null; action: string | null }[] {
    return this.#rules.all(Number(user.id), kindNumber('mailbox-rule'), since) as {
      id: number
      at: number
      target: string | null
      action: string | null
    }[]
  }
  copyOf(message: EntityRef, mailbox: string): Partial<PlanTarget> {
    type Row = {
      message_id: string | null
      unique_id: string | null
      subject: string
      from_address: string | null
      at: number | null
    }
    const row = this.#copy.get(Number(message.id), mailbox) as Row | undefined
    if (row === undefined) return { mailbox, subject: message.name }
    return {
      mailbox,
      messageId: row.message_id,
      uniqueId: row.unique_id,
      subject: row.subject,
      sender: row.from_address,
      deliveredAt: toIsoOrNull(row.at),
    }
  }
  /** The rule of correlation that speaks for a relation. */
  ruleOf(relations: readonly string[], prefix: string): string | undefined {
    for (const id of relations) {
      const rule = this.#ruleOf.get(Number(id)) as string | undefined
      if (rule?.startsWith(prefix)) return rule
    }
    return undefined
  }
}

function addMessages(
  db: ReadStore,
  now: number,
  policy: Policy,
  run: RetroRun,
  steps: Steps,
  people: People,
): void {
  const history = new MessageHistory(db, now)
  const gone = new Map<string, ReadonlySet<string>>()
  const isGone = (message: EntityRef, mailbox: string): boolean => {
    const known =
      gone.get(message.id) ??
      new Set(
        history
          .of(Number(message.id))
          .filter(({ state }) => state === 'deleted' || state === 'quarantined' || state === 'stopped')
          .map((one) => one.mailbox),
      )
    gone.set(message.id, known)
    return known.has(mailbox)
  }
  const turned = new Map(run.turned.map((row) => [row.url, row]))
  const proofs = new Map(run.exposure.map((row) => [`${row.message.id} ${row.recipient}`, row]))
  for (const row of run.newlyMatching) {
    const verdict = turned.get(row.url)
    const said = { url: row.url, level: verdict?.to ?? '', pack: verdict?.pack ?? '' }
    const proof = proofs.get(`${row.message.id} ${row.mailbox}`)
    const evidence = {
      messages: [row.message],
      relations: proof?.relations ?? [],
      events: proof?.events ?? [],
    }
    const action = STEPS.get(row.action)
    if (action !== undefined && action !== 'block-url' && !isGone(row.message, row.mailbox)) {
      const text = action === 'tag-message' || action === 'label-message' ? policy.actions.tag : null
      steps.add(
        action,
        [row.message, row.mailbox],
        { ...people.copyOf(row.message, row.mailbox), url: row.url, text },
        row.message,
        { rule: row.clause, text: { key: 'plan.reason.newly', params: said } },
        evidence,
      )
    }
    if (action !== undefined)
      steps.add(
        'block-url',
        [row.url],
        { url: row.url },
        verdict?.urlEntity ?? null,
        {
          rule: row.clause,
          text: { key: 'plan.reason.block', params: said },
        },
        { messages: [row.message] },
      )
  }
  for (const row of run.noLongerMatching) {
    if (!row.restored) continue
    steps.add(
      'restore-message',
      [row.message, row.mailbox],
      { ...people.copyOf(row.message, row.mailbox), url: row.url },
      row.message,
      { rule: row.clause, text: { key: 'plan.reason.restore', params: { url: row.url } } },
      { messages: [row.message] },
    )
  }
}

function addExposure(steps: Steps, people: People, row: Exposed, policy: Policy): void {
  const account = people.accountOf(row)
  const key = row.user ?? account
  const evidence = { messages: [row.message], relations: row.relations, events: row.events }
  const message = row.message.name
  const isReached = row.clickedAt !== null || row.executedAt !== null
  if (row.clickedAt !== null) {
    const reason = {
      rule: people.ruleOf(row.relations, 'link.') ?? 'link.opened',
      text: { key: 'plan.reason.clicked', params: { recipient: row.recipient, at: row.clickedAt, message } },
    }
    steps.add('reset-account', [key], { account }, row.user, reason, evidence)
    steps.add('revoke-sessions', [key], { account }, row.user, reason, evidence)
  }
  if (row.executedAt !== null && row.endpoint !== null) {
    steps.add(
      'isolate-endpoint',
      [row.endpoint],
      { endpoint: row.endpoint.name },
      row.endpoint,
      {
        rule: people.ruleOf(row.relations, 'file.') ?? 'file.opened',
        text: {
          key: 'plan.reason.ran',
          params: { endpoint: row.endpoint.name, at: row.executedAt, message },
        },
      },
      evidence,
    )
  }
  if (
    isReached ||
    row.passedOn.length > 0 ||
    (policy.notifications.users.enabled && row.removedAt === null)
  ) {
    const text = isReached
      ? 'plan.reason.touched'
      : row.passedOn.length > 0
        ? 'plan.reason.passedOn'
        : 'plan.reason.notify'
    steps.add(
      'notify-user',
      [key, row.message],
      { account, mailbox: row.recipient, subject: message },
      row.user,
      { rule: 'W71', text: { key: text, params: { recipient: row.recipient, message } } },
      evidence,
    )
  }
  const since = [row.clickedAt, row.executedAt].filter((at) => at !== null).sort()[0]
  if (row.user === null || since === undefined) return
  for (const rule of people.inboxRulesOf(row.user, Date.parse(since) * 1000)) {
    if (rule.target === null || /^(?:remove|disable)/i.test(rule.action ?? '')) continue
    steps.add(
      'remove-inbox-rule',
      [key, rule.target],
      { account, mailbox: row.recipient, inboxRule: rule.target },
      row.user,
      {
        rule: 'link.opened',
        text: { key: 'plan.reason.inboxRule', params: { rule: rule.target, at: toIso(rule.at) } },
      },
      { messages: [row.message], events: [String(rule.id)] },
    )
  }
}
