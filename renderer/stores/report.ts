import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import type { InputOf, ReplyOf } from '../../core/contract/types.ts'
import { getClient } from '../client/client.ts'
import { useCaseStore } from './case.ts'
import { useGraphStore } from './graph.ts'
import type { ReportDraft } from './report-draft.ts'
import { useSettingsStore } from './settings.ts'

type Settings = NonNullable<ReplyOf<'report.settings'>['settings']>
type Sections = ReplyOf<'report.sections'>
type Template = ReplyOf<'report.templates'>[number]
type Value = Settings['options'][string][string]

/** A report as it lies on disk. */
export interface WrittenReport {
  readonly caseId: string
  readonly name: string
  readonly path: string
  readonly at: string
  readonly sha256: string
  /** Whether its digest stands in the audit log: not when the case was open read-only. */
  readonly isLogged: boolean
}

const emptyFields = () => ({
  title: '',
  client: '',
  authors: '',
  version: '',
  distribution: '',
  classification: 'TLP:AMBER',
  questions: '',
  scope: '',
})
const noRedaction = (): Settings['redaction'] => ({
  users: false,
  endpoints: false,
  addresses: 'none',
  terms: [],
})

/** The report being put together: sections in their order, options, texts and settings, kept while other screens are open. */
export const useReportStore = defineStore('report', () => {
  const settings = useSettingsStore()
  const graph = useGraphStore()
  const fields = reactive(emptyFields())
  const paper = ref<'A4' | 'Letter'>('A4')
  /** Null follows the language of the screen. */
  const language = ref<string | null>(null)
  /** Section ids in printing order, those left out among them; empty: the default order. */
  const order = ref<readonly string[]>([])
  const sectionsOff = ref<ReadonlySet<string>>(new Set())
  const options = ref<Settings['options']>({})
  const blocks = ref<Settings['blocks']>([])
  const withoutFigures = ref<readonly string[]>([])
  const redaction = ref(noRedaction())
  const followsGraph = ref(true)
  /** The section changed last: the preview shows it, not the cover again. */
  const touched = ref<string | null>(null)
  /** The file written last; a preview is no file, and has no digest that anybody could compare. */
  const written = shallowRef<WrittenReport | null>(null)
  /** What the case is handed over as; it stays chosen while other screens are open. */
  const handOverAs = ref('stix')
  /** Case whose saved settings were read; another case brings its own. */
  const loadedFor = ref<string | null>(null)
  /** What was not saved when the window closed last: the desk has it, and it is shown as soon as the settings are read. */
  const left = shallowRef<ReportDraft | null>(null)
  /** The settings as the case has them. */
  const asSaved = ref('')

  /** Sections as they will be printed: the analyst's order, new ones where their default place is. */
  function ordered(sections: Sections): Sections {
    const byDefault = [...sections].sort((a, b) => a.order - b.order)
    const known = order.value.flatMap((id) => byDefault.find((section) => section.id === id) ?? [])
    const rest = byDefault.filter((section) => !order.value.includes(section.id))
    return known.length === 0 ? byDefault : [...known, ...rest]
  }

  /** What the engine is asked, given the section ids in their order. */
  const input = computed(() => (sectionIds: readonly string[]): InputOf<'report.preview'> => ({
    lang: language.value ?? settings.language,
    paper: paper.value,
    sections: sectionIds.filter((id) => !sectionsOff.value.has(id)),
    ...fields,
    options: options.value,
    blocks: blocks.value.filter((block) => block.text.trim() !== ''),
    withoutFigures: [...withoutFigures.value],
    redaction: redaction.value,
    from: followsGraph.value && graph.paths.length > 0 ? graph.from : null,
    to: followsGraph.value && graph.paths.length > 0 ? graph.to : null,
  }))

  function toggle(id: string): void {
    touched.value = id
    const next = new Set(sectionsOff.value)
    if (!next.delete(id)) next.add(id)
    sectionsOff.value = next
  }
  /** Moves a section one place up (-1) or down (1). */
  function move(sections: Sections, id: string, by: -1 | 1): void {
    const ids = ordered(sections).map((section) => section.id)
    const at = ids.indexOf(id)
    const other = ids[at + by]
    if (at === -1 || other === undefined) return
    ids[at] = other
    ids[at + by] = id
    order.value = ids
    touched.value = id
  }
  /** Puts a section where another one stands: before it when it comes from below, behind it when from above. */
  function place(sections: Sections, id: string, onto: string): void {
    const ids = ordered(sections).map((section) => section.id)
    const [from, to] = [ids.indexOf(id), ids.indexOf(onto)]
    if (from === -1 || to === -1 || from === to) return
    ids.splice(to, 0, ...ids.splice(from, 1))
    order.value = ids
    touched.value = id
  }
  const optionOf = (section: string, row: Sections[number]['options'][number]): Value =>
    options.value[section]?.[row.id] ?? row.default
  function setOption(section: string, id: string, value: Value): void {
    options.value = { ...options.value, [section]: { ...options.value[section], [id]: value } }
    touched.value = section
  }
  function addBlock(section: string): void {
    blocks.value = [...blocks.value, { section, place: 'after', text: '' }]
  }
  function useTemplate(template: Template, sections: Sections): void {
    const rest = sections.filter(({ id }) => !template.sections.includes(id)).map(({ id }) => id)
    order.value = [...template.sections, ...rest]
    sectionsOff.value = new Set(rest)
    options.value = template.options
    touched.value = null
  }

  /** Everything that can be set here, as plain JSON. */
  const everything = (): ReportDraft => ({
    fields: { ...fields },
    paper: paper.value,
    language: language.value,
    order: [...order.value],
    sectionsOff: [...sectionsOff.value].sort(),
    options: options.value,
    blocks: blocks.value,
    withoutFigures: [...withoutFigures.value],
    redaction: redaction.value,
  })
  /** What is set and not saved with the case; null: nothing. */
  const draft = computed((): ReportDraft | null => {
    if (loadedFor.value === null) return left.value
    const now = JSON.stringify(everything())
    return now === asSaved.value ? null : (JSON.parse(now) as ReportDraft)
  })
  /** Another case: it brings its own. */
  function forget(): void {
    loadedFor.value = null
    left.value = null
  }
  function put(all: ReportDraft): void {
    touched.value = null
    for (const name of Object.keys(emptyFields()) as (keyof typeof fields)[]) fields[name] = all.fields[name]
    paper.value = all.paper
    language.value = all.language
    order.value = all.order
    sectionsOff.value = new Set(all.sectionsOff)
    options.value = all.options
    blocks.value = all.blocks
    withoutFigures.value = all.withoutFigures
    redaction.value = all.redaction
  }
  function take(saved: Settings | null, sections: Sections): void {
    const chosen = saved?.sections ?? null
    const rest = chosen === null ? [] : sections.filter(({ id }) => !chosen.includes(id)).map(({ id }) => id)
    const blank = emptyFields()
    for (const name of Object.keys(blank) as (keyof typeof blank)[])
      blank[name] = saved?.[name] ?? blank[name]
    put({
      fields: blank,
      paper: saved?.paper ?? 'A4',
      language: saved?.lang ?? null,
      order: chosen === null ? [] : [...chosen, ...rest],
      sectionsOff: rest,
      options: saved?.options ?? {},
      blocks: saved?.blocks ?? [],
      withoutFigures: saved?.withoutFigures ?? [],
      redaction: saved?.redaction ?? noRedaction(),
    })
    asSaved.value = JSON.stringify(everything())
  }
  /** Reads what was saved with the case, once per case, and puts over it what was left unsaved. */
  async function load(caseId: string, sections: Sections): Promise<void> {
    if (loadedFor.value === caseId) return
    const { settings: saved } = await getClient().call('report.settings', {})
    take(saved, sections)
    if (left.value !== null) put(left.value)
    left.value = null
    loadedFor.value = caseId
  }
  /** Saves the settings with the case. @returns whether that changed anything there */
  async function save(sections: Sections): Promise<boolean> {
    const now = JSON.stringify(everything())
    const { changed } = await getClient().call(
      'report.save',
      input.value(ordered(sections).map(({ id }) => id)),
    )
    // What was typed meanwhile is not saved.
    asSaved.value = now
    return changed
  }
  /** Saves what was edited since the settings were read: the case then holds all that is to be compared with a colleague's. */
  async function keepEdits(): Promise<void> {
    const caseId = useCaseStore().info?.caseId
    if (caseId === undefined || (loadedFor.value === null && left.value === null)) return
    const sections = await getClient().call('report.sections', {})
    await load(caseId, sections)
    if (draft.value !== null) await save(sections)
  }
  /** Reads the settings again: something else wrote them, or what is not saved is given up. */
  async function reload(): Promise<void> {
    const caseId = loadedFor.value
    if (caseId === null) return
    const sections = await getClient().call('report.sections', {})
    const { settings: saved } = await getClient().call('report.settings', {})
    take(saved, sections)
  }

  return {
    fields,
    paper,
    language,
    order,
    sectionsOff,
    options,
    blocks,
    withoutFigures,
    redaction,
    followsGraph,
    touched,
    written,
    handOverAs,
    loadedFor,
    left,
    draft,
    ordered,
    input,
    toggle,
    move,
    place,
    optionOf,
    setOption,
    addBlock,
    useTemplate,
    load,
    forget,
    save,
    keepEdits,
    reload,
  }
})
