import { ShieldAlert } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import ReputationScreen from './reputation-screen.vue'

export default {
  id: 'reputation',
  order: 70,
  icon: ShieldAlert,
  component: ReputationScreen,
  shortcut: 'r',
} satisfies Screen
