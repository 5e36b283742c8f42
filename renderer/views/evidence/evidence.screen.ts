import { FileStack } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import EvidenceScreen from './evidence-screen.vue'

export default {
  id: 'evidence',
  order: 20,
  icon: FileStack,
  component: EvidenceScreen,
  shortcut: 'e',
} satisfies Screen
