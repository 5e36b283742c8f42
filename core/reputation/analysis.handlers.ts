import { defineHandlers } from '../jobs/handlers.ts'
import { analyseUrls, getUrlAnalysis } from './url-analysis.ts'

/** The offline analysis of untested URLs. */
export default defineHandlers({
  'url.analysis': ({ db }, input) => getUrlAnalysis(db, Number(input.id)),
  'url.analyse'(context) {
    const result = analyseUrls(context)
    // lists of URLs follow the packs
    context.changed('pack', 'audit')
    return result
  },
})
