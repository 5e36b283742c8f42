import { createEngine } from '../../core/engine.ts'
import { contractSuite } from '../support/contract-suite.ts'

contractSuite('a direct call (command line, tests)', () => {
  const engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline', checkReplies: true })
  return Promise.resolve({
    host: 'cli' as const,
    transport: engine,
    choose: (path, access) => engine.grant(path, access),
    close: () => engine.close(),
  })
})
