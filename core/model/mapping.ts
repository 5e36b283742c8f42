import { z } from 'zod'

/** What one row of an unknown table is (CLI.md, mapping.json). */
export const MAPPING_KINDS = [
  'message',
  'click',
  'process',
  'file',
  'network',
  'dns',
  'logon',
  'user',
  'endpoint',
  'generic',
] as const
export type MappingKind = (typeof MAPPING_KINDS)[number]

/** Time formats with a name; anything else is a luxon pattern such as `dd/MM/yyyy HH:mm:ss`. */
export const NAMED_TIME_FORMATS = ['iso', 'epoch-s', 'epoch-ms', 'epoch-us', 'epoch-ns', 'filetime'] as const

/** A column of CSV by its header, or a member of a JSON record as `$.json.path`. */
const Source = z.string().min(1).max(500)

/**
 * mapping.json, schema 1 (CLI.md): how the rows of a CSV or the objects of JSON lines become typed records. Targets depend
 * on the kind; `core/importers/mapping/targets.ts` has them.
 */
export const Mapping = z.strictObject({
  schema: z.literal(1),
  name: z.string().min(1).max(200),
  rows: z.enum(['csv', 'jsonl']),
  /** One character; null: found out. */
  delimiter: z.string().length(1).nullish(),
  /** WHATWG label; null: found out. */
  encoding: z.string().max(40).nullish(),
  kind: z.enum(MAPPING_KINDS),
  time: z
    .strictObject({
      field: Source,
      format: z.string().min(1).max(100),
      /** IANA zone of times without one; null: the zone of the import, marked as assumed. */
      zone: z.string().max(60).nullish(),
    })
    .nullish(),
  fields: z.record(z.string().max(100), Source),
  constants: z.record(z.string().max(100), z.string().max(2000)).default({}),
})
export type Mapping = z.infer<typeof Mapping>
