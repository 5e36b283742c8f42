interface Buckets {
  readonly bucketSeconds: number
  readonly buckets: readonly { readonly at: string }[]
}

/** Seconds the axis spans: from the start of the first bucket to the end of the last; nothing without buckets. */
export function axisSpan(histogram: Buckets): [number, number] | undefined {
  const [first, last] = [histogram.buckets.at(0), histogram.buckets.at(-1)]
  if (!first || !last) return undefined
  return [Date.parse(first.at) / 1000, Date.parse(last.at) / 1000 + Math.max(1, histogram.bucketSeconds)]
}
