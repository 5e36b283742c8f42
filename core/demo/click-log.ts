import { at, toIso } from './clock.ts'
import { ATTACK } from './company.ts'
import type { DeskClick } from './noise-desks.ts'
import type { Person } from './people.ts'
import type { Story } from './story.ts'

/** One row of the click log of the mail service: who followed which link, and whether the service let it through. */
export interface LoggedClick {
  readonly at: number
  readonly person: Person
  readonly url: string
  readonly isBlocked: boolean
}

/** A day after the feed listed the link somebody back from leave tries it: the service knows it by then. */
const LATE_CLICK = at('2026-03-18 01:12:40.250')

/**
 * Clicks on links of mail as the mail service saw them: those of the story, of the readers of the newsletter (nobody judged it at the
 * click in those days), and one that was stopped. In the order of time.
 */
export function listClicks({ scene, clicks, newsletterClicks }: Story): LoggedClick[] {
  const allowed = [
    ...clicks.clicks.map((click) => ({ person: click.person, url: ATTACK.signInUrl, at: click.at })),
    ...newsletterClicks.map(({ person, url, at: clickedAt }: DeskClick) => ({ person, url, at: clickedAt })),
  ].map((click): LoggedClick => ({ ...click, isBlocked: false }))
  const late = { person: scene.cast.sensorless, url: ATTACK.signInUrl, at: LATE_CLICK, isBlocked: true }
  return [...allowed, late].sort((a, b) => a.at - b.at || (a.person.upn < b.person.upn ? -1 : 1))
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
