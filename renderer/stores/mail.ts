import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { RiskLevel } from '../../core/model/verdict.ts'

/** What the messages of a campaign share. */
export type CampaignKind = 'url' | 'attachment' | 'sender'
export interface MailCampaign {
  readonly label: string
  readonly by: CampaignKind
  readonly value: string
}
export type MailOrder = 'newest' | 'oldest' | 'risk'

/** What of the Mail screen is kept in a saved view (`view.save {screen: 'mail'}`); the report draws its figure from it. */
export interface MailState {
  readonly text: string
  readonly risk: RiskLevel | null
  readonly touchedOnly: boolean
  readonly order: MailOrder
  readonly campaign: Pick<MailCampaign, 'by' | 'value'> | null
}

/** What the Mail screen shows; kept while other screens are open. */
export const useMailStore = defineStore('mail', () => {
  const text = ref('')
  const risk = ref<RiskLevel | ''>('')
  const touchedOnly = ref(false)
  const order = ref<MailOrder>('risk')
  const messageId = ref<string | null>(null)
  /** The campaign whose messages are shown; null shows all. */
  const campaign = shallowRef<MailCampaign | null>(null)
  function clear(): void {
    text.value = ''
    risk.value = ''
    touchedOnly.value = false
    order.value = 'risk'
    messageId.value = null
    campaign.value = null
  }
  const state = (): MailState => ({
    text: text.value,
    risk: risk.value === '' ? null : risk.value,
    touchedOnly: touchedOnly.value,
    order: order.value,
    campaign: campaign.value ? { by: campaign.value.by, value: campaign.value.value } : null,
  })
  function restore(kept: MailState, messages: MailCampaign | null): void {
    text.value = kept.text
    risk.value = kept.risk ?? ''
    touchedOnly.value = kept.touchedOnly
    order.value = kept.order
    campaign.value = messages
  }
  return { clear, state, restore, text, risk, touchedOnly, order, messageId, campaign }
})
