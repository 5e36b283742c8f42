import { RISK_LEVELS } from '../../../core/model/verdict.ts'
import { getClient } from '../../client/client.ts'
import type { MailCampaign, MailState } from '../../stores/mail.ts'
import { defangAddress } from '../../text/defang.ts'
import { toVisible } from '../../text/visible.ts'

const isText = (value: unknown): value is string => typeof value === 'string'
const KINDS = ['url', 'attachment', 'sender'] as const
const ORDERS = ['newest', 'oldest', 'risk'] as const
/** As many campaigns as one question gives. */
const MOST = 200

/** A saved view as the Mail screen takes it: whatever does not fit (another version, a changed file) is left out. */
export function readMailState(state: unknown): MailState {
  const kept = (typeof state === 'object' ? (state ?? {}) : {}) as Partial<Record<keyof MailState, unknown>>
  const campaign = (typeof kept.campaign === 'object' ? (kept.campaign ?? {}) : {}) as Partial<
    Record<'by' | 'value', unknown>
  >
  const by = KINDS.find((one) => one === campaign.by)
  return {
    text: isText(kept.text) ? kept.text.slice(0, 4000) : '',
    risk: RISK_LEVELS.find((one) => one === kept.risk) ?? null,
    touchedOnly: kept.touchedOnly === true,
    order: ORDERS.find((one) => one === kept.order) ?? 'risk',
    campaign: by !== undefined && isText(campaign.value) ? { by, value: campaign.value } : null,
  }
}

/** A campaign with the messages it has today; null: there is none of that name any more. */
export async function campaignNamed(named: MailState['campaign']): Promise<MailCampaign | null> {
  if (named === null) return null
  const all = await getClient().call('mail.campaigns', { limit: MOST })
  const found = all.find((one) => one.by === named.by && one.value === named.value)
  return found ? toCampaign(found) : null
}
export const toCampaign = (one: {
  readonly by: MailCampaign['by']
  readonly value: string
  readonly messageIds: readonly string[]
}): MailCampaign => ({
  by: one.by,
  value: one.value,
  label: toVisible(one.by === 'url' ? defangAddress(one.value) : one.value),
  messageIds: new Set(one.messageIds),
})
