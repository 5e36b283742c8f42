import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Rules of WCAG 2.2 A and AA that are broken, with the element; of the whole page, or of what the selector names. */
export async function violations(page: Page, within?: string): Promise<string[]> {
  await page.evaluate(axe)
  const results = await page.evaluate(async (place) => {
    const runner = Reflect.get(window, 'axe') as {
      run(context: object, options: object): Promise<AxeResults>
    }
    return await runner.run(place === undefined ? document : { include: [[place]] }, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    })
  }, within)
  expect(results.passes.length).toBeGreaterThan(within === undefined ? 10 : 3)
  return results.violations.flatMap((rule) =>
    rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`),
  )
}
