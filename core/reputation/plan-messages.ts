import type { PlanAction } from '../contract/nouns/plan.ts'
import type { RetroRun } from '../contract/nouns/reputation.ts'
import type { EntityRef, TextRef } from '../contract/shapes.ts'
import type { ReadStore } from '../store/store.ts'
import { type CopyState, CopyStates, isGone } from './copy-state.ts'
import type { People } from './plan-people.ts'
import type { Steps } from './plan-steps.ts'
import type { Policy } from './policy-document.ts'
import { RecipientLists } from './recipient-list.ts'
import { Steps as RelationSteps } from './trace-relations.ts'

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

type Newly = RetroRun['newlyMatching'][number]

/** Where copies are now, as the evidence of today tells: more of it may have come in since the scan. */
class Copies {
  readonly #states: CopyStates
  readonly #lists: RecipientLists
  readonly #known = new Map<string, ReadonlyMap<string, CopyState>>()
  constructor(db: ReadStore, now: number) {
    this.#states = new CopyStates(db, now)
    this.#lists = new RecipientLists(db, now, new RelationSteps(db))
  }
  of(message: EntityRef, mailbox: string): CopyState {
    const known = this.#known.get(message.id) ?? this.#read(Number(message.id))
    this.#known.set(message.id, known)
    return known.get(mailbox) ?? this.#states.of(Number(message.id), [mailbox])
  }
  #read(message: number): ReadonlyMap<string, CopyState> {
    return new Map(
      this.#lists
        .of(message)
        .recipients.map(({ address, addresses }) => [address, this.#states.of(message, addresses)]),
    )
  }
}

/** Steps about the messages of a retro scan and about the links in them: W30 for what matches now, W31 for what does no longer. */
export function addMessages(
  db: ReadStore,
  now: number,
  policy: Policy,
  run: RetroRun,
  steps: Steps,
  people: People,
): void {
  const copies = new Copies(db, now)
  const turned = new Map(run.turned.map((row) => [row.url, row]))
  const proofs = new Map(run.exposure.map((row) => [`${row.message.id} ${row.recipient}`, row]))
  const lies = (row: Newly): boolean => !isGone(copies.of(row.message, row.mailbox).state)
  const lying = new Set(run.newlyMatching.flatMap((row) => (lies(row) ? [row.url] : [])))
  for (const row of run.newlyMatching) {
    const verdict = turned.get(row.url)
    const said = { url: row.url, level: verdict?.to ?? '', pack: verdict?.pack ?? '' }
    // What decided then and is gone from the packs since says nothing of the level of today.
    const isUnrated = verdict?.decides === 'then'
    const proof = proofs.get(`${row.message.id} ${row.mailbox}`)
    const evidence = {
      messages: [row.message],
      relations: proof?.relations ?? [],
      events: proof?.events ?? [],
    }
    const action = STEPS.get(row.action)
    if (action !== undefined && action !== 'block-url' && lies(row)) {
      const text = action === 'tag-message' || action === 'label-message' ? policy.actions.tag : null
      steps.add(
        action,
        [row.message, row.mailbox],
        { ...people.copyOf(row.message, row.mailbox), url: row.url, text },
        row.message,
        { rule: row.clause, text: reasonOf(row, isUnrated, said) },
        evidence,
      )
    }
    if (action !== undefined) {
      const key = `plan.reason.${isUnrated ? 'blockUnrated' : lying.has(row.url) ? 'block' : 'blockGone'}`
      steps.add(
        'block-url',
        [row.url],
        { url: row.url },
        verdict?.urlEntity ?? null,
        { rule: row.clause, text: { key, params: said } },
        { messages: [row.message] },
      )
    }
  }
  for (const row of run.noLongerMatching) {
    const { restored, basis, cause } = copies.of(row.message, row.mailbox).reversal(row.recordedAction)
    if (!row.restored || !restored) continue
    const text: TextRef =
      basis === 'unknown-filter'
        ? { key: 'plan.reason.restoreUnknown', params: { url: row.url } }
        : { key: 'plan.reason.restore', params: { url: row.url, cause: cause ?? '' } }
    steps.add(
      'restore-message',
      [row.message, row.mailbox],
      { ...people.copyOf(row.message, row.mailbox), url: row.url },
      row.message,
      { rule: row.clause, text },
      { messages: [row.message] },
    )
  }
}

/** W30: that it matches now; and that it did before, where only the missing record asks for the step. */
function reasonOf(row: Newly, isUnrated: boolean, said: Readonly<Record<string, string>>): TextRef {
  const key = isUnrated ? 'newlyUnrated' : row.matchedThen ? 'notTaken' : 'newly'
  return { key: `plan.reason.${key}`, params: { ...said, action: row.action } }
}
