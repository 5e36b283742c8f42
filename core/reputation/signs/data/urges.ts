/**
 * What buttons say that are after an account: an order and what it is about, or an order that only accounts get. Texts come with `l`
 * written as `i`, see the sign.
 */
const WORDS = [
  '(?:verify|confirm|update|review|validate|unlock|restore|reactivate|secure|recover|renew|check|keep)\\b.{0,20}\\b(?:my|your|now|account|details|wallet|identity|password|mailbox|email|settings|access|information|payment|billing|firmware|device)',
  '(?:connect|verify|import|sync|migrate) (?:my |your )?wallet',
  '(?:confirm|verify|update|sign in|log ?in|review)(?: now| here| settings| activity)?\\s*[>»→]*$',
  'claim (?:now|your|my|airdrop|reward|token)',
  '(?:release|view|retrieve|read) (?:my |your |the )?(?:pending |held |quarantined )?(?:messages|emails|voicemail|voice message|secure document|encrypted message)',
  '(?:regularizar|atualizar|confirmar|verificar|desbloquear|actualizar|liberar|recuperar|consultar|consulte|rastrear|pagar)\\b.{0,24}',
  '(?:vérifier|confirmer|mettre à jour|débloquer|réactiver|régulariser)\\b.{0,24}',
  '(?:bestätigen|aktualisieren|verifizieren|entsperren|freischalten)',
  '(?:確認する|更新する|ログイン|ご利用確認|本人確認|驗證|验证|解除限制)',
]

const URGES = new RegExp(`(?:^|\\b|\\s)(?:${WORDS.map((text) => text.replace(/l/g, 'i')).join('|')})`)

/** Whether a button says so. Capital I and small l are swapped to get past filters: `CONFlRM`. */
export const isUrging = (label: string): boolean =>
  label.length <= 120 && URGES.test(label.toLowerCase().replace(/[l|]/g, 'i'))
