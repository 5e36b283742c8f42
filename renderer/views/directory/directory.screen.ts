import { Contact } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import DirectoryScreen from './directory-screen.vue'

export default {
  id: 'directory',
  order: 90,
  icon: Contact,
  component: DirectoryScreen,
  shortcut: 'd',
} satisfies Screen
