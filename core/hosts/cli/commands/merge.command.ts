import { MERGE_CHOICES, type MergeChoice, type MergeSide } from '../../../contract/nouns/merge.ts'
import type { ResultOf } from '../../../contract/types.ts'
import type { Command, ExitCode, Invocation } from '../command.ts'
import { quiet } from '../defang.ts'
import { casePath } from '../invocation-path.ts'
import { runJob } from '../job.ts'
import { readJsonFile } from '../json-file.ts'
import { usageError } from '../options.ts'

/** Differences that words show; the document has them all. */
const SHOWN = 200

const command: Command = {
  id: 'merge',
  order: 149,
  usage: 'CASE [OTHER_CASE | undo MERGE]',
  arguments: { min: 1, max: 3 },
  options: {
    by: { type: 'string', value: 'NAME' },
    'dry-run': { type: 'boolean' },
    prefer: { type: 'string', value: 'SIDE' },
    resolve: { type: 'string', value: 'FILE' },
    evidence: { type: 'string', value: 'FOLDER', multiple: true },
    without: { type: 'string', value: 'PART', multiple: true },
  },
  texts: {
    en: {
      summary:
        'bring a colleague’s work on the same evidence into the case; without OTHER_CASE the merges so far are listed',
      'option.by': 'what the colleague is called in marks and decisions (default: name of the file)',
      'option.dry-run':
        'only compare; with --json the document can be given to --resolve once its "choices" are filled in',
      'option.prefer': 'mine or theirs: settles every conflict that --resolve does not',
      'option.resolve': 'JSON file with "choices": conflict to mine, theirs or both',
      'option.evidence': 'folder with originals that only the colleague has; imported first; may be repeated',
      'option.without':
        'a kind of work that is not brought: mark, view, added, identity, plan, policy, pack, sweep or report; may be repeated',
      choices: '"choices" in {file} must say mine, theirs or both for each conflict.',
      evidence: 'Evidence files in both: {both}, only here: {mine}, only there: {theirs}',
      missing: 'only there: {name} (SHA-256 {sha256}); give its folder with --evidence',
      imported: 'imported: {name}',
      shared: 'Both logs begin with the same {shared} of {entries} entries.',
      part: '{name}: {add} new, {change} changed, {remove} taken away, {conflict} in conflict, {same} alike, {kept} kept as here',
      mine: 'here',
      theirs: 'there',
      absent: 'not there',
      'action.add': 'NEW',
      'action.change': 'CHANGED',
      'action.remove': 'GONE',
      'action.conflict': 'CONFLICT',
      more: 'and {count} more; see --json',
      unreadable: 'Left out, not written by Redthread: {item} ({problem})',
      dry: 'Nothing was written.',
      done: 'Merge {merge}. Changes: {changed}. Conflicts settled: {settled}. Take it back with: merge CASE undo {merge}',
      nothing: 'There was nothing to bring. Nothing was written.',
      correlate: 'Run "correlate" for relations to follow.',
      undone: 'Changes taken back: {restored}. Changed since, so they stay: {left}.',
      listed: '{at}  {by}  {file}  changes: {items}',
      taken: 'taken back {at}',
      none: 'No merges.',
    },
    'zh-TW': {
      summary: '將同事對相同證據的工作成果合併到案件；未指定 OTHER_CASE 時列出先前的合併',
      'option.by': '同事在標記與決定中的稱呼（預設為檔案名稱）',
      'option.dry-run': '僅比對；搭配 --json 時，填妥文件中的「choices」後即可交給 --resolve',
      'option.prefer': 'mine 或 theirs：解決 --resolve 未涵蓋的所有衝突',
      'option.resolve': '含「choices」的 JSON 檔案：各衝突對應 mine、theirs 或 both',
      'option.evidence': '存放僅同事擁有之原始檔案的資料夾，會先行匯入；可重複指定',
      'option.without':
        '不合併的工作種類：mark、view、added、identity、plan、policy、pack、sweep 或 report；可重複指定',
      choices: '{file} 的「choices」必須為每個衝突指定 mine、theirs 或 both。',
      evidence: '雙方皆有 {both} 個證據檔案，僅此案件有 {mine} 個，僅對方有 {theirs} 個',
      missing: '僅對方有：{name}（SHA-256 {sha256}）；請以 --evidence 指定其資料夾',
      imported: '已匯入：{name}',
      shared: '兩份稽核記錄開頭相同，共 {entries} 筆中的 {shared} 筆。',
      part: '{name}：新增 {add}、變更 {change}、移除 {remove}、衝突 {conflict}、相同 {same}、維持現狀 {kept}',
      mine: '此案件',
      theirs: '對方',
      absent: '沒有',
      'action.add': '新增',
      'action.change': '變更',
      'action.remove': '移除',
      'action.conflict': '衝突',
      more: '另有 {count} 項；請見 --json',
      unreadable: '已略過，並非 Redthread 所寫：{item}（{problem}）',
      dry: '沒有寫入任何內容。',
      done: '合併 {merge}：{changed} 項變更，已解決 {settled} 項衝突。若要撤回：merge CASE undo {merge}',
      nothing: '沒有可合併的內容。沒有寫入任何內容。',
      correlate: '請執行「correlate」讓關聯跟著更新。',
      undone: '已撤回 {restored} 項變更；{left} 項之後曾被變更，維持不變。',
      listed: '{at}  {by}  {file}  {items} 項變更',
      taken: '已於 {at} 撤回',
      none: '沒有任何合併。',
    },
    ja: {
      summary: '同じ証拠に対する同僚の作業をケースに統合する。OTHER_CASE がなければこれまでの統合を一覧表示',
      'option.by': '印や判断で同僚を示す名前 (既定はファイル名)',
      'option.dry-run': '比較だけ行う。--json の文書は「choices」を記入して --resolve に渡せる',
      'option.prefer': 'mine または theirs: --resolve で決めていない競合をすべて解決する',
      'option.resolve': '「choices」を含む JSON ファイル。競合ごとに mine、theirs、both',
      'option.evidence': '同僚だけが持つ原本のフォルダー。先に取り込む。複数指定可',
      'option.without':
        '統合しない作業の種類: mark、view、added、identity、plan、policy、pack、sweep、report。複数指定可',
      choices: '{file} の「choices」には競合ごとに mine、theirs、both のいずれかが必要です。',
      evidence: '証拠: 両方にあるもの {both} 件、こちらだけ {mine} 件、相手だけ {theirs} 件',
      missing: '相手だけ: {name} (SHA-256 {sha256})。--evidence でフォルダーを指定してください',
      imported: '取り込みました: {name}',
      shared: '両方のログは {entries} 件中、最初の {shared} 件が共通です。',
      part: '{name}: 新規 {add}、変更 {change}、削除 {remove}、競合 {conflict}、同じ {same}、こちらのまま {kept}',
      mine: 'こちら',
      theirs: '相手',
      absent: 'なし',
      'action.add': '新規',
      'action.change': '変更',
      'action.remove': '削除',
      'action.conflict': '競合',
      more: 'ほか {count} 件。--json を参照してください',
      unreadable: 'Redthread が書いたものではないため除外しました: {item} ({problem})',
      dry: '何も書き込まれていません。',
      done: '統合 {merge}: 変更 {changed} 件、解決した競合 {settled} 件。取り消すには: merge CASE undo {merge}',
      nothing: '統合するものはありませんでした。何も書き込まれていません。',
      correlate: '関係に反映するには「correlate」を実行してください。',
      undone: '{restored} 件の変更を取り消しました。{left} 件はその後変更されたためそのままです。',
      listed: '{at}  {by}  {file}  変更 {items} 件',
      taken: '{at} に取り消し',
      none: '統合はまだありません。',
    },
  },
  async run(invocation) {
    const { args, output, t, path, openCase, options } = invocation
    const [, other, id] = args
    if (other === undefined) return list(invocation)
    if (other === 'undo') return undo(invocation, id)
    if (id !== undefined) throw usageError('merge', 'usage.too_many', { usage: command.usage, extra: id })
    const by = options.text('by')
    const prefer = options.oneOf('prefer', ['mine', 'theirs'] as const)
    const { choices, fingerprint } = await readChoices(invocation)
    const { client } = await openCase()
    const grant = casePath(path(other))
    const asked = { grant, ...(by === undefined ? {} : { by }) }
    const plan = await runJob(invocation, client, 'merge.plan', asked)
    const allowed: readonly string[] = plan.parts.map(({ part }) => part)
    const unknown = options.list('without').find((part) => !allowed.includes(part))
    if (unknown !== undefined)
      throw usageError('merge', 'usage.choice', {
        option: '--without',
        value: unknown,
        allowed: allowed.join(', '),
      })
    if (!output.json) tell(invocation, plan)
    if (options.flag('dry-run')) {
      const open = plan.differences.filter(({ action }) => action === 'conflict')
      if (output.json)
        output.document({ ...plan, choices: Object.fromEntries(open.map((one) => [one.id, null])) })
      else output.line(t('cli.merge.dry'))
      return 0
    }
    const result = await runJob(invocation, client, 'merge.run', {
      ...asked,
      evidence: options.list('evidence').map(path),
      choices,
      prefer: prefer ?? null,
      without: [...options.list('without')],
      fingerprint,
    })
    if (output.json) output.document({ other: plan.other, ...result })
    else {
      for (const { name } of result.imported) output.line(t('cli.merge.imported', { name }))
      const { merge, changed, settled } = result
      output.line(merge === null ? t('cli.merge.nothing') : t('cli.merge.done', { merge, changed, settled }))
      const info = await client.call('case.info', {})
      if (info?.correlationStale === true) output.line(t('cli.merge.correlate'))
    }
    return 0
  },
}

/** What `--resolve` says; the document of a dry run, with its choices filled in, is such a file. */
async function readChoices({ options, path }: Invocation): Promise<{
  choices: Record<string, MergeChoice>
  fingerprint: string | null
}> {
  const file = options.text('resolve')
  if (file === undefined) return { choices: {}, fingerprint: null }
  const { choices, fingerprint } = await readJsonFile(path(file), 'merge')
  const wrong = () => usageError('merge', 'merge.choices', { file })
  if (typeof choices !== 'object' || choices === null || Array.isArray(choices)) throw wrong()
  const said = Object.entries(choices).flatMap(([id, word]): [string, MergeChoice][] => {
    if (word === null) return []
    const choice = MERGE_CHOICES.find((one) => one === word)
    if (choice === undefined) throw wrong()
    return [[id, choice]]
  })
  return {
    choices: Object.fromEntries(said),
    fingerprint: typeof fingerprint === 'string' ? fingerprint : null,
  }
}

const sideText = (side: MergeSide | null, absent: string): string =>
  side === null
    ? absent
    : [side.value, side.text.replaceAll('\n', ' '), `(${side.by})`].filter((part) => part !== '').join(' ')

function tell({ output, t }: Invocation, plan: ResultOf<'merge.plan'>): void {
  const { both, mineOnly, theirsOnly } = plan.evidence
  output.line(t('cli.merge.evidence', { both, mine: mineOnly.length, theirs: theirsOnly.length }))
  for (const { name, sha256 } of theirsOnly) output.line(t('cli.merge.missing', { name, sha256 }))
  const { sharedEntries: shared, auditEntries: entries } = plan.other
  output.line(t('cli.merge.shared', { shared, entries }))
  for (const { part, ...counts } of plan.parts)
    if (counts.add + counts.change + counts.remove + counts.conflict > 0)
      output.line(t('cli.merge.part', { name: t(`merge.part.${part}`), ...counts }))
  const absent = t('cli.merge.absent')
  output.table(
    plan.differences
      .slice(0, SHOWN)
      .map(({ id, action, sort, part, subject, mine, theirs }) => [
        t(`cli.merge.action.${action}`),
        id,
        part === 'plan' && sort !== 'step' ? t(`plan.action.${sort}`) : t(`merge.sort.${sort}`),
        subject.name === '' ? `${subject.kind} ${subject.id ?? ''}` : quiet(subject.name),
        `${t('cli.merge.mine')}: ${quiet(sideText(mine, absent))}`,
        `${t('cli.merge.theirs')}: ${quiet(sideText(theirs, absent))}`,
      ]),
  )
  if (plan.total > SHOWN) output.line(t('cli.merge.more', { count: plan.total - SHOWN }))
  for (const one of plan.unreadable.slice(0, SHOWN)) output.line(t('cli.merge.unreadable', { ...one }))
}

async function list({ output, t, openCase }: Invocation): Promise<ExitCode> {
  const { client } = await openCase()
  const merges = await client.call('merge.list', {})
  if (output.json) output.document({ merges })
  else if (merges.length === 0) output.line(t('cli.merge.none'))
  else
    output.table(
      merges.map(({ id, undoneAt, ...merge }) => [
        id,
        t('cli.merge.listed', { at: merge.at, by: merge.by, file: merge.file, items: merge.items }),
        undoneAt === null ? '' : t('cli.merge.taken', { at: undoneAt }),
      ]),
    )
  return 0
}

async function undo({ output, t, openCase }: Invocation, id: string | undefined): Promise<ExitCode> {
  if (id === undefined || !/^\d{1,15}$/.test(id))
    throw usageError('merge', 'usage.too_few', { usage: 'merge CASE undo MERGE' })
  const { client } = await openCase()
  const { restored, left } = await client.call('merge.undo', { id })
  if (output.json) output.document({ merge: id, restored, left })
  else output.line(t('cli.merge.undone', { restored, left }))
  return 0
}

export default command
