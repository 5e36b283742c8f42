import { ChartGantt } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import TimelineScreen from './timeline-screen.vue'

export default {
  id: 'timeline',
  order: 50,
  icon: ChartGantt,
  component: TimelineScreen,
  shortcut: 't',
} satisfies Screen
