import { TestCase } from '../case-builder.ts'
import type { Scenario } from './scenario.ts'

/** Stores a scenario's evidence as the importers would, one evidence file each, and correlates it. */
export function playScenario({ world }: Scenario): TestCase {
  const testCase = new TestCase()
  for (const { name, items } of world.records.files())
    if (items.length > 0) testCase.store(items, `${name}.json`)
  const result = testCase.correlate()
  const failed = result.rules.filter((rule) => rule.error !== null)
  if (failed.length > 0) {
    testCase.close()
    throw new Error(failed.map((rule) => `${rule.id}: ${rule.error}`).join('; '))
  }
  return testCase
}
