import type { Exporter } from './exporter.ts'
import { listTechniques } from './rows/techniques.ts'
import { safeJson } from './text/safe-text.ts'

/** Version of the layer format this follows (attack-navigator, layers/spec). */
const LAYER = '4.5'
/** Oldest Navigator that reads it. */
const NAVIGATOR = '4.9.0'

export default {
  id: 'attack-navigator',
  extension: 'json',
  mediaType: 'application/json',
  reads: [],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'ATT&CK Navigator layer',
      description:
        'Techniques that alerts name or that rules of correlation stand for; the score is how often.',
      left: 'Tactics, and techniques nothing in the case speaks for.',
    },
    'zh-TW': {
      title: 'ATT&CK Navigator 圖層',
      description: '警示所指明或關聯規則所代表的技術；分數為出現次數。',
      left: '戰術，以及案件中沒有任何依據的技術。',
    },
    ja: {
      title: 'ATT&CK Navigator レイヤー',
      description: 'アラートが示す、または相関ルールが表すテクニック。スコアは出現回数です。',
      left: '戦術、およびケース内に根拠のないテクニック。',
    },
  },
  async *write(source) {
    const techniques = await listTechniques(source)
    const highest = techniques.reduce((most, { events, relations }) => Math.max(most, events + relations), 0)
    yield `${safeJson({
      name: source.caseName.replace(/\.redthread$/, ''),
      versions: { navigator: NAVIGATOR, layer: LAYER },
      domain: 'enterprise-attack',
      description: `Techniques of ${source.caseName}, by how many events and relations speak for them.`,
      sorting: 3,
      layout: {
        layout: 'side',
        aggregateFunction: 'sum',
        showID: true,
        showName: true,
        showAggregateScores: true,
      },
      hideDisabled: false,
      techniques: techniques.map(({ id, events, relations, rules }) => ({
        techniqueID: id,
        score: events + relations,
        enabled: true,
        showSubtechniques: true,
        comment: [
          ...(events > 0 ? [`${events} events name it`] : []),
          ...(relations > 0 ? [`${relations} relations of ${rules.join(', ')}`] : []),
        ].join('; '),
      })),
      gradient: { colors: ['#fdecea', '#c0392b'], minValue: 0, maxValue: Math.max(1, highest) },
      legendItems: [],
      selectTechniquesAcrossTactics: true,
      selectSubtechniquesWithParent: false,
    })}\n`
  },
} satisfies Exporter
