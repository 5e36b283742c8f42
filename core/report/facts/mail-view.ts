import { z } from 'zod'
import { RiskLevelShape } from '../../contract/shapes.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { ReportContext } from '../context.ts'

const PAGE = 1000
/** As many campaigns as one question gives. */
const MAX_CAMPAIGNS = 200

/** What we need of a saved view of mail (renderer/stores/mail.ts): as `mail.list` is asked, and the campaign it is narrowed to. */
export const MailState = z.object({
  text: z.string().max(4000).default(''),
  risk: RiskLevelShape.nullish(),
  touchedOnly: z.boolean().default(false),
  campaign: z.object({ by: z.enum(['url', 'attachment', 'sender']), value: z.string().max(4000) }).nullish(),
})

export type MailState = z.output<typeof MailState>

/** The first messages of a view, oldest first, and how many there are; of a campaign those it has today. */
export async function messagesOf(
  { ask }: Pick<ReportContext, 'ask'>,
  { campaign, ...filter }: MailState,
  limit: number,
): Promise<{ rows: ResultOf<'mail.list'>['rows']; total: number }> {
  if (!campaign) {
    const { rows, total } = await ask('mail.list', { ...filter, order: 'oldest', limit })
    return { rows, total: total ?? rows.length }
  }
  const campaigns = await ask('mail.campaigns', { limit: MAX_CAMPAIGNS })
  const named = campaigns.find(({ by, value }) => by === campaign.by && value === campaign.value)
  const wanted = new Set(named?.messageIds)
  const rows: ResultOf<'mail.list'>['rows'] = []
  let cursor: string | null = wanted.size === 0 ? null : ''
  while (cursor !== null) {
    const page: ResultOf<'mail.list'> = await ask('mail.list', {
      ...filter,
      order: 'oldest',
      limit: PAGE,
      cursor: cursor === '' ? null : cursor,
    })
    rows.push(...page.rows.filter(({ id }) => wanted.has(id)))
    cursor = page.next
  }
  return { rows: rows.slice(0, limit), total: rows.length }
}
