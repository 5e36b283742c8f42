import type { Sign } from './sign.ts'

/** Kits fill in the victim, most often behind `#`, so that the page greets by name. Unsubscribe links do so in the query. */
const readerInAddress: Sign = {
  id: 'reader-in-address',
  weight: 2,
  about: 'credentials',
  texts: {
    en: { text: 'The address of a person stands in it: {found}.' },
    'zh-TW': { text: '網址含有收件者的電子郵件地址：{found}。' },
    ja: { text: 'アドレスに個人のメールアドレスが入っています：{found}' },
  },
  find({ url }) {
    const text = `${url.fragment} ${url.path}`
    return /[^\s@=/#?&:]{1,64}@[a-z0-9-]+(?:\.[a-z0-9-]+)+/i.exec(text)?.[0]
  },
}
export default readerInAddress
