import type { StoryReason } from '../contract/nouns/story.ts'
import type { Seed, Sign } from './seed.ts'

/**
 * Most points each sign can give. With the points of the whole (below) they make 100 at most ({@link atMost}). Judgement, stated here once: what only
 * attackers do weighs most, what administrators do as well weighs little until other things stand beside it.
 */
const MOST: Readonly<Record<Sign, number>> = {
  bad_link: 10,
  click_before_sign_in: 3,
  mail_file_ran: 3,
  script_from_document: 10,
  credentials: 10,
  injection: 5,
  remote_execution: 7,
  persistence: 4,
  mailbox_changed: 3,
  detection_low: 2,
  detection_medium: 4,
  detection_high: 6,
  detection_critical: 10,
}
/** Every stage of an attack beyond the first that the story shows: what sets a chain of events apart from one odd thing. */
const PER_STAGE = 3
const MAX_STAGES = 12
const MAIL = 4
/** That a file of mail was opened, and nothing else: everybody does it every day. */
const MAIL_ALONE = 0.5
const MAYBE_MAIL = 1
const PER_ENDPOINT = 1.5
const MAX_ENDPOINTS = 4
const PER_SOURCE = 1
const MAX_SOURCES = 3
const HIGH_VALUE = 3
/** One source that runs things on three endpoints and more, and nothing else speaks for an attack: deployment looks like this. */
const ADMINISTRATION = -8
const ADMINISTRATION_FROM = 3
/** Signs lighter than this show no stage of an attack. */
const LEAST = 0.1
const MOST_OF_ALL = 100

/** Repetitions of one sign beyond this add nothing: twenty services installed are one rollout. */
const COUNTED = 3

const STAGE: Readonly<Record<Sign, string>> = {
  bad_link: 'delivery',
  click_before_sign_in: 'delivery',
  mail_file_ran: 'delivery',
  script_from_document: 'execution',
  credentials: 'credentials',
  injection: 'execution',
  remote_execution: 'movement',
  persistence: 'persistence',
  mailbox_changed: 'mailbox',
  detection_low: '',
  detection_medium: '',
  detection_high: 'detected',
  detection_critical: 'detected',
}

export interface Weighed {
  readonly seeds: readonly Seed[]
  /** `maybe`: a name or a host alone ties a mail to it. */
  readonly mail: 'none' | 'maybe' | 'likely'
  readonly endpoints: number
  readonly sources: number
  readonly isHighValue: boolean
  /** Endpoints on which something was run from afar. */
  readonly remoteTargets: number
  /** Endpoints on which one service was installed within an hour; none: 0. */
  readonly rolledOut?: number
}

/** A story that shows everything there is has more to show than the scale: the lightest reasons give way. */
function atMost(reasons: readonly StoryReason[], surplus: number): StoryReason[] {
  let left = surplus
  return reasons
    .toReversed()
    .flatMap((reason): StoryReason[] => {
      const taken = Math.min(Math.max(0, reason.weight), left)
      left = round(left - taken)
      const weight = round(reason.weight - taken)
      return weight === 0 ? [] : [{ ...reason, weight }]
    })
    .toReversed()
}

const countedWeight = (seed: Seed): number => (seed.isToldTwice === true ? 0 : seed.weight)
const round = (value: number): number => Math.round(value * 10) / 10

/** Whether there is a sign beside opened files of mail: what came by mail is then how it began. */
const speaksBesideMail = (seeds: readonly Seed[]): boolean =>
  seeds.some(
    (seed) => seed.sign !== 'mail_file_ran' && seed.sign !== 'detection_low' && countedWeight(seed) >= LEAST,
  )

/** Score with its reasons, heaviest first; the weights add up to the score. */
export function scoreStory(story: Weighed): { score: number; reasons: StoryReason[] } {
  const reasons: StoryReason[] = []
  const bySign = Map.groupBy(story.seeds, (seed) => seed.sign)
  for (const [sign, seeds] of bySign) {
    const strongest = seeds.map(countedWeight).sort((a, b) => b - a)
    const doubt = strongest.slice(0, COUNTED).reduce((left, weight) => left * (1 - weight), 1)
    const weight = round(MOST[sign] * (1 - doubt))
    if (weight > 0) reasons.push({ code: sign, params: { count: seeds.length }, weight })
  }
  const stages = new Set(
    story.seeds.filter((seed) => countedWeight(seed) >= LEAST).map((seed) => STAGE[seed.sign]),
  )
  stages.delete('')
  if (stages.size > 1)
    reasons.push({
      code: 'stages',
      params: { count: stages.size },
      weight: Math.min(MAX_STAGES, (stages.size - 1) * PER_STAGE),
    })
  if (story.mail === 'likely')
    reasons.push({
      code: 'email_vector',
      params: {},
      weight: speaksBesideMail(story.seeds) ? MAIL : MAIL_ALONE,
    })
  if (story.mail === 'maybe') reasons.push({ code: 'email_maybe', params: {}, weight: MAYBE_MAIL })
  if (story.endpoints > 1)
    reasons.push({
      code: 'endpoints',
      params: { count: story.endpoints },
      weight: round(Math.min(MAX_ENDPOINTS, (story.endpoints - 1) * PER_ENDPOINT)),
    })
  if (story.sources > 1)
    reasons.push({
      code: 'corroborated',
      params: { count: story.sources },
      weight: Math.min(MAX_SOURCES, (story.sources - 1) * PER_SOURCE),
    })
  if (story.isHighValue) reasons.push({ code: 'high_value', params: {}, weight: HIGH_VALUE })
  const speaks = story.seeds.some(
    (seed) =>
      seed.sign !== 'remote_execution' &&
      seed.sign !== 'persistence' &&
      seed.sign !== 'detection_low' &&
      seed.sign !== 'detection_medium',
  )
  const targets = Math.max(story.remoteTargets, story.rolledOut ?? 0)
  if (!speaks && targets >= ADMINISTRATION_FROM)
    reasons.push({ code: 'administration', params: { count: targets }, weight: ADMINISTRATION })
  reasons.sort((a, b) => b.weight - a.weight || (a.code < b.code ? -1 : 1))
  const sum = round(reasons.reduce((total, reason) => total + reason.weight, 0))
  if (sum > MOST_OF_ALL) return { score: MOST_OF_ALL, reasons: atMost(reasons, round(sum - MOST_OF_ALL)) }
  if (sum >= 0) return { score: sum, reasons }
  // What speaks against cannot take more than there is.
  const last = reasons.at(-1)
  return {
    score: 0,
    reasons: last ? [...reasons.slice(0, -1), { ...last, weight: round(last.weight - sum) }] : [],
  }
}
