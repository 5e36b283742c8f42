// Preloaded (`node --import`) into a Node process that then runs the BUILT out/main/main.js: `electron` is answered by
// double.mjs. It shows that our bundles do what they should against this double; it is never "runs in Electron".
import { registerHooks } from 'node:module'

const double = new URL('./double.mjs', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
})
