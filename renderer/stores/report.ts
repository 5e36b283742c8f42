import { defineStore } from 'pinia'
import { computed, reactive, ref } from 'vue'
import type { InputOf } from '../../core/contract/types.ts'
import { useGraphStore } from './graph.ts'
import { useSettingsStore } from './settings.ts'

/** The report being put together: chosen sections and settings, kept while other screens are open. */
export const useReportStore = defineStore('report', () => {
  const settings = useSettingsStore()
  const graph = useGraphStore()
  const fields = reactive({ title: '', client: '', authors: '', classification: 'TLP:AMBER' })
  const paper = ref<'A4' | 'Letter'>('A4')
  /** Null follows the language of the screen. */
  const language = ref<string | null>(null)
  const sectionsOff = ref<ReadonlySet<string>>(new Set())
  const followsGraph = ref(true)

  /** What the engine is asked, given the section ids in their order. */
  const input = computed(() => (sectionIds: readonly string[]): InputOf<'report.preview'> => ({
    lang: language.value ?? settings.language,
    paper: paper.value,
    sections: sectionIds.filter((id) => !sectionsOff.value.has(id)),
    ...fields,
    from: followsGraph.value && graph.paths.length > 0 ? graph.from : null,
    to: followsGraph.value && graph.paths.length > 0 ? graph.to : null,
  }))
  function toggle(id: string): void {
    const next = new Set(sectionsOff.value)
    if (!next.delete(id)) next.add(id)
    sectionsOff.value = next
  }
  return { fields, paper, language, sectionsOff, followsGraph, input, toggle }
})
