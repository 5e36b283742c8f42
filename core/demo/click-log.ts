import { at, toIso } from './clock.ts'
import { ATTACK } from './company.ts'
import type { DeskClick } from './noise-desks.ts'
import type { Person } from './people.ts'
import type { DemoMessage } from './mail.ts'
import { LISTED } from './story-mail.ts'
import type { Story } from './story.ts'

/** One row of the click log of the mail service: who followed which link, and whether the service let it through. */
export interface LoggedClick {
  readonly at: number
  readonly person: Person
  readonly url: string
  readonly isBlocked: boolean
  /** What the demo policy would have done with it, and by which version of the feed. */
  readonly replayed: 'block' | 'warn' | 'allow' | 'not-covered'
  readonly version: '2026-03-02' | '2026-03-17' | null
}

/** A day after the feed listed the link somebody back from leave tries it: the service knows it by then. */
const LATE_CLICK = at('2026-03-18 01:12:40.250')
/** Every day work: an order on the portal of a partner whose mail is approved, a survey whose address is. */
const ORDER_CLICK = at('2026-03-09 10:41:07.120')
const SURVEY_CLICK = at('2026-03-09 13:26:51.880')

/**
 * Clicks on links of mail as the mail service saw them: those of the story, of the readers of the newsletter (nobody judged it at the
 * click in those days), of an approved sender's mail (which is not looked at), on an approved address, and one that was stopped. In the
 * order of time. The newsletter stood in the first version of the feed, the link of the attack only in the second.
 */
export function listClicks({ scene, clicks, newsletterClicks, mail }: Story): LoggedClick[] {
  const passed = { isBlocked: false, version: null }
  const reader = ({ copies }: DemoMessage): Person => {
    const found = scene.people.find((person) => copies.some((copy) => copy.mailbox === person.mail))
    if (found === undefined) throw new Error('a message nobody got')
    return found
  }
  const all: LoggedClick[] = [
    ...clicks.clicks.map(({ person, at: clickedAt }): LoggedClick => ({
      ...{ person, url: ATTACK.signInUrl, at: clickedAt },
      ...{ ...passed, replayed: 'warn' },
    })),
    ...newsletterClicks.map(({ person, url, at: clickedAt }: DeskClick): LoggedClick => ({
      ...{ person, url, at: clickedAt },
      ...{ isBlocked: false, replayed: 'block', version: '2026-03-02' },
    })),
    {
      ...{ person: reader(mail.approvedSender), url: LISTED.approvedSenderUrl, at: ORDER_CLICK },
      ...{ ...passed, replayed: 'not-covered' },
    },
    {
      ...{ person: reader(mail.approvedUrl), url: LISTED.approvedUrl, at: SURVEY_CLICK },
      ...{ ...passed, replayed: 'allow' },
    },
    {
      ...{ person: scene.cast.sensorless, url: ATTACK.signInUrl, at: LATE_CLICK },
      ...{ isBlocked: true, replayed: 'block', version: '2026-03-17' },
    },
  ]
  return all.sort((a, b) => a.at - b.at || (a.person.upn < b.person.upn ? -1 : 1))
}

/** The log as an export of the hunting table `UrlClickEvents`, one row a line. */
export const writeClickLog = (clicks: readonly LoggedClick[]): string =>
  clicks
    .map(({ at: clickedAt, person, url, isBlocked }, index) =>
      JSON.stringify({
        Timestamp: toIso(clickedAt),
        Url: url,
        ActionType: isBlocked ? 'ClickBlocked' : 'ClickAllowed',
        AccountUpn: person.upn,
        Workload: 'Email',
        NetworkMessageId: '',
        IPAddress: '',
        ThreatTypes: isBlocked ? 'Phish' : '',
        DetectionMethods: isBlocked ? '{"Phish":["URL detonation reputation"]}' : '',
        IsClickedThrough: false,
        UrlChain: JSON.stringify([url]),
        ReportId: `click-${String(index + 1).padStart(4, '0')}`,
      }),
    )
    .map((line) => `${line}\n`)
    .join('')
