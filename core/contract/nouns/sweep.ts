import { z } from 'zod'
import { command, job, query } from '../define.ts'
import { INDICATOR_KINDS, INDICATOR_OPERATORS } from '../../model/indicator.ts'
import { Count, EntityRef, Id, IsoTime, Nothing, PageInput, pageOf, Source, TextRef } from '../shapes.ts'

export const IndicatorKindShape = z.enum(INDICATOR_KINDS)
export const IndicatorOperatorShape = z.enum(INDICATOR_OPERATORS)

/** One pattern to look for. What cannot be looked for stays in the list, with the reason (F12: struck through). */
export const Indicator = z.object({
  /** Unique in its criteria. */
  id: z.string().min(1).max(40),
  /** Null when it speaks of something that exports do not hold. */
  kind: IndicatorKindShape.nullable(),
  operator: IndicatorOperatorShape,
  /** As compared: refanged, trimmed. Of a Sigma rule its title. */
  value: z.string().max(20_000),
  /** What its source says it is: name of the threat, comment, the term of OpenIOC. */
  title: z.string().max(1000),
  supported: z.boolean(),
  /** Why it is not supported, or what to know about how it is compared. */
  why: TextRef.nullable(),
  /** The Sigma rule itself, as YAML. */
  body: z.string().max(200_000).nullable(),
})
export type Indicator = z.infer<typeof Indicator>

/** How indicators belong together: any of them, or all of them at one place (an endpoint, or a mailbox). */
export interface CriteriaNode {
  readonly indicator?: string | undefined
  readonly any?: readonly CriteriaNode[] | undefined
  readonly all?: readonly CriteriaNode[] | undefined
}
export const CriteriaNode: z.ZodType<CriteriaNode> = z.lazy(() =>
  z.union([
    z.strictObject({ indicator: z.string().max(40) }),
    // A list names many of its indicators more than once.
    z.strictObject({ any: z.array(CriteriaNode).max(1_000_000) }),
    z.strictObject({ all: z.array(CriteriaNode).max(10_000) }),
  ]),
)

/** What is looked for: read from a file or typed, saved under a name, run again later (F9-F12). */
export const SweepCriteria = z.object({
  name: z.string().min(1).max(300),
  /** Id of the format it was read from; `typed` when the analyst wrote it. */
  format: z.string().max(60),
  indicators: z.array(Indicator).min(1).max(100_000),
  tree: CriteriaNode,
})
export type SweepCriteria = z.infer<typeof SweepCriteria>

export const SweepCounts = z.object({
  indicators: Count,
  supported: Count,
  /** Indicators with at least one sighting. */
  matched: Count,
  sightings: Count,
  endpoints: Count,
  users: Count,
  messages: Count,
})

export const SweepRun = z.object({
  id: Id,
  at: IsoTime,
  name: z.string(),
  from: IsoTime.nullable(),
  to: IsoTime.nullable(),
  counts: SweepCounts,
})
export type SweepRun = z.infer<typeof SweepRun>

export const SweepIndicatorRow = Indicator.extend({
  sightings: Count,
  /** Only the first of very many are kept; this many are. */
  kept: Count,
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
})

/** Match table (F15): one row per endpoint, or per user where mail or cloud logs name no endpoint. */
export const SweepMatch = z.object({
  entity: EntityRef,
  addresses: z.array(z.string()),
  operatingSystem: z.string().nullable(),
  users: z.array(EntityRef),
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  occurrences: Count,
  indicators: z.array(z.string()),
})

export const Sighting = z.object({
  id: Id,
  indicator: z.string(),
  at: IsoTime.nullable(),
  /** Endpoint, user or mailbox it was seen at; null when the record names none. */
  entity: EntityRef.nullable(),
  user: EntityRef.nullable(),
  event: Id.nullable(),
  /**
   * Public name of the field that held it (`process.command_line`), with `.decoded` behind it where it stands in the script an encoded
   * command brings along; or `name` for a name of an entity.
   */
  field: z.string(),
  /** The text in which it was found, around that where it is longer than 300 characters. */
  value: z.string(),
  source: Source,
})
export type Sighting = z.infer<typeof Sighting>

/** Entities a chain marks as matched; a sweep for a common word could name every one of a case. */
export const MAX_MATCHED = 5000

const Text = z.string().max(11 * 1024 * 1024)

export const sweepMethods = {
  'sweep.formats': query(
    Nothing,
    z.array(z.object({ id: z.string(), title: TextRef, description: TextRef })),
  ),
  /**
   * Reads indicators from text or granted files (the vendor takes 200 at a time, F11); nothing is stored. Fanged or defanged is all one.
   * @throws `sweep.invalid`, `sweep.unrecognised`
   */
  'sweep.read': query(
    z.strictObject({
      text: Text.nullish(),
      grants: z.array(z.string()).max(200).nullish(),
      name: z.string().min(1).max(300).nullish(),
      format: z.string().max(60).nullish(),
      /** For lists that do not say themselves how their lines belong together. */
      operator: z.enum(['any', 'all']).default('any'),
    }),
    SweepCriteria.extend({ counts: z.object({ indicators: Count, supported: Count }) }),
  ),
  /** Looks for the criteria in everything stored, within a period; the run is kept. */
  'sweep.run': job(
    z.strictObject({ criteria: SweepCriteria, from: IsoTime.nullish(), to: IsoTime.nullish() }),
    SweepRun,
  ),
  'sweep.runs': query(Nothing, z.array(SweepRun)),
  'sweep.get': query(
    z.strictObject({ id: Id }),
    SweepRun.extend({
      criteria: SweepCriteria,
      indicators: z.array(SweepIndicatorRow),
      matches: z.array(SweepMatch),
    }),
  ),
  'sweep.sightings': query(
    PageInput.extend({ id: Id, indicator: z.string().max(40).nullish(), entityId: Id.nullish() }),
    pageOf(Sighting),
  ),
  /**
   * Entities that a run matched, or all runs without `id`: where it was seen (an endpoint, else a message, mailbox or user) and the objects
   * that carry what was found (files, URLs, processes, ...). As `matched` of `chain.around` takes them: at most {@link MAX_MATCHED}, with the
   * number there are.
   * @throws `request.not_found`
   */
  'sweep.matched': query(
    z.strictObject({ id: Id.nullish() }),
    z.object({ ids: z.array(Id).max(MAX_MATCHED), total: Count }),
  ),
  'sweep.remove': command(z.strictObject({ id: Id }), Nothing),
  /** Saved criteria (F10). The same name is replaced. */
  'sweep.saved': query(
    Nothing,
    z.array(z.object({ id: Id, name: z.string(), at: IsoTime, format: z.string(), indicators: Count })),
  ),
  'sweep.load': query(z.strictObject({ id: Id }), SweepCriteria),
  'sweep.save': command(z.strictObject({ criteria: SweepCriteria }), z.object({ id: Id })),
  'sweep.forget': command(z.strictObject({ id: Id }), Nothing),
} as const
