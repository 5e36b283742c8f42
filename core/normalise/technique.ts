/**
 * The technique of ATT&CK that a finding of a rule proves: its only one, or what all of its variants share (`T1021.001` and
 * `T1021.002`: `T1021`). A rule that knows several others does not say which of them it saw.
 */
export function provenTechnique(attack: readonly string[]): string | undefined {
  const [first] = attack
  if (first === undefined || attack.length === 1) return first
  const parent = first.slice(0, 5)
  return attack.every((id) => id.startsWith(parent)) ? parent : undefined
}
