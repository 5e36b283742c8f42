import { defangHost, defangUrl } from '../normalise/defang.ts'
import type { Indicator } from './rows/indicators.ts'

/** The value of an indicator, not to be followed by accident unless asked for. Hashes stay as they are. */
export function quietValue({ type, value }: Pick<Indicator, 'type' | 'value'>, isLive: boolean): string {
  if (isLive) return value
  switch (type) {
    case 'url':
      return defangUrl(value)
    case 'domain':
    case 'ip':
      return defangHost(value)
    default:
      return value
  }
}

/** What indicators leave out; the same in every format that carries them. */
export const indicatorTexts = {
  left: {
    en: 'Addresses that no pack rates and no finding rests on, senders (they are often victims themselves), and hosts that programs outside of findings connected to.',
    'zh-TW':
      '沒有特徵碼套件評等、也不屬於任何發現的網址、寄件者（往往本身也是受害者），以及與發現無關的程式所連線的主機。',
    ja: 'パックが評価せず、所見にも含まれない URL、送信者（多くは被害者自身です）、所見と無関係のプログラムが接続しただけのホスト。',
  },
} as const
