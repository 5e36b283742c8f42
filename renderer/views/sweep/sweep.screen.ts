import { ScanSearch } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import SweepScreen from './sweep-screen.vue'

export default {
  id: 'sweep',
  order: 80,
  icon: ScanSearch,
  component: SweepScreen,
  shortcut: 's',
} satisfies Screen
