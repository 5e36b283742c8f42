import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

/** Bans that each stand for an attack or a lie (STYLE.md section 5); the message names the alternative. */
const bans = [
  {
    selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML)$/]',
    message: 'Evidence is text: use textContent or a template interpolation.',
  },
  { selector: "CallExpression[callee.name='eval']", message: 'Nothing is evaluated: write a function.' },
  { selector: "NewExpression[callee.name='Function']", message: 'Nothing is evaluated: write a function.' },
  {
    selector: "MemberExpression[object.name='shell'][property.name=/^(openExternal|openPath)$/]",
    message: 'Nothing from evidence is opened: show it as text (TRUST.md 2.5).',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(prepare|exec)$/] > TemplateLiteral.arguments[expressions.length>0]',
    message: 'SQL takes bound parameters; build the text from constants outside the call.',
  },
  {
    selector: "CallExpression[callee.object.name='Object'][callee.property.name='assign']",
    message: 'Keys of evidence may be __proto__: use a Map, or a spread of a typed object.',
  },
  {
    selector:
      'CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(only|skip|todo)$/]',
    message: 'Every test runs, always.',
  },
  { selector: 'TSEnumDeclaration', message: 'Closed sets are unions of literals.' },
]

export default tseslint.config(
  {
    ignores: [
      'out/',
      'out.next/',
      'out.old/',
      'node_modules/',
      '.cache/',
      'test/fixtures/',
      'test/golden/',
      'resources/',
    ],
  },
  {
    files: ['**/*.{ts,vue,js,mjs,cjs}'],
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      'no-restricted-syntax': ['error', ...bans],
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-debugger': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'prefer-const': 'error',
      'no-var': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['tools/**'],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: {
        project: ['core', 'electron', 'renderer', 'test'].map((name) => `./tsconfig.${name}.json`),
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': [
        'error',
        { checksVoidReturn: { arguments: false, attributes: false } },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
    },
  },
  ...vue.configs['flat/essential'].map((config) => ({ ...config, files: ['**/*.vue'] })),
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.vue'] } },
    plugins: { '@typescript-eslint': tseslint.plugin },
    rules: {
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/multi-word-component-names': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
    },
  },
)
