import type { SliceNode } from './slice.ts'

/** Marks of a node that are drawn as a badge at its corner: a sign in a disc, so that no colour has to tell them (3.4). */
export const BADGES = ['first-observed', 'matched'] as const
export type Badge = (typeof BADGES)[number]

/** The lines of each sign in a square of 24: a one, cross hairs. */
export const BADGE_LINES: Readonly<Record<Badge, string>> = {
  'first-observed': 'M8.5 8.5 12.3 6v12M8.6 18h7.2',
  matched: 'M12 7.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9M12 3.5v5M12 15.5v5M3.5 12h5M15.5 12h5',
}
export const BADGE_SIZE = 15

export const badgesOf = (node: Pick<SliceNode, 'marks'>): readonly Badge[] =>
  BADGES.filter((badge) => node.marks.includes(badge))

/** One badge as SVG text. */
export const badgeSvg = (badge: Badge, disc: string, ink: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24"><circle cx="12" cy="12" r="12" fill="${disc}"/><path d="${BADGE_LINES[badge]}" fill="none" stroke="${ink}" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`

/** The same as a data URI for the canvas. */
export const badgeUrl = (badge: Badge, disc: string, ink: string): string =>
  `data:image/svg+xml;utf8,${encodeURIComponent(badgeSvg(badge, disc, ink))}`
