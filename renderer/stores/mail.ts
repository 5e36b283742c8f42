import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { RiskLevel } from '../../core/model/verdict.ts'

/** What the messages of a campaign share. */
export type CampaignKind = 'url' | 'attachment' | 'sender'

/** What the Mail screen shows; kept while other screens are open. */
export const useMailStore = defineStore('mail', () => {
  const text = ref('')
  const risk = ref<RiskLevel | ''>('')
  const touchedOnly = ref(false)
  const order = ref<'newest' | 'oldest' | 'risk'>('risk')
  const messageId = ref<string | null>(null)
  /** Messages of one campaign; null shows all. */
  const campaign = shallowRef<{
    readonly label: string
    readonly messageIds: ReadonlySet<string>
    readonly by: CampaignKind
    readonly value: string
  } | null>(null)
  function clear(): void {
    text.value = ''
    risk.value = ''
    touchedOnly.value = false
    order.value = 'risk'
    messageId.value = null
    campaign.value = null
  }
  return { clear, text, risk, touchedOnly, order, messageId, campaign }
})
