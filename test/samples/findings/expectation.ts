import type { Finds } from './find.ts'

/** One thing that a sample's name, folder, manifest or scenario description says it holds. */
export interface Expectation {
  /** In our own words. */
  readonly what: string
  readonly isFound: (finds: Finds) => boolean
}
/** A sample, or samples that belong together, in a case of their own. */
export interface SampleCase {
  readonly name: string
  /** Relative to the samples' folder. */
  readonly paths: readonly string[]
  /** ATT&CK ids of its folder or description; empty where it gives none. */
  readonly attack: readonly string[]
  readonly expects: readonly Expectation[]
  /** What keeps the rest from being found, where that is known. */
  readonly note?: string
}

/** A relation of the kind whose ends have these names. */
export const relation =
  (kind: string, from: RegExp = /./, to: RegExp = /./) =>
  ({ relations }: Finds): boolean =>
    relations.some((one) => one.kind === kind && from.test(one.from) && to.test(one.to))

/** A detection `rule.what`, about a subject of this name. */
export const detection =
  (name: RegExp, subject: RegExp = /./) =>
  ({ detections }: Finds): boolean =>
    detections.some((one) => name.test(`${one.rule}.${one.what}`) && subject.test(one.subject))

export const either =
  (...checks: readonly ((finds: Finds) => boolean)[]) =>
  (finds: Finds): boolean =>
    checks.some((check) => check(finds))
