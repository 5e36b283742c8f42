import type { EntityRef, TextRef } from '../contract/shapes.ts'
import type { DetectionLevel } from '../model/detection.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import type { People } from './plan-people.ts'
import type { Steps } from './plan-steps.ts'

const detections = `SELECT d.id, d.rule, d.what, d.level, d.first_at AS at, d.reason, u.id AS user, u.name, s.kind AS subjectKind, s.name AS subject
  FROM detection d JOIN entity s ON s.id = d.subject_id
  JOIN (SELECT id AS detection, subject_id AS entity FROM detection UNION SELECT detection_id, entity_id FROM detection_entity) i
    ON i.detection = d.id JOIN entity u ON u.id = i.entity AND u.kind = 'user'
  WHERE d.rule IN ('cloud.odd-sign-in', 'mailbox.change', 'mailbox.access', 'cloud.app-change', 'cloud.mass-download',
    'mail.internal-phishing', 'mail.judged') AND d.first_at IS NOT NULL ORDER BY d.first_at, d.id, u.key`
const proofs =
  'SELECT event_id FROM detection_proof WHERE detection_id = ? AND event_id IS NOT NULL ORDER BY position'

interface Row {
  readonly id: number
  readonly rule: string
  readonly what: string
  readonly level: DetectionLevel
  readonly at: number
  readonly reason: string
  readonly user: number
  readonly name: string
  readonly subjectKind: string
  readonly subject: string
}

/** The sign-in is written down a little after what it allowed. */
const CLOCK_US = 300_000_000

const GRAVE: ReadonlySet<DetectionLevel> = new Set(['high', 'critical'])
const OF_NOTE: ReadonlySet<DetectionLevel> = new Set(['medium', 'high', 'critical'])

/** What says that an account is in other hands, by the rule: the sentence of the plan for it. */
const SIGNS: Readonly<Record<string, string>> = {
  'cloud.odd-sign-in': 'plan.reason.takenSignIn',
  'mailbox.access': 'plan.reason.takenRead',
  'mailbox.change': 'plan.reason.takenChange',
  'cloud.app-change': 'plan.reason.takenChange',
  'cloud.mass-download': 'plan.reason.takenDownload',
  'mail.internal-phishing': 'plan.reason.takenSentOn',
  'mail.judged': 'plan.reason.takenJudged',
}

/** What an intruder set up that a new password does not undo. */
const LEFT_BEHIND: Readonly<Record<string, string>> = {
  'forward-outside': 'plan.reason.undoForwarding',
  'access-granted': 'plan.reason.undoAccess',
  'app-consent': 'plan.reason.undoConsent',
  'app-credentials': 'plan.reason.undoSecret',
  'app-created': 'plan.reason.undoApp',
  'app-owner': 'plan.reason.undoOwner',
  'sign-in-protection-changed': 'plan.reason.undoMethod',
  'device-registered': 'plan.reason.undoDevice',
}

const textOf = (row: Row): TextRef => JSON.parse(row.reason) as TextRef

/** Done after an odd sign-in, as the rule says. */
const isAfterOdd = (row: Row): boolean => /(?:^|[._])odd$/.test(textOf(row).key)

/** By itself it may be a journey or a VPN; beside what only an intruder does it says since when. */
const isOddSignIn = (row: Row): boolean => row.rule === 'cloud.odd-sign-in' && OF_NOTE.has(row.level)

function isTaken(row: Row): boolean {
  switch (row.rule) {
    case 'mail.judged':
      return row.what === 'judged-clicked' && GRAVE.has(row.level)
    case 'mail.internal-phishing':
    case 'cloud.odd-sign-in':
      return GRAVE.has(row.level)
    case 'mailbox.access':
      return GRAVE.has(row.level)
    case 'mailbox.change':
      // Administrators forward mail; a rule that hides letters about money is made by nobody else.
      return (
        (row.what === 'hiding-rule' && GRAVE.has(row.level)) || (isAfterOdd(row) && OF_NOTE.has(row.level))
      )
    default:
      return isAfterOdd(row) && OF_NOTE.has(row.level)
  }
}

/**
 * Steps for accounts that findings say are in other hands: sessions revoked, a new password, the inbox rules made since removed by
 * name. What else was set up since (forwarding, rights to a mailbox, consent of an application and its secrets, a sign-in method, a device)
 * stands with the password: a new one does not undo it, and no step of its own exists for it.
 */
export function addTakenAccounts(db: ReadStore, steps: Steps, people: People): void {
  const rows = db.prepare(detections).all() as Row[]
  const events = db.prepare(proofs).pluck()
  for (const [id, own] of Map.groupBy(rows, (row) => row.user)) {
    if (!own.some(isTaken)) continue
    const signs = own.filter((row) => isTaken(row) || isOddSignIn(row))
    const [first] = signs
    const user = people.find(id)
    if (!first || user === null) continue
    const account = people.accountOf({ user, recipient: user.name })
    const add = (action: 'reset-account' | 'revoke-sessions', row: Row, text: TextRef): void =>
      steps.add(
        action,
        [user],
        { account },
        user,
        { rule: row.rule, text },
        {
          events: (events.all(row.id) as number[]).map(String),
        },
      )
    for (const row of signs) {
      const text = { key: SIGNS[row.rule] ?? '', params: { account, at: toIso(row.at) } }
      add('revoke-sessions', row, text)
      add('reset-account', row, text)
    }
    const since = first.at - CLOCK_US
    for (const row of own)
      if (row.at >= since && LEFT_BEHIND[row.what] !== undefined)
        add('reset-account', row, {
          key: LEFT_BEHIND[row.what] ?? '',
          params: { what: leftOf(row), mailbox: row.subject, at: toIso(row.at) },
        })
    addInboxRules(steps, people, { user, account, first, since })
  }
}

/** The part of the finding that names it: where mail goes, who got rights, which application or method. */
function leftOf(row: Row): string {
  const { params } = textOf(row)
  const name = params['target'] ?? params['how'] ?? params['action'] ?? '?'
  return row.what === 'sign-in-protection-changed' ? String(params['action'] ?? name) : String(name)
}

function addInboxRules(
  steps: Steps,
  people: People,
  taken: { readonly user: EntityRef; readonly account: string; readonly first: Row; readonly since: number },
): void {
  const { user, account, first, since } = taken
  for (const rule of people.inboxRulesOf(user, since)) {
    if (rule.target === null || /^(?:remove|disable)/i.test(rule.action ?? '')) continue
    steps.add(
      'remove-inbox-rule',
      [user, rule.target],
      { account, mailbox: account, inboxRule: rule.target },
      user,
      {
        rule: first.rule,
        text: {
          key: 'plan.reason.inboxRuleTaken',
          params: { rule: rule.target, at: toIso(rule.at), since: toIso(first.at) },
        },
      },
      { events: [String(rule.id)] },
    )
  }
}
