import type { Words } from '../model/words.ts'

/** How the graph words what an analyst added. */
const words: Words = {
  prefix: 'analyst',
  texts: {
    en: {
      entity: 'An analyst added it; no record names it.',
      relation: 'Said by the analyst: {label}. Reason: {reason}',
    },
    'zh-TW': {
      entity: '由分析師新增；沒有任何紀錄提及。',
      relation: '分析師認定：{label}。理由：{reason}',
    },
    ja: {
      entity: '分析者が追加したもので、記録には現れません。',
      relation: '分析者の判断：{label}。理由：{reason}',
    },
  },
}
export default words
