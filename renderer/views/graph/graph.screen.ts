import { Waypoints } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import GraphScreen from './graph-screen.vue'

export default {
  id: 'graph',
  order: 40,
  icon: Waypoints,
  component: GraphScreen,
  shortcut: 'g',
} satisfies Screen
