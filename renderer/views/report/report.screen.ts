import { FileText } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import ReportScreen from './report-screen.vue'

export default {
  id: 'report',
  order: 100,
  icon: FileText,
  component: ReportScreen,
  shortcut: 'p',
} satisfies Screen
