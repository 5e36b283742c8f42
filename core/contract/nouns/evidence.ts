import { z } from 'zod'
import { job, query } from '../define.ts'
import { Mapping, MAPPING_KINDS } from '../../model/mapping.ts'
import { ISSUE_WEIGHTS } from '../../model/issue-weight.ts'
import { Count, Id, IsoTime, Nothing, PageInput, pageOf, TextRef } from '../shapes.ts'

/** One row of the conservation table (CLI.md, document `import`). */
export const EvidenceRow = z.object({
  id: Id,
  name: z.string(),
  /** Where it was read from; the same name may come from several folders. */
  path: z.string(),
  sha256: z.string(),
  bytes: Count,
  bytesRead: Count,
  format: z.string(),
  confidence: z.number(),
  zone: z.string(),
  zoneAssumed: z.boolean(),
  /** Endpoint that its events are of where they name none, as its collector or the analyst says. */
  endpoint: z.string().optional(),
  read: Count,
  stored: Count,
  duplicate: Count,
  rejected: Count,
  events: Count,
  messages: Count,
  directoryObjects: Count,
  issues: z.array(z.object({ code: z.string(), count: Count })),
  status: z.enum(['importing', 'done', 'done-with-rejects', 'cancelled', 'failed']),
  /** Error code when status is `failed`. */
  error: z.string().nullable(),
  seconds: z.number(),
  importedAt: IsoTime,
  /** Time span of its events, null when undated. */
  firstAt: IsoTime.nullable(),
  lastAt: IsoTime.nullable(),
  /** Newer directory snapshot of the same domain exists (S12). */
  stale: z.boolean(),
  /** Of a directory export: when its state was collected, as it says itself (null: it does not), and its largest domains. */
  directory: z
    .object({ from: IsoTime.nullable(), to: IsoTime.nullable(), domains: z.array(z.string()).readonly() })
    .optional(),
})
export type EvidenceRow = z.infer<typeof EvidenceRow>

/** A file that was not taken into the case at all (unknown format, already imported, unreadable). */
export const RefusedFile = z.object({
  name: z.string(),
  /** Where it lies: two machines have files of one name. */
  path: z.string().optional(),
  code: z.string(),
  params: z.record(z.string(), z.unknown()),
  /** Grant to import this very file again with an answer (format, mapping, password, date order); null when it is gone. */
  grant: z.string().nullable(),
})

export const ImportResult = z.object({
  case: z.string(),
  evidence: z.array(EvidenceRow),
  refused: z.array(RefusedFile),
  totals: z.object({
    files: Count,
    bytes: Count,
    read: Count,
    stored: Count,
    duplicate: Count,
    rejected: Count,
  }),
})
export type ImportResult = z.infer<typeof ImportResult>

export const IssueRow = z.object({
  id: Id,
  evidenceId: Id,
  evidenceName: z.string(),
  locator: z.string(),
  code: z.string(),
  excerpt: z.string(),
  /** Records lost by it; 0 for a remark. */
  records: Count,
  weight: z.enum(ISSUE_WEIGHTS),
  /** The record it stands at, when the case keeps one. */
  record: Count.nullable(),
})
export type IssueRow = z.infer<typeof IssueRow>

export const AuditRow = z.object({
  seq: Count,
  at: IsoTime,
  actor: z.string(),
  action: z.string(),
  /** Plain JSON details; ids, names, hashes, counts. */
  details: z.record(z.string(), z.unknown()),
  evidenceId: Id.nullable(),
  hash: z.string(),
})
export type AuditRow = z.infer<typeof AuditRow>

export const RawRecord = z.object({
  evidenceId: Id,
  evidenceName: z.string(),
  sha256: z.string(),
  record: Count,
  locator: z.string(),
  raw: z.string(),
  /** Column names that stand above the record in its file (CSV header, `#Fields:`); null when its format has none. */
  heading: z.string().nullable(),
  /** True when only the first part of the record is kept in the case. */
  truncated: z.boolean(),
  /** The same record in other evidence: the event is stored once, with all its sources. */
  alsoIn: z.array(z.object({ evidenceId: Id, evidenceName: z.string(), record: Count, locator: z.string() })),
})
export type RawRecord = z.infer<typeof RawRecord>

/** What the analyst says about files that do not tell it themselves. Passwords are never stored. */
export const ImportAnswers = {
  format: z.string().nullish(),
  zone: z.string().nullish(),
  dateOrder: z.enum(['day-first', 'month-first']).nullish(),
  mapping: Mapping.nullish(),
  /** What text is written in that is neither UTF-8 nor UTF-16 (WHATWG label, or a code page such as cp850). */
  encoding: z.string().min(1).max(40).nullish(),
  /** Endpoint that files which name none were collected from (results of KAPE modules, unknown tables). */
  endpoint: z.string().trim().min(1).max(255).nullish(),
  passwords: z.array(z.string().min(1).max(1000)).max(100).nullish(),
}

/** What detection thinks of a file before it is imported. */
export const Inspection = z.object({
  name: z.string(),
  bytes: Count,
  isArchive: z.boolean(),
  /** Parts of an archive that detection was shown; 1 for a plain file. */
  parts: Count,
  candidates: z.array(z.object({ id: z.string(), title: TextRef, confidence: z.number() })),
  /** The answer that is needed before it can be imported. */
  question: z.enum(['format', 'mapping', 'password', 'date-order']).nullable(),
})
export type Inspection = z.infer<typeof Inspection>

/** Columns and first rows of a table or of JSON records, and what a mapping makes of them. */
export const MappingPreview = z.object({
  mapping: Mapping,
  columns: z.array(z.object({ name: z.string(), examples: z.array(z.string()) })),
  /** What a row of this kind can tell, in the order an analyst reads it; `generic` takes any name. */
  targets: z.array(z.string()),
  rows: z.array(
    z.object({
      locator: z.string(),
      at: IsoTime.nullable(),
      kind: z.string(),
      /** Public field name -> value as it would be stored. */
      fields: z.record(z.string(), z.union([z.string(), z.number()])),
      issues: z.array(z.string()),
    }),
  ),
  /** Why the mapping cannot be used yet, as codes with what they name; empty when it can. */
  problems: z.array(z.object({ code: z.string(), what: z.string() })),
})
export type MappingPreview = z.infer<typeof MappingPreview>

export const evidenceMethods = {
  /** Imports files and folders (recursive). `format` overrides detection for all of them. */
  'evidence.import': job(
    z.strictObject({
      grants: z.array(z.string()).min(1).max(1000),
      ...ImportAnswers,
      /** Run identity and correlation afterwards (the screens do; the CLI leaves it to `correlate`). */
      correlate: z.boolean().default(false),
    }),
    ImportResult,
  ),
  /** Continues imports that were cut off (kill, power, disk); of `evidenceIds` also those cancelled or failed. */
  'evidence.resume': job(
    z.strictObject({ evidenceIds: z.array(Id).min(1).optional(), passwords: ImportAnswers.passwords }),
    ImportResult,
  ),
  /** Detection alone: which importers know the file, and what has to be answered first. */
  'evidence.inspect': query(z.strictObject({ grant: z.string() }), Inspection),
  /** A mapping proposed from header and first rows, with its preview. */
  'mapping.propose': query(
    z.strictObject({
      grant: z.string(),
      zone: z.string().nullish(),
      /** Propose for rows of this kind; null: the kind that fits best. */
      kind: z.enum(MAPPING_KINDS).nullish(),
      /** Of a locked archive the table is in. */
      passwords: ImportAnswers.passwords,
    }),
    MappingPreview,
  ),
  /** Mappings evidence of this case was read with, newest first. */
  'mapping.list': query(Nothing, z.array(z.object({ mapping: Mapping, evidenceName: z.string() }))),
  /** What a mapping makes of the first rows, while it is being edited. */
  'mapping.preview': query(
    z.strictObject({
      grant: z.string(),
      mapping: Mapping,
      zone: z.string().nullish(),
      passwords: ImportAnswers.passwords,
    }),
    MappingPreview,
  ),
  'evidence.list': query(Nothing, z.array(EvidenceRow)),
  'evidence.issues': query(
    PageInput.extend({
      evidenceId: Id.nullish(),
      code: z.string().nullish(),
      /** Only those that cost records, or only remarks. */
      lost: z.boolean().nullish(),
      /** Part of the locator or the excerpt. */
      text: z.string().max(200).nullish(),
      /** `weight`: what cost records first, then what is damaged, then remarks; within, and else, as they were met. */
      order: z.enum(['file', 'weight']).default('file'),
    }),
    pageOf(IssueRow),
  ),
  'evidence.remove': job(z.strictObject({ evidenceId: Id }), z.object({ removed: z.boolean() })),
  'evidence.formats': query(
    Nothing,
    z.array(z.object({ id: z.string(), title: TextRef, description: TextRef })),
  ),
  'record.get': query(z.strictObject({ evidenceId: Id, record: Count }), RawRecord),
  'audit.list': query(PageInput.extend({ evidenceId: Id.nullish() }), pageOf(AuditRow)),
  'audit.verify': query(
    Nothing,
    z.object({ ok: z.boolean(), entries: Count, head: z.string(), brokenAt: Count.nullable() }),
  ),
} as const
