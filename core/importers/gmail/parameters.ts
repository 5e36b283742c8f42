import type { JsonObject } from '../json/parse-object.ts'
import { inner } from '../log/named-row.ts'

/** Parameters may hold messages of parameters; a crafted one could nest for ever. */
const MAX_DEPTH = 6
const MAX_PARAMETERS = 500

/**
 * Parameters of a Reports API event as one object: `[{name, value}, {name, messageValue: {parameter: [...]}}]` becomes
 * `{name: value, name: {...}}`.
 */
export function toObject(parameters: readonly unknown[], depth = 0): JsonObject {
  const object = Object.create(null) as Record<string, unknown>
  for (const entry of parameters.slice(0, MAX_PARAMETERS)) {
    const parameter = inner(entry)
    const name = parameter.text('name')
    if (name === undefined) continue
    const nested = parameter.value('messageValue')
    const many = parameter.list('multiMessageValue')
    if (nested !== undefined && depth < MAX_DEPTH)
      object[name] = toObject(inner(nested).list('parameter'), depth + 1)
    else if (many.length > 0 && depth < MAX_DEPTH)
      object[name] = many
        .slice(0, MAX_PARAMETERS)
        .map((one) => toObject(inner(one).list('parameter'), depth + 1))
    else object[name] = parameter.value('value', 'intValue', 'boolValue', 'multiValue', 'multiIntValue')
  }
  return object
}
