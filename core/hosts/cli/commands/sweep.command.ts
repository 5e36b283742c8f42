import { ADDRESS_KINDS, defang, quiet } from '../defang.ts'
import type { Command } from '../command.ts'
import { runJob } from '../job.ts'
import { MAX_PAGE } from '../options.ts'

/** Nobody can follow a file name: a path with brackets in it could only not be looked for elsewhere. */
const shownValue = (kind: string | null, value: string): string =>
  kind !== null && ADDRESS_KINDS.has(kind) ? defang(value) : quiet(value)

const command: Command = {
  id: 'sweep',
  order: 145,
  usage: 'CASE INDICATOR_FILE...',
  arguments: { min: 2, max: 201 },
  options: {
    format: { type: 'string', value: 'ID' },
    'all-of': { type: 'boolean' },
    from: { type: 'string', value: 'TIME' },
    to: { type: 'string', value: 'TIME' },
    preview: { type: 'boolean' },
    limit: { type: 'string', value: 'N' },
  },
  texts: {
    en: {
      summary: 'look for indicators (lists, CSV, STIX, MISP, OpenIOC) and Sigma rules in everything stored',
      'option.format': 'format of the files (default: told by their content)',
      'option.all-of': 'an endpoint or mailbox must show all of the indicators of a list (default: any)',
      'option.from': 'only what happened at or after this time',
      'option.to': 'only what happened at or before this time',
      'option.preview': 'only show what would be looked for, and what cannot be',
      'option.limit': 'sightings to print (default 100)',
      read: '{name}: indicators: {indicators}, looked for: {supported}',
      unsupported: 'not looked for',
      counts:
        'Indicators matched: {matched} of {supported}. Sightings: {sightings}, endpoints: {endpoints}, users: {users}, messages: {messages}.',
      kept: '{indicator}: only the first {kept} of {sightings} sightings are kept',
    },
    'zh-TW': {
      summary: '在所有已儲存的資料中搜尋指標（清單、CSV、STIX、MISP、OpenIOC）與 Sigma 規則',
      'option.format': '檔案格式（預設依內容判斷）',
      'option.all-of': '端點或信箱必須出現清單中的所有指標（預設為任一）',
      'option.from': '只搜尋此時間（含）之後發生的',
      'option.to': '只搜尋此時間（含）之前發生的',
      'option.preview': '只顯示會搜尋與無法搜尋的指標',
      'option.limit': '列出的出現紀錄筆數（預設 100）',
      read: '{name}：{indicators} 個指標，搜尋其中 {supported} 個',
      unsupported: '未搜尋',
      counts:
        '符合 {supported} 個指標中的 {matched} 個。出現紀錄 {sightings} 筆，端點 {endpoints}、使用者 {users}、郵件 {messages}。',
      kept: '{indicator}：{sightings} 筆出現紀錄中只保留最前面的 {kept} 筆',
    },
    ja: {
      summary: '保存されたすべてからインジケーター (一覧、CSV、STIX、MISP、OpenIOC) と Sigma ルールを探す',
      'option.format': 'ファイルの形式 (既定は内容から判断)',
      'option.all-of':
        '一覧のすべてのインジケーターが 1 つのエンドポイントかメールボックスに現れること (既定はいずれか)',
      'option.from': 'この時刻以降に起きたものだけ',
      'option.to': 'この時刻以前に起きたものだけ',
      'option.preview': '探すものと探せないものだけを表示する',
      'option.limit': '表示する出現の件数 (既定 100)',
      read: '{name}: インジケーター {indicators} 件、うち {supported} 件を探します',
      unsupported: '対象外',
      counts:
        'インジケーター {supported} 件中 {matched} 件が一致。出現 {sightings} 件、エンドポイント {endpoints} 台、ユーザー {users} 人、メール {messages} 通。',
      kept: '{indicator}: 出現 {sightings} 件のうち最初の {kept} 件だけを保持しています',
    },
  },
  async run(invocation) {
    const { args, options, output, t, path, openCase } = invocation
    const limit = options.integer('limit', 1, MAX_PAGE) ?? 100
    const { client } = await openCase()
    await invocation.loadTexts()
    const { counts: read, ...criteria } = await client.call('sweep.read', {
      grants: args.slice(1).map(path),
      format: options.text('format') ?? null,
      operator: options.flag('all-of') ? 'all' : 'any',
    })
    const shown = criteria.indicators.map(({ id, kind, operator, value, title, supported, why }) => ({
      id,
      kind,
      operator,
      value,
      title,
      supported,
      why: why === null ? null : t(why.key, why.params),
    }))
    output.note(t('cli.sweep.read', { name: criteria.name, ...read }))
    if (options.flag('preview')) {
      if (output.json)
        output.document({ name: criteria.name, format: criteria.format, indicators: shown, counts: read })
      else
        output.table(
          shown.map((one) => [
            one.supported ? (one.kind ?? '-') : t('cli.sweep.unsupported'),
            one.operator,
            shownValue(one.kind, one.value),
            one.why ?? quiet(one.title),
          ]),
        )
      return 0
    }
    const run = await runJob(invocation, client, 'sweep.run', {
      criteria,
      from: options.text('from') ?? null,
      to: options.text('to') ?? null,
    })
    const page = await client.call('sweep.sightings', { id: run.id, limit })
    if (output.json) {
      output.document({
        run: { id: run.id, at: run.at, name: run.name, from: run.from, to: run.to },
        indicators: shown,
        sightings: page.rows,
        total: page.total,
        next: page.next,
        counts: run.counts,
      })
      return 0
    }
    const { indicators, matches } = await client.call('sweep.get', { id: run.id })
    const byId = new Map(indicators.map((one) => [one.id, one]))
    output.line(t('cli.sweep.counts', run.counts))
    output.table(
      matches.map((row) => [
        quiet(row.entity.name),
        row.addresses.join(' ') || '-',
        row.users.map((user) => user.name).join(', ') || '-',
        row.firstAt ?? '-',
        String(row.occurrences),
      ]),
    )
    output.table(
      page.rows.map((row) => [
        row.at ?? '-',
        quiet(row.entity?.name ?? '-'),
        byId.get(row.indicator)?.kind ?? '-',
        shownValue(byId.get(row.indicator)?.kind ?? null, byId.get(row.indicator)?.value ?? row.indicator),
        row.field,
        shownValue(byId.get(row.indicator)?.kind ?? null, row.value),
        row.source.locator,
      ]),
    )
    for (const one of indicators)
      if (one.kept < one.sightings)
        output.note(
          t('cli.sweep.kept', {
            indicator: shownValue(one.kind, one.value),
            kept: one.kept,
            sightings: one.sightings,
          }),
        )
    return 0
  },
}

export default command
