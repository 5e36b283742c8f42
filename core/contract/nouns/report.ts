import { z } from 'zod'
import { query, readingJob } from '../define.ts'
import { Count, IsoTime, Nothing, TextRef } from '../shapes.ts'

export const ReportSettings = z.object({
  lang: z.string().default('en'),
  paper: z.enum(['A4', 'Letter']).default('A4'),
  /** Section ids in order; null = all in default order. */
  sections: z.array(z.string()).nullish(),
  title: z.string().max(300).default(''),
  client: z.string().max(300).default(''),
  authors: z.string().max(300).default(''),
  classification: z.string().max(60).default('TLP:AMBER'),
  /** Entity arguments of the path the narrative tells; null = the best suggestion. */
  from: z.string().nullish(),
  to: z.string().nullish(),
  /** Fixes the printed time (SOURCE_DATE_EPOCH); null = now. */
  generatedAt: IsoTime.nullish(),
})
export type ReportSettings = z.infer<typeof ReportSettings>

export const reportMethods = {
  'report.sections': query(
    Nothing,
    z.array(z.object({ id: z.string(), order: z.number(), title: TextRef, description: TextRef })),
  ),
  /** The whole report as one self-contained HTML text, for preview. */
  'report.preview': query(ReportSettings, z.object({ html: z.string(), sha256: z.string() })),
  /** Writes the report. PDF needs the machine's Chromium/Chrome/Edge, or the desktop host's own printing. */
  'report.write': readingJob(
    ReportSettings.extend({ grant: z.string(), format: z.enum(['html', 'pdf']) }),
    z.object({
      path: z.string(),
      bytes: Count,
      sha256: z.string(),
      format: z.enum(['html', 'pdf']),
      printedBy: z.string().nullable(),
    }),
  ),
} as const
