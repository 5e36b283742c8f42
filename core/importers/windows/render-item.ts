import type { EventItem } from '../../model/event.ts'
import { compact } from '../endpoint/values.ts'
import type { JsonMeaning } from '../json/json-records.ts'
import type { Judgement, Origin, Rendering } from './dialects/dialect.ts'
import { toEvent } from './to-event.ts'
import { eventKey } from './windows-event.ts'

/**
 * What a rendered event means. A rendering with a judgement is a record of its own beside the event itself, and two rules
 * that found one event are two: their keys name the rule, so that neither swallows the other.
 */
export function toMeaning({ event, judgement, origin }: Rendering): JsonMeaning {
  const key = eventKey(event)
  const item = placed(toEvent(event), origin)
  if (judgement === undefined) return { items: [item], key }
  return {
    items: [judged(item, judgement)],
    key: key === undefined ? undefined : `${key}|rule|${judgement.id}`,
  }
}

function placed(item: EventItem, origin: Origin | undefined): EventItem {
  if (origin?.hostId === undefined && origin?.hostIp === undefined) return item
  const { hostId, hostIp } = origin
  const fields = {
    ...compact(item.fields),
    hostId: item.fields.hostId ?? hostId,
    hostIp: item.fields.hostIp ?? hostIp,
  }
  return { ...item, fields }
}

/** The event with the rule's words; an event of no known kind is then an alert. */
function judged(item: EventItem, { rule, severity, technique }: Judgement): EventItem {
  const fields = {
    ...compact(item.fields),
    rule: rule ?? item.fields.rule,
    severity: severity ?? item.fields.severity,
    technique: technique ?? item.fields.technique,
  }
  return { ...item, kind: item.kind === 'generic' ? 'alert' : item.kind, fields }
}
