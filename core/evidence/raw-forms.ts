import { importers } from '../importers/registry.ts'
import { addRawForm } from '../store/raw-forms.ts'

// Importers that keep records in place render them: the store, which reads them back, knows no format.
for (const importer of importers) {
  if (importer.renderInPlace === undefined) continue
  const render = importer.renderInPlace.bind(importer)
  addRawForm(importer.id, render)
}
