import { z } from 'zod'
import { command, query, readingJob } from '../define.ts'
import { Count, Id, IsoTime, Nothing, TextRef } from '../shapes.ts'

/** Value of an option of a section: a number, a switch or a word of its choices. */
const OptionValue = z.union([z.boolean(), z.number(), z.string().max(60)])

/** The analyst's own words, beside a section. A subset of Markdown; nothing in it is markup of the report. */
export const TextBlock = z.strictObject({
  section: z.string().max(60),
  place: z.enum(['before', 'after']),
  /** Paragraphs, `#` headings, lists, quotes, **bold**, *emphasis*, `code`; `E3:12` cites record 12 of evidence 3. */
  text: z.string().max(20_000),
})
export type TextBlock = z.infer<typeof TextBlock>

/** What must not leave: names are replaced by pseudonyms that stay the same in every report of the case. */
export const Redaction = z.strictObject({
  users: z.boolean().default(false),
  endpoints: z.boolean().default(false),
  /** `own`: addresses of endpoints and mailboxes of the case and private ranges; `all`: every IP and mail address. */
  addresses: z.enum(['none', 'own', 'all']).default('none'),
  /** Replaced wherever they stand, also inside words. */
  terms: z.array(z.string().trim().min(2).max(200)).max(500).default([]),
})
export type Redaction = z.infer<typeof Redaction>

export const ReportSettings = z.object({
  lang: z.string().default('en'),
  paper: z.enum(['A4', 'Letter']).default('A4'),
  /** Section ids in order; null = all in default order. */
  sections: z.array(z.string()).nullish(),
  title: z.string().max(300).default(''),
  client: z.string().max(300).default(''),
  authors: z.string().max(300).default(''),
  version: z.string().max(60).default(''),
  distribution: z.string().max(1000).default(''),
  classification: z.string().max(60).default('TLP:AMBER'),
  /** What was asked, and what was and was not looked at: Markdown as in {@link TextBlock}. */
  scope: z.string().max(20_000).default(''),
  questions: z.string().max(20_000).default(''),
  /** Entity arguments of the path the narrative tells; null = the best suggestion. */
  from: z.string().nullish(),
  to: z.string().nullish(),
  /** Fixes the printed time (SOURCE_DATE_EPOCH); null = now. */
  generatedAt: IsoTime.nullish(),
  /** By section, then by option; what is left out has its default. */
  options: z.record(z.string(), z.record(z.string(), OptionValue)).default({}),
  blocks: z.array(TextBlock).max(100).default([]),
  /** Ids of pins whose figures are left out. */
  withoutFigures: z.array(Id).max(1000).default([]),
  redaction: Redaction.default({ users: false, endpoints: false, addresses: 'none', terms: [] }),
})
export type ReportSettings = z.infer<typeof ReportSettings>

/** An option as a section declares it; its words are `title` and, for choices, one per value. */
export const OptionRow = z.object({
  id: z.string(),
  title: TextRef,
  kind: z.enum(['number', 'flag', 'choice']),
  default: OptionValue,
  min: z.number().nullable(),
  max: z.number().nullable(),
  choices: z.array(z.object({ value: z.string(), title: TextRef })),
})
export type OptionRow = z.infer<typeof OptionRow>

/** How often something was replaced. `original` is for the eyes of the analyst: it stands in no report. */
export const RedactionCount = z.object({
  kind: z.enum(['user', 'endpoint', 'address', 'domain', 'term', 'encoded']),
  original: z.string(),
  pseudonym: z.string(),
  count: Count,
})
export type RedactionCount = z.infer<typeof RedactionCount>

export const reportMethods = {
  'report.sections': query(
    Nothing,
    z.array(
      z.object({
        id: z.string(),
        order: z.number(),
        title: TextRef,
        description: TextRef,
        /** The section whose part it is (the appendices); null for one of its own. */
        within: z.string().nullable(),
        options: z.array(OptionRow),
      }),
    ),
  ),
  /** Choices of sections and options for a purpose. */
  'report.templates': query(
    Nothing,
    z.array(
      z.object({
        id: z.string(),
        title: TextRef,
        description: TextRef,
        sections: z.array(z.string()),
        options: ReportSettings.shape.options,
      }),
    ),
  ),
  /** What was saved with the case; null: nothing yet. */
  'report.settings': query(Nothing, z.object({ settings: ReportSettings.nullable() })),
  /** Keeps the settings in the case. `changed` false: they were so already, and nothing was written. */
  'report.save': command(ReportSettings, z.object({ changed: z.boolean() })),
  /** Figures that pins bring into the report, in the order they are printed. */
  'report.figures': query(
    Nothing,
    z.array(z.object({ id: Id, section: z.string(), kind: z.string(), name: z.string(), text: z.string() })),
  ),
  /** What the redaction of these settings replaces in this report, most often replaced first. */
  'report.redaction': query(
    ReportSettings,
    z.object({
      /** Names known of each rule, and replacements made. */
      rules: z.array(z.object({ kind: RedactionCount.shape.kind, known: Count, replaced: Count })),
      /** At most 500. */
      rows: z.array(RedactionCount),
    }),
  ),
  /** The report as one self-contained HTML text, for preview: long tables are shown by their first rows (`cut`). */
  'report.preview': query(
    ReportSettings,
    z.object({ html: z.string(), sha256: z.string(), cut: z.boolean() }),
  ),
  /** Writes the report. PDF needs the machine's Chromium/Chrome/Edge, or the desktop host's own printing. */
  'report.write': readingJob(
    ReportSettings.extend({ grant: z.string(), format: z.enum(['html', 'pdf']) }),
    z.object({
      path: z.string(),
      bytes: Count,
      sha256: z.string(),
      format: z.enum(['html', 'pdf']),
      printedBy: z.string().nullable(),
      /** Pages of a PDF; null: HTML, or a browser whose files are built in a way that is not known. */
      pages: Count.nullable(),
    }),
  ),
} as const
