import type { CampaignRow } from '../../../core/contract/nouns/mail.ts'
import { RISK_LEVELS } from '../../../core/model/verdict.ts'
import { getClient } from '../../client/client.ts'
import type { MailCampaign, MailState } from '../../stores/mail.ts'
import { defangAddress } from '../../text/defang.ts'
import { toVisible } from '../../text/visible.ts'

const isText = (value: unknown): value is string => typeof value === 'string'
const KINDS = ['url', 'attachment', 'sender'] as const
const ORDERS = ['newest', 'oldest', 'risk'] as const

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

/** A campaign as it is called today; null: there is none of that name any more. */
export async function campaignNamed(named: MailState['campaign']): Promise<MailCampaign | null> {
  if (named === null) return null
  const [found] = (await getClient().call('mail.campaigns', { named })).rows
  return found ? toCampaign(found) : null
}
export const toCampaign = ({
  by,
  value,
  name,
}: Pick<CampaignRow, 'by' | 'value' | 'name'>): MailCampaign => ({
  by,
  value,
  label: toVisible(by === 'url' ? defangAddress(name) : name),
})
