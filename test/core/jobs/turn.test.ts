import { describe, expect, it } from 'vitest'
import { atOnce, inTurns, type Steps } from '../../../core/jobs/turn.ts'

/** Four pieces of work of 20 ms each. */
function* busy(done: () => void): Steps<string> {
  for (let piece = 0; piece < 4; piece += 1) {
    const until = performance.now() + 20
    while (performance.now() < until);
    done()
    yield
  }
  return 'all'
}

describe('long work', () => {
  it('lets others in between its steps when it is done in turns', async () => {
    const seen: string[] = []
    const work = inTurns(busy(() => seen.push('work')))
    const other = (): void => {
      seen.push('other')
      if (seen.length < 8) setImmediate(other)
    }
    setImmediate(other)
    expect(await work).toBe('all')
    const before = seen.slice(0, seen.lastIndexOf('work'))
    expect(before.filter((one) => one === 'other').length).toBeGreaterThanOrEqual(2)
  })

  it('gives the same at once', () => {
    expect(atOnce(busy(() => undefined))).toBe('all')
  })
})
