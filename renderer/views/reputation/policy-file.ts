import type { PolicyJson } from './policy-form.ts'

/** The longest lists stay far below; a larger file is something else. */
const MAX_BYTES = 4 * 1024 * 1024

/** The JSON object in a file; undefined when it is none. What it says is the engine's to judge. */
export async function readJsonFile(file: File): Promise<PolicyJson | undefined> {
  return file.size > MAX_BYTES ? undefined : readJson(await file.text())
}

/** The JSON object in a text; undefined when it is none. */
export function readJson(text: string): PolicyJson | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as PolicyJson)
      : undefined
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined
    throw thrown
  }
}

/** Hands a policy out as a file, for another case or `redthread policy CASE set`. */
export function savePolicyFile(policy: PolicyJson): void {
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(policy, null, 2) + '\n'], { type: 'application/json' }),
  )
  const name = typeof policy['name'] === 'string' ? policy['name'] : ''
  const link = document.createElement('a')
  link.href = url
  link.download = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'policy'}.policy.json`
  link.click()
  URL.revokeObjectURL(url)
}
