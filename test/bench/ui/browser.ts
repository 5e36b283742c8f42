import type { Page } from 'playwright-core'

/** Work of the main thread the browser itself calls long. */
export interface LongTasks {
  readonly longest: number
  readonly count: number
}

/** Notes every task of the page above 50 ms; `take` answers with those since it was asked last. */
export async function watchTasks(page: Page): Promise<() => Promise<LongTasks>> {
  await page.evaluate(() => {
    const noted: number[] = []
    Reflect.set(window, 'longTasks', noted)
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.push(entry.duration)
    }).observe({ entryTypes: ['longtask'] })
  })
  return async () => {
    const durations = await page.evaluate(() => (Reflect.get(window, 'longTasks') as number[]).splice(0))
    return { longest: Math.max(0, ...durations), count: durations.length }
  }
}

/** Bytes of JavaScript the page holds after the garbage was collected. */
export async function heapBytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  try {
    await session.send('HeapProfiler.enable')
    await session.send('HeapProfiler.collectGarbage')
    const { usedSize } = await session.send('Runtime.getHeapUsage')
    return usedSize
  } finally {
    await session.detach()
  }
}

/** Growth per minute of a line through the figures (least squares). */
export function slope(points: readonly { readonly minute: number; readonly bytes: number }[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(points.map(({ minute }) => minute))
  const y = mean(points.map(({ bytes }) => bytes))
  const above = points.reduce((sum, { minute, bytes }) => sum + (minute - x) * (bytes - y), 0)
  const below = points.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0)
  return below === 0 ? 0 : above / below
}
