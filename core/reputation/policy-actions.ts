import type { Action, Service } from './policy-document.ts'

/** Services whose scan looks at files, not at messages. */
const FILE_ACTIONS: readonly Action[] = ['quarantine', 'delete', 'pass', 'tag-file-name']
const INLINE_OUTBOUND: readonly Action[] = ['tag-subject', 'delete', 'quarantine', 'pass', 'pass-silently']
const EXCHANGE: readonly Action[] = [...INLINE_OUTBOUND, 'move-to-junk']

/** Actions a service knows (W58; JUDGE.md, "Words"). */
export const ACTIONS_OF: Readonly<Record<Service, readonly Action[]>> = {
  'exchange-online': EXCHANGE,
  'exchange-inline-inbound': EXCHANGE,
  'exchange-inline-outbound': INLINE_OUTBOUND,
  gmail: ['label', 'move-to-spam', 'delete', 'quarantine', 'pass'],
  sharepoint: FILE_ACTIONS,
  onedrive: FILE_ACTIONS,
  teams: FILE_ACTIONS,
  box: FILE_ACTIONS,
  dropbox: FILE_ACTIONS,
  'google-drive': FILE_ACTIONS,
  salesforce: ['pass', 'quarantine', 'delete'],
  'teams-chat': ['block', 'pass'],
}

/** Actions for URLs of the blocked list (W49). */
export function blockedActionsOf(service: Service): readonly Action[] {
  switch (service) {
    case 'gmail':
      return ['label', 'delete', 'quarantine']
    case 'salesforce':
      return ['pass', 'quarantine', 'delete']
    case 'teams-chat':
      return ['block']
    default:
      return ['quarantine', 'delete']
  }
}

const SEVEREST_FIRST: readonly (readonly Action[])[] = [
  ['delete'],
  ['quarantine'],
  ['block'],
  ['move-to-junk', 'move-to-spam'],
  ['label', 'tag-subject', 'tag-file-name'],
  ['pass'],
  ['pass-silently'],
]
const weightOf = (action: Action): number => SEVEREST_FIRST.findIndex((group) => group.includes(action))

/** The action of a message: the severest of its URLs' (JUDGE.md, "Order"); null when there is none. */
export function severestAction(actions: Iterable<Action | null>): Action | null {
  let severest: Action | null = null
  for (const action of actions) {
    if (action !== null && (severest === null || weightOf(action) < weightOf(severest))) severest = action
  }
  return severest
}
