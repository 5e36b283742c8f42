import { expect, it } from 'vitest'
import { axisSpan } from '../../../renderer/views/timeline/histogram-range.ts'

it('the axis reaches the end of the last bucket, so that its bar is whole', () => {
  const at = (second: number): { at: string } => ({ at: new Date(second * 1000).toISOString() })
  expect(axisSpan({ bucketSeconds: 60, buckets: [at(600), at(660), at(720)] })).toEqual([600, 780])
  expect(axisSpan({ bucketSeconds: 0, buckets: [at(600)] })).toEqual([600, 601])
  expect(axisSpan({ bucketSeconds: 60, buckets: [] })).toBeUndefined()
})
