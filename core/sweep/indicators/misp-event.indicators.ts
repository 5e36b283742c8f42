import type { CriteriaNode } from '../../contract/nouns/sweep.ts'
import { allOf, type IndicatorList, type IndicatorOptions } from './indicator-list.ts'
import type { IndicatorReader } from './indicator-reader.ts'
import { kindOfWord } from './kind-words.ts'
import { listOf, member, readJson, textOf } from './read-json.ts'
import { addSigmaRules } from './sigma-rules.ts'

/** Booleans of MISP come as booleans, `0` and `1` (formats.md D2). */
const isTrue = (value: unknown): boolean => value === true || value === 1 || value === '1'

const mispEvent: IndicatorReader = {
  id: 'misp-event',
  texts: {
    en: {
      title: 'MISP event',
      description:
        'Attributes of a MISP event and of its objects that are marked for detection (to_ids), or all of an event that marks none; composite attributes are taken apart, deleted ones left out.',
    },
    'zh-TW': {
      title: 'MISP 事件',
      description:
        'MISP 事件及其物件中標記為用於偵測（to_ids）的屬性；若事件未標記任何屬性則全部採用。複合屬性會拆開，已刪除者不計。',
    },
    ja: {
      title: 'MISP イベント',
      description:
        'MISP イベントとそのオブジェクトの属性のうち、検知用（to_ids）の印があるもの。1 つも印がなければすべて。複合属性は分解し、削除済みは除きます。',
    },
  },
  detect: (head) =>
    /^\s*[[{]/.test(head) && /"Event"\s*:/.test(head) && /"(?:Attribute|Object|info|uuid)"\s*:/.test(head)
      ? 0.95
      : 0,
  read(text, list) {
    const root = readJson(text)
    const holders = Array.isArray(root) ? root : [root, ...listOf(root, 'response')]
    const events = holders.flatMap((holder) => member(holder, 'Event') ?? [])
    const nodes: CriteriaNode[] = []
    for (const event of events) {
      const attributes = [
        ...listOf(event, 'Attribute'),
        ...listOf(event, 'Object').flatMap((object) =>
          isTrue(member(object, 'deleted')) ? [] : listOf(object, 'Attribute'),
        ),
      ]
      const living = attributes.filter((attribute) => !isTrue(member(attribute, 'deleted')))
      const marked = living.filter((attribute) => isTrue(member(attribute, 'to_ids')))
      const note = marked.length === 0 ? 'unmarked' : undefined
      for (const attribute of marked.length === 0 ? living : marked)
        nodes.push(
          ...toNodes(textOf(attribute, 'type'), textOf(attribute, 'value'), list, {
            title: textOf(attribute, 'comment'),
            note,
          }),
        )
      for (const attribute of marked.length === 0 ? [] : living)
        if (
          !isTrue(member(attribute, 'to_ids')) &&
          kindOfWord(textOf(attribute, 'type').split('|', 1).join(''))
        )
          nodes.push(
            list.addUnsupported(
              textOf(attribute, 'value'),
              [textOf(attribute, 'type'), textOf(attribute, 'comment')]
                .filter((part) => part !== '')
                .join(' '),
              'unmarked',
            ),
          )
    }
    const [first] = events
    return { name: textOf(first, 'info') || undefined, nodes }
  },
}
export default mispEvent

/** `filename|sha256` is a file told by its hash; `regkey|value` a key with its data; of `ip-dst|port` the port is left out. */
function toNodes(
  type: string,
  value: string,
  list: IndicatorList,
  options: IndicatorOptions & { readonly title: string },
): CriteriaNode[] {
  const { title } = options
  const named = (...parts: string[]) => [...parts, title].filter((part) => part !== '').join('; ')
  if (type === 'sigma') return addSigmaRules(value, title, list)
  const types = type.split('|')
  const cut = value.indexOf('|')
  const values = types.length === 2 && cut >= 0 ? [value.slice(0, cut), value.slice(cut + 1)] : [value]
  const [left = '', right = ''] = values
  const [leftType = '', rightType = ''] = types
  if (leftType === 'filename' && types.length === 2) {
    const kind = kindOfWord(rightType)
    return kind === undefined
      ? [list.addUnsupported(right, named(rightType, left), 'kind')]
      : [list.add(kind, right, { ...options, title: named(left) })]
  }
  if (type === 'regkey|value')
    return [
      allOf([
        list.add('registry', left, options),
        list.add('registry', right, { ...options, operator: 'contains' }),
      ]),
    ]
  if (type === 'domain|ip') return [list.add('domain', left, options), list.add('ip', right, options)]
  const kind = kindOfWord(leftType)
  return kind === undefined
    ? [list.addUnsupported(value, named(type), 'kind')]
    : [list.add(kind, left, options)]
}
