/** Words one after the other as the language writes them: `a, b` or `a、b`. */
export const joinWords = (words: readonly string[], lang: string): string =>
  words.join(/^(?:ja|zh)/u.test(lang) ? '、' : ', ')
