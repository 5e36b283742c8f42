import { describe, expect, it } from 'vitest'
import { useFirst } from '../../../renderer/components/use-first.ts'

const many = Array.from({ length: 260 }, (_, at) => at)

describe('the first rows of a long list', () => {
  it('are some, then more, then all', () => {
    const { rows, total, hasMore, more } = useFirst(() => many)
    expect([rows.value.length, total.value, hasMore.value]).toEqual([30, 260, true])
    more()
    expect([rows.value.length, hasMore.value]).toEqual([120, true])
    more()
    expect(rows.value).toEqual(many)
    expect(hasMore.value).toBe(false)
  })

  it('are all of a short list', () => {
    const { rows, hasMore } = useFirst(() => ['a', 'b'])
    expect([rows.value, hasMore.value]).toEqual([['a', 'b'], false])
  })
})
