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
  reads: ['techniques'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'ATT&CK Navigator layer',
      description:
        'Techniques that alerts name or detections prove, scored by how often; those that a rule does not tell from others are switched off and have no score.',
      left: 'Tactics, and techniques nothing in the case speaks for.',
    },
    'zh-TW': {
      title: 'ATT&CK Navigator 圖層',
      description: '警示所指明或偵測所證實的技術，以次數為分數；規則無法與其他技術區分者停用且不給分數。',
      left: '戰術，以及案件中沒有任何依據的技術。',
    },
    ja: {
      title: 'ATT&CK Navigator レイヤー',
      description:
        'アラートが示す、または検知が証明するテクニック（スコアは回数）。ルールがほかと区別できないものは無効にし、スコアを付けません。',
      left: '戦術、およびケース内に根拠のないテクニック。',
    },
  },
  async *write(source) {
    const techniques = await listTechniques(source)
    const highest = techniques.reduce((most, { events, findings }) => Math.max(most, events + findings), 0)
    source.count('techniques', techniques.length)
    yield `${safeJson({
      name: source.caseName.replace(/\.redthread$/, ''),
      versions: { navigator: NAVIGATOR, layer: LAYER },
      domain: 'enterprise-attack',
      description: `Techniques of ${source.caseName}, by how many events and findings speak for them.`,
      sorting: 3,
      layout: {
        layout: 'side',
        aggregateFunction: 'sum',
        showID: true,
        showName: true,
        showAggregateScores: true,
      },
      hideDisabled: false,
      techniques: techniques.map(({ id, events, findings, rules, possible, possibleRules }) => ({
        techniqueID: id,
        // Without a score it is drawn as not counted: it would leave such traces, and others leave them too.
        ...(events + findings > 0 ? { score: events + findings } : {}),
        // Off where no record says that it is this one: a rule that stands for several does not tell which it saw.
        enabled: events + findings > 0,
        showSubtechniques: true,
        comment: [
          ...(events > 0 ? [`${events} events name it`] : []),
          ...(findings > 0
            ? [`${findings} detection${findings === 1 ? '' : 's'} of ${rules.join(', ')}`]
            : []),
          ...(possible > 0
            ? [
                `not proven: ${possible} finding${possible === 1 ? '' : 's'} of ${possibleRules.join(', ')}, where others fit as well`,
              ]
            : []),
        ].join('; '),
      })),
      gradient: { colors: ['#fdecea', '#c0392b'], minValue: 0, maxValue: Math.max(1, highest) },
      legendItems: [],
      selectTechniquesAcrossTactics: true,
      selectSubtechniquesWithParent: false,
    })}\n`
  },
} satisfies Exporter
