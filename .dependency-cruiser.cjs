/** Who may import whom (ARCHITECTURE.md section 2). The comments are what the analyst of a red CI reads. */
const rooms = ['importers', 'correlation', 'reputation', 'graph', 'report', 'export', 'sweep']
const separateRooms = rooms.map((room) => ({
  name: `room-${room}`,
  comment: 'These rooms meet in the store, never in each other.',
  severity: 'error',
  from: { path: `^core/${room}/` },
  to: { path: `^core/(${rooms.filter((other) => other !== room).join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...separateRooms,
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'renderer-sees-the-contract-only',
      severity: 'error',
      comment: 'The renderer talks to the engine through the contract.',
      from: { path: '^renderer/' },
      to: { path: '^(core|electron)/', pathNot: '^core/(contract|model)/' },
    },
    {
      name: 'contract-is-a-leaf',
      severity: 'error',
      from: { path: '^core/contract/' },
      to: { path: '^(core|electron|renderer)/', pathNot: '^core/(contract|model)/' },
    },
    {
      name: 'model-is-a-leaf',
      severity: 'error',
      from: { path: '^core/model/' },
      to: { path: '^(core|electron|renderer)/', pathNot: '^core/model/' },
    },
    {
      name: 'importers-know-no-case',
      severity: 'error',
      comment:
        'An importer reads bytes into records. Of the store it takes what opens a database of another program (ADR 0048).',
      from: { path: '^core/importers/' },
      to: {
        path: '^core/',
        pathNot: '^core/(importers|model|normalise|locale)/|^core/store/foreign-database\\.ts$',
      },
    },
    {
      name: 'foreign-databases-are-evidence',
      severity: 'error',
      from: { path: '^(core|electron)/', pathNot: '^core/importers/' },
      to: { path: '^core/store/foreign-database\\.ts$' },
    },
    {
      name: 'local-knows-no-case',
      severity: 'error',
      comment: 'What is kept for a user on this machine is of no case.',
      from: { path: '^core/local/' },
      to: { path: '^(core|electron|renderer)/', pathNot: '^core/(local|model)/' },
    },
    {
      name: 'core-knows-no-host',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: ['^(electron|renderer)/', 'node_modules/(electron|vue|cytoscape|playwright-core)/'] },
    },
    {
      name: 'only-the-store-opens-sqlite',
      severity: 'error',
      from: { path: '^(core|electron|renderer)/', pathNot: '^core/store/' },
      to: { path: 'node_modules/better-sqlite3/' },
    },
    {
      name: 'only-the-graph-room-draws',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '^renderer/graph/' },
      to: { path: 'node_modules/(cytoscape|cytoscape-fcose|elkjs)/' },
    },
    {
      name: 'only-the-engine-composes',
      severity: 'error',
      comment: 'Hosts call the engine; they do not reach into its rooms.',
      from: { path: '^(core/hosts|electron)/' },
      to: {
        path: '^core/',
        pathNot:
          '^core/(engine\\.ts$|hosts/|contract/|model/|locale/|local/|demo/build-demo-case\\.ts$|demo/generate\\.ts$|report/print/find-browser\\.ts$)',
      },
    },
    {
      name: 'nobody-imports-the-engine-but-hosts',
      severity: 'error',
      from: { path: '^core/', pathNot: '^core/(hosts|jobs)/' },
      to: { path: '^core/engine\\.ts$' },
    },
    {
      name: 'extensions-through-their-registry',
      severity: 'error',
      comment:
        'An importer, rule or section is found by its registry (CODE.md); only its own sub-folder helps it.',
      from: { path: '^(core|electron|renderer)/', pathNot: '/registry\\.ts$' },
      to: {
        path: '\\.(importer|container|rule|section|template|exporter|indicators|command|pack|sign|plan|part|handlers|screen)\\.ts$',
      },
    },
    {
      name: 'product-needs-no-tests',
      severity: 'error',
      from: { path: '^(core|electron|renderer|tools)/' },
      to: { path: '^test/' },
    },
    {
      name: 'declared-packages-only',
      severity: 'error',
      from: { path: '^(core|electron|renderer)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'], pathNot: '^node:' },
    },
    {
      name: 'core-ships-its-packages',
      severity: 'error',
      comment: 'What core imports at run time stands in "dependencies": it is not bundled.',
      from: { path: '^(core|electron)/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/(@types|electron|@fontsource[^/]*)/',
      },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', 'out'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
