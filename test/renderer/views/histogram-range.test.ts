import { expect, it } from 'vitest'
import { axisSpan } from '../../../renderer/views/timeline/histogram-range.ts'

it('the axis spans whole buckets of the time window, so that bars stay and the last one is whole', () => {
  const at = (second: number): string => new Date(second * 1000).toISOString()
  expect(axisSpan({ bucketSeconds: 60, from: at(610), to: at(725) })).toEqual([600, 780])
  expect(axisSpan({ bucketSeconds: 0, from: at(600), to: at(600) })).toEqual([600, 601])
  expect(axisSpan({ bucketSeconds: 60, from: null, to: null })).toBeUndefined()
})
