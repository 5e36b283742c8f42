import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso, toIsoOrNull } from '../store/time.ts'
import { Exposures } from './exposure.ts'
import { addAddresses } from './plan-addresses.ts'
import { addTakenAccounts } from './plan-accounts.ts'
import { addAffected } from './plan-affected.ts'
import type { PlanFindings } from './plan-findings.ts'
import { addMessages } from './plan-messages.ts'
import { People, type Exposed } from './plan-people.ts'
import { Steps, type PlanDraft } from './plan-steps.ts'
import type { Policy } from './policy-document.ts'

/** Messages looked at whose attachments ran; the others a retro scan brings up, or nobody touched them. A document read is no attack. */
const MAX_RAN = 500
const ran = `SELECT DISTINCT m.entity_id FROM attachment a JOIN message m ON m.id = a.message
  WHERE m.entity_id IN (SELECT value FROM json_each(?)) AND a.entity_id IN (SELECT s.from_id FROM relation s JOIN relation x ON x.from_id = s.to_id
    AND x.kind = 'executed-as' WHERE s.kind = 'saved-as') ORDER BY m.entity_id LIMIT ?`

/** Messages of a retro scan, what they ask for, and accounts that findings say are in other hands. */
export interface PlanBasis {
  readonly drafts: readonly PlanDraft[]
  /** Entity ids of messages that the scan has told of. */
  readonly told: ReadonlySet<string>
}

/**
 * What follows from a retro scan: a message gets the action of the policy (W30) while its copy is still there, or is put back (W31); its
 * URL is blocked; who clicked gets a new password and new sessions, where something ran is isolated, inbox rules made since are
 * removed. The same for accounts that findings say are in other hands, with what else was set up since.
 * @param run null: no retro scan yet
 */
export function planBasis(db: ReadStore, now: number, policy: Policy, run: RetroRun | null): PlanBasis {
  const steps = new Steps(db)
  const people = new People(db)
  if (run !== null) addMessages(db, now, policy, run, steps, people)
  const exposed = run?.exposure ?? []
  for (const row of exposed) addExposure(steps, people, row, policy)
  addTakenAccounts(db, steps, people)
  return { drafts: steps.list(), told: new Set(exposed.map((row) => row.message.id)) }
}

/**
 * Steps with reason and evidence, for an analyst to approve; nothing is carried out. Beside the basis: people and endpoints that ran
 * something out of a message that something hostile came by, and what established stories ask for.
 */
export function derivePlan(
  db: ReadStore,
  now: number,
  policy: Policy,
  { drafts, told }: PlanBasis,
  findings: PlanFindings,
): PlanDraft[] {
  const steps = new Steps(db, drafts)
  const people = new People(db)
  const exposures = new Exposures(db, now, true)
  for (const id of db
    .prepare(ran)
    .pluck()
    .all(JSON.stringify([...findings.vectors].map(Number)), MAX_RAN) as number[]) {
    const message = people.find(id)
    if (message === null || told.has(String(id))) continue
    for (const trace of exposures.of(id))
      if (trace.executedAt !== null) addExposure(steps, people, toExposed(message, trace), policy)
  }
  addAffected(db, steps, people, findings)
  addAddresses(db, steps, people, findings)
  return steps.list()
}

type Trace = ReturnType<Exposures['of']>[number]

/** A person who ran something out of a message, as a retro scan would tell it. */
const toExposed = (message: EntityRef, trace: Trace): Exposed => ({
  message,
  recipient: trace.address,
  user: trace.user,
  deliveredAt: toIsoOrNull(trace.deliveredAt),
  clickedAt: toIsoOrNull(trace.clickedAt),
  executedAt: toIsoOrNull(trace.executedAt),
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
  isRecipient: trace.isRecipient,
  perhaps: [...trace.perhaps],
  relations: [...trace.relations],
  events: [...trace.events],
})

function addExposure(steps: Steps, people: People, row: Exposed, policy: Policy): void {
  const account = people.accountOf(row)
  const key = row.user ?? account
  const evidence = { messages: [row.message], relations: row.relations, events: row.events }
  const message = row.message.name
  const isReached = row.clickedAt !== null || row.executedAt !== null
  if (row.clickedAt !== null) {
    const reason = {
      rule: people.ruleOf(row.relations, 'link.') ?? 'link.opened',
      text: {
        key: row.perhaps.includes('clicked')
          ? 'plan.reason.clickedPerhaps'
          : row.isRecipient
            ? 'plan.reason.clicked'
            : 'plan.reason.clickedOutside',
        params: { recipient: row.recipient, at: row.clickedAt, message },
      },
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
          key: row.perhaps.includes('executed') ? 'plan.reason.ranPerhaps' : 'plan.reason.ran',
          params: { endpoint: row.endpoint.name, at: row.executedAt, message },
        },
      },
      evidence,
    )
  }
  if (
    isReached ||
    row.passedOn.length > 0 ||
    (policy.notifications.users.enabled && row.removedAt === null && row.isRecipient)
  ) {
    const text = isReached
      ? 'plan.reason.touched'
      : row.passedOn.length > 0
        ? 'plan.reason.passedOn'
        : 'plan.reason.notify'
    steps.add(
      'notify-user',
      [key, row.message],
      { account, mailbox: row.isRecipient ? row.recipient : null, subject: message },
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
      { account, mailbox: row.isRecipient ? row.recipient : account, inboxRule: rule.target },
      row.user,
      {
        rule: 'link.opened',
        text: { key: 'plan.reason.inboxRule', params: { rule: rule.target, at: toIso(rule.at) } },
      },
      { messages: [row.message], events: [String(rule.id)] },
    )
  }
}
