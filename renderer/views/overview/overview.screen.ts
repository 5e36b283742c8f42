import { LayoutDashboard } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import OverviewScreen from './overview-screen.vue'

export default {
  id: 'overview',
  order: 10,
  icon: LayoutDashboard,
  component: OverviewScreen,
  shortcut: 'o',
} satisfies Screen
