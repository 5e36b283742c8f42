import { outside } from '../document.ts'
import type { Section } from '../section.ts'

export default {
  id: 'cover',
  order: 10,
  layout: 'cover',
  options: [{ id: 'technical', kind: 'flag', default: true }],
  texts: {
    en: {
      title: 'Cover',
      description: 'Case, client, classification, version, authors and distribution.',
      'option.technical': 'Print case id, time of making, tool and fingerprint',
      over: 'Investigation report',
      case: 'Case',
      client: 'Client',
      classification: 'Classification',
      authors: 'Authors',
      version: 'Version',
      distribution: 'Distribution',
      caseId: 'Case id',
      generated: 'Made at',
      generatedAt: '{time} ({zone})',
      tool: 'Made with',
      toolVersion: 'Redthread {version}',
      fingerprint: 'Fingerprint (SHA-256)',
    },
    'zh-TW': {
      title: '封面',
      description: '案件、委託單位、機密等級、版本、撰寫人與分發對象。',
      'option.technical': '列印案件識別碼、產生時間、工具與指紋',
      over: '調查報告',
      case: '案件',
      client: '委託單位',
      classification: '機密等級',
      authors: '撰寫人',
      version: '版本',
      distribution: '分發對象',
      caseId: '案件識別碼',
      generated: '產生時間',
      generatedAt: '{time}（{zone}）',
      tool: '產生工具',
      toolVersion: 'Redthread {version}',
      fingerprint: '指紋（SHA-256）',
    },
    ja: {
      title: '表紙',
      description: 'ケース、依頼者、取扱区分、版、作成者、配布先。',
      'option.technical': 'ケース ID、作成日時、ツール、フィンガープリントを印字する',
      over: '調査報告書',
      case: 'ケース',
      client: '依頼者',
      classification: '取扱区分',
      authors: '作成者',
      version: '版',
      distribution: '配布先',
      caseId: 'ケース ID',
      generated: '作成日時',
      generatedAt: '{time}（{zone}）',
      tool: '作成ツール',
      toolVersion: 'Redthread {version}',
      fingerprint: 'フィンガープリント（SHA-256）',
    },
  },
  build({ settings, case: info, generatedAt, words, time, flag }) {
    const optional = (label: string, text: string) =>
      text === '' ? [] : [{ label: words(label), value: [outside(text)] }]
    const technical = [
      { label: words('caseId'), value: [outside(info.caseId)] },
      {
        label: words('generated'),
        value: [words('generatedAt', { time: time(generatedAt), zone: info.zone })],
      },
      { label: words('tool'), value: [words('toolVersion', { version: info.toolVersion })] },
      { label: words('fingerprint'), value: [{ kind: 'fingerprint' as const }] },
    ]
    const rows = [
      ...optional('client', settings.client),
      { label: words('case'), value: [outside(info.name)] },
      ...optional('classification', settings.classification),
      ...optional('authors', settings.authors),
      ...optional('version', settings.version),
      ...optional('distribution', settings.distribution),
      ...(flag('technical') ? technical : []),
    ]
    const title = settings.title === '' ? info.name.replace(/\.redthread$/, '') : settings.title
    return Promise.resolve([{ block: 'cover', over: [words('over')], title: [outside(title)], rows }])
  },
} satisfies Section
