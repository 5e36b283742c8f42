import { defineStore } from 'pinia'
import { ref } from 'vue'

export const REPUTATION_TABS = [
  'retro',
  'plan',
  'urls',
  'packs',
  'policy',
  'clicks',
  'drafts',
  'judge',
] as const
export type ReputationTab = (typeof REPUTATION_TABS)[number]

/** Which part of the Reputation screen is open; other screens lead to one of them. */
export const useReputationStore = defineStore('reputation', () => {
  const tab = ref<ReputationTab>('retro')
  return { tab }
})
