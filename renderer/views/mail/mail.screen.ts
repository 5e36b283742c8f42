import { Mail } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import MailScreen from './mail-screen.vue'

export default { id: 'mail', order: 60, icon: Mail, component: MailScreen, shortcut: 'm' } satisfies Screen
