import type { Sign } from './sign.ts'

/** International names are normal; Latin mixed with Cyrillic or Greek in one label is not, nor letters that only imitate Latin ones. */
const punycodeHost: Sign = {
  id: 'punycode-host',
  weight: 2,
  about: 'identity',
  texts: {
    en: { text: 'The host mixes alphabets or hides foreign letters: {found}.' },
    'zh-TW': { text: '主機名稱混用文字系統，或含有相似的外文字母：{found}。' },
    ja: { text: 'ホスト名に複数の文字体系または紛らわしい外国文字が使われています：{found}' },
  },
  find({ url }) {
    if (!/(?:^|\.)xn--/.test(url.url?.host ?? '')) return undefined
    const labels = url.shownHost.split('.')
    const isMixed = labels.some(
      (label) =>
        /[a-z]/.test(label) &&
        /[^\p{Script=Latin}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{M}\d-]/u.test(
          label,
        ),
    )
    const isImitation = labels.some((label) => /^[аеорсухіјѕԁһӏ]{3,}$/u.test(label))
    return isMixed || isImitation ? url.shownHost : undefined
  },
}
export default punycodeHost
