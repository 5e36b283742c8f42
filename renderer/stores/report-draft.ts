import { z } from 'zod'
import { ReportSettings, TextBlock } from '../../core/contract/nouns/report.ts'

// Compiled checks would need `unsafe-eval`, which the page's policy refuses.
z.config({ jitless: true })

const Ids = z.array(z.string().max(60)).max(500)
/** Longer than what can be saved: a text that is too long is what its author has to shorten, not to lose. */
const Prose = z.string().max(200_000)

/**
 * What was set on the report screen and is not saved with the case yet, as the desk keeps it over a reload. It is read from a case
 * that somebody else may have made: whatever does not fit is no draft.
 */
export const ReportDraft = z.object({
  fields: z.object({
    title: Prose,
    client: Prose,
    authors: Prose,
    version: Prose,
    distribution: Prose,
    classification: Prose,
    questions: Prose,
    scope: Prose,
  }),
  paper: z.enum(['A4', 'Letter']),
  language: z.string().max(40).nullable(),
  order: Ids,
  sectionsOff: Ids,
  options: ReportSettings.shape.options,
  blocks: z.array(TextBlock.extend({ text: Prose })).max(500),
  withoutFigures: z.array(z.string().max(40)).max(1000),
  redaction: z.object({
    users: z.boolean(),
    endpoints: z.boolean(),
    addresses: z.enum(['none', 'own', 'all']),
    terms: z.array(z.string().max(2000)).max(2000),
  }),
})
export type ReportDraft = z.infer<typeof ReportDraft>
