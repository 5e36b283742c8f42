import { BookOpenText } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import StoryScreen from './story-screen.vue'

export default {
  id: 'story',
  order: 30,
  icon: BookOpenText,
  component: StoryScreen,
  shortcut: 'n',
} satisfies Screen
