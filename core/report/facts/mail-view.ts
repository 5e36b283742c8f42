import { z } from 'zod'
import { CampaignRef } from '../../contract/nouns/mail.ts'
import { RiskLevelShape } from '../../contract/shapes.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { ReportContext } from '../context.ts'

/** What we need of a saved view of mail (renderer/stores/mail.ts): as `mail.list` is asked, and the campaign it is narrowed to. */
export const MailState = z.object({
  text: z.string().max(4000).default(''),
  risk: RiskLevelShape.nullish(),
  touchedOnly: z.boolean().default(false),
  campaign: CampaignRef.nullish(),
})

export type MailState = z.output<typeof MailState>

/** The first messages of a view, oldest first, and how many there are; of a campaign those it has today. */
export async function messagesOf(
  { ask }: Pick<ReportContext, 'ask'>,
  view: MailState,
  limit: number,
): Promise<{ rows: ResultOf<'mail.list'>['rows']; total: number }> {
  const { rows, total } = await ask('mail.list', { ...view, order: 'oldest', limit })
  return { rows, total: total ?? rows.length }
}
