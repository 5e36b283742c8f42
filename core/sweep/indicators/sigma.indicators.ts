import { WorkbenchError } from '../../model/errors.ts'
import { parseSigma } from '../sigma/parse-rule.ts'
import type { IndicatorReader } from './indicator-reader.ts'

const sigma: IndicatorReader = {
  id: 'sigma',
  texts: {
    en: {
      title: 'Sigma rules',
      description:
        'Rules over Windows, Sysmon and proxy events (specification 2.1), one or several in a file. Fields that are not stored are looked up in the raw record. Correlations, filters and aggregations are not evaluated.',
    },
    'zh-TW': {
      title: 'Sigma 規則',
      description:
        '針對 Windows、Sysmon 與代理伺服器事件的規則（規格 2.1），一個檔案可含多條。未儲存的欄位會到原始紀錄中查找。不評估關聯、篩選與彙總。',
    },
    ja: {
      title: 'Sigma ルール',
      description:
        'Windows、Sysmon、プロキシのイベントに対するルール（仕様 2.1）。1 つのファイルに複数あっても読みます。保存していないフィールドは生レコードから読みます。相関、フィルター、集計は評価しません。',
    },
  },
  detect: (head) =>
    /^\s*(?:title|detection|logsource|correlation)\s*:/m.test(head) &&
    /^\s*(?:detection|logsource|correlation)\s*:/m.test(head) &&
    !/^\s*[[{<]/.test(head)
      ? 0.95
      : 0,
  read(text, list) {
    try {
      return {
        nodes: parseSigma(text).map(({ title, id, body, unsupported }) =>
          list.addRule(title, id, body, unsupported),
        ),
      }
    } catch (cause) {
      throw new WorkbenchError(
        'sweep.invalid',
        { reason: cause instanceof Error ? cause.message.split('\n', 1).join('') : 'yaml' },
        { cause },
      )
    }
  },
}
export default sigma
