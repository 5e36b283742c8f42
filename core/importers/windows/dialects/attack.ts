/** A rule names a handful of techniques; a crafted list must not become a field of megabytes. */
const MAX_TECHNIQUES = 40
/** Nothing of that kind stands deeper than rule.threat[].technique[].subtechnique[].id. */
const MAX_DEPTH = 8

/**
 * ATT&CK ids anywhere in a value (`["attack.t1059.001"]`, `"T1059 ¦ T1021"`, Elastic's nested lists), upper case, each
 * once, joined by a blank; tactics (`TA0002`) only where no technique is named.
 */
export function toAttack(value: unknown): string | undefined {
  const techniques = new Set<string>()
  const tactics = new Set<string>()
  collect(value, techniques, tactics, 0)
  const ids = techniques.size > 0 ? techniques : tactics
  return ids.size === 0 ? undefined : [...ids].slice(0, MAX_TECHNIQUES).join(' ')
}

function collect(value: unknown, techniques: Set<string>, tactics: Set<string>, depth: number): void {
  if (typeof value === 'string') {
    for (const match of value.matchAll(/(?<![a-z0-9])T(?:A\d{4}|\d{4}(?:\.\d{3})?)(?![0-9a-z])/gi)) {
      const id = match[0].toUpperCase()
      const into = id.startsWith('TA') ? tactics : techniques
      if (into.size < MAX_TECHNIQUES) into.add(id)
    }
  } else if (typeof value === 'object' && value !== null && depth < MAX_DEPTH) {
    for (const inner of Object.values(value)) collect(inner, techniques, tactics, depth + 1)
  }
}
