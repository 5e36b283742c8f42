import { classify } from './classify.ts'
import type { IndicatorReader } from './indicator-reader.ts'
import { isKindNotHeld } from './kind-words.ts'

/** A line of a hosts file or of an ad-block list: the name is what counts. */
const HOSTS_LINE = /^(?:0\.0\.0\.0|127\.0\.0\.1|::1?)\s+(\S+)/
const ADBLOCK_LINE = /^\|\|([^\s^/]+)\^/

/** A line that names a kind such as `mutex:` was understood; any other one was not. */
const whyNot = (line: string): 'kind' | 'unrecognised' =>
  isKindNotHeld(/^([a-z][a-z0-9 -]{1,24}?)\s*[:=~]/i.exec(line)?.[1] ?? '') ? 'kind' : 'unrecognised'

const plainList: IndicatorReader = {
  id: 'plain-list',
  texts: {
    en: {
      title: 'List, one indicator per line',
      description:
        'Hashes, addresses, networks, domains, URLs, mail addresses, file names, paths and registry keys, told by their shape, defanged or not. A kind may stand before the value: file-name:evil.exe, command-line~-enc (~ contains). # begins a comment.',
    },
    'zh-TW': {
      title: '清單，每行一個指標',
      description:
        '依形式辨識雜湊、位址、網路、網域、URL、電子郵件地址、檔名、路徑與登錄機碼，去活化與否皆可。值之前可註明種類：file-name:evil.exe、command-line~-enc（~ 表示包含）。# 之後為註解。',
    },
    ja: {
      title: '一覧（1 行に 1 つのインジケーター）',
      description:
        'ハッシュ、アドレス、ネットワーク、ドメイン、URL、メールアドレス、ファイル名、パス、レジストリキーを形で判別します。無害化された表記も読めます。値の前に種類を書けます：file-name:evil.exe、command-line~-enc（~ は「含む」）。# 以降は注釈です。',
    },
  },
  detect: () => 0.05,
  read(text, list) {
    const nodes = []
    for (const line of text.split(/\r\n|\r|\n/)) {
      const [written = '', ...comment] = line.split(/(?:^|\s)(?:#|;|\/\/)\s?/)
      const value = (HOSTS_LINE.exec(written)?.[1] ?? ADBLOCK_LINE.exec(written)?.[1] ?? written).trim()
      if (value === '' || value === 'localhost') continue
      const found = classify(value)
      const title = comment.join(' ').trim()
      nodes.push(
        found === undefined
          ? list.addUnsupported(value, title, whyNot(value))
          : list.add(found.kind, found.value, { operator: found.operator, title }),
      )
    }
    // Prose is no list: where no line is an indicator by its shape, none is.
    return { nodes: list.indicators.some((one) => one.kind !== null) ? nodes : [] }
  },
}
export default plainList
