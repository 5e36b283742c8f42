import type { ReportSettings } from '../contract/nouns/report.ts'
import type { Ask } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { createContext } from './context.ts'
import { words, type BuiltSection } from './document.ts'
import { createSay } from './messages.ts'
import { sections as allSections } from './registry.ts'
import { renderReport } from './render/report-html.ts'
import type { Section } from './section.ts'

/** The sections a report prints, in its order. An unknown id is a request error, so that a typo is not a gap. */
function chooseSections(wanted: readonly string[] | null | undefined): readonly Section[] {
  if (wanted == null) return allSections
  return wanted.map((id) => {
    const section = allSections.find((candidate) => candidate.id === id)
    if (section === undefined) throw new WorkbenchError('request.not_found', { what: id })
    return section
  })
}

/**
 * Builds and renders the report of the open case. The same case and settings give the same bytes, whatever the
 * machine's language and zone.
 * @param generatedAt ISO-8601 UTC, printed as the time of the report
 * @throws WorkbenchError `case.none_open`, `request.not_found` for an unknown section or path end
 */
export async function buildReport(
  ask: Ask,
  settings: ReportSettings,
  generatedAt: string,
): Promise<{ html: string; fingerprint: string }> {
  const chosen = chooseSections(settings.sections)
  const contextOf = await createContext(ask, settings, generatedAt)
  // A section that lists what others cited must be built after them, wherever it is printed.
  const built = new Map<string, BuiltSection>()
  for (const section of [...chosen].sort((a, b) => a.order - b.order)) {
    const context = contextOf(section.id)
    const title = words(`report.${section.id}.title`)
    built.set(section.id, {
      id: section.id,
      title,
      layout: section.layout ?? 'flow',
      blocks: await section.build(context),
    })
  }
  const [others, english] = await Promise.all([
    ask('locale.messages', { lang: settings.lang }),
    ask('locale.messages', { lang: 'en' }),
  ])
  const say = createSay(allSections, settings.lang, others, english)
  const { case: info } = contextOf('cover')
  return renderReport({
    lang: settings.lang,
    paper: settings.paper,
    title: settings.title === '' ? info.name : settings.title,
    classification: settings.classification,
    caseName: info.name,
    say,
    sections: chosen.flatMap((section) => built.get(section.id) ?? []),
  })
}
