import { getDomain } from 'tldts'
import type { Sign } from './sign.ts'

/** Mail services count clicks in the same way; their own domains in the address are no excuse, but other signs are then absent. */
const labelDiffers: Sign = {
  id: 'label-differs',
  weight: 3,
  about: 'identity',
  texts: {
    en: { text: 'The mail shows another address than it leads to: {found}.' },
    'zh-TW': { text: '郵件顯示的網址與實際目的地不同：{found}。' },
    ja: { text: 'メールに表示されたアドレスと実際の行き先が異なります：{found}' },
  },
  find({ url }) {
    if (url.url === undefined) return undefined
    for (const label of url.labels) {
      const shown = /^\s*(?:https?:\/\/)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?#:]\S*)?\s*$/i
        .exec(label)?.[1]
        ?.toLowerCase()
      const domain = shown === undefined ? null : getDomain(shown, { allowPrivateDomains: true })
      if (
        shown !== undefined &&
        domain !== null &&
        domain !== url.domain &&
        !/\.(?:png|jpg|pdf|html?|docx?|zip)$/.test(shown)
      )
        return shown
    }
    return undefined
  },
}
export default labelDiffers
