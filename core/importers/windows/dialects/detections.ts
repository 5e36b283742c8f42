import { isObject, type JsonObject, member } from '../../json/parse-object.ts'
import { toAttack } from './attack.ts'
import type { Dialect } from './dialect.ts'
import { readEventObject } from './event-object.ts'
import { textOf } from './members.ts'

/** Tools that ran rules over event logs and ship the whole event beside the rule: chainsaw, Velociraptor's Sigma engine. */
export const detections: Dialect = (object, times) => {
  const found = eventOf(object)
  if (found === undefined) return undefined
  const rule = textOf(object, 'name', 'Title', 'RuleTitle', 'detections')
  const event = readEventObject(found, times)
  if (rule === '') return { event }
  return {
    event,
    judgement: {
      id: textOf(object, 'id', 'RuleID') || rule,
      rule,
      severity: textOf(object, 'level', 'Level') || undefined,
      technique: toAttack(member(object, 'tags') ?? member(object, 'Tags')),
    },
  }
}

/** chainsaw: `document.data.Event`; Velociraptor: `_Event` or `Event` beside `Title`. */
function eventOf(object: JsonObject): JsonObject | undefined {
  const inDocument = member(member(member(object, 'document'), 'data'), 'Event')
  for (const candidate of [inDocument, member(object, '_Event')]) {
    if (isObject(candidate) && isObject(member(candidate, 'System'))) return candidate
  }
  return undefined
}
