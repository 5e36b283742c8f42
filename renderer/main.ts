import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './app.vue'
import { chooseTransport, connect } from './client/client.ts'
import { loadPreferences } from './client/preferences.ts'
import { redeemCode } from './client/one-time-code.ts'
import { createTranslator } from './i18n/i18n.ts'
import NoToken from './frame/no-token.vue'
import { useCaseStore } from './stores/case.ts'
import { useJobStore } from './stores/jobs.ts'
import { useNavigationStore } from './stores/navigation.ts'
import { useNoticeStore } from './stores/notices.ts'
import { useSettingsStore } from './stores/settings.ts'
import { screens } from './views/registry.ts'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'

await redeemCode(window.location, window.history, window.sessionStorage)
const pinia = createPinia()
const transport = chooseTransport()
if (transport) {
  connect(transport)
  await loadPreferences((problem) => useNoticeStore(pinia).error(problem))
}

useNavigationStore(pinia).start(screens.map((screen) => screen.id))
const settings = useSettingsStore(pinia)
const translator = createTranslator(settings.language, screens)
const app = transport ? createApp(App, { translator }) : createApp(NoToken)
app.use(pinia).use(translator)
if (transport) {
  useJobStore(pinia).start()
  void useNoticeStore(pinia).guard(() => useCaseStore(pinia).start())
}
app.mount('#app')
