// What the compiler does not see. (Enums, parameter properties and unused names: tsconfig.json.)
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const ENTRIES = ['checks', 'runbooks', 'steps', 'collectors', 'alerts', 'jobs', 'slack/commands'];

const CORRECTNESS = {
  eqeqeq: 'error',
  'no-var': 'error',
  'prefer-const': 'error',
  'object-shorthand': 'error',
  'no-self-compare': 'error',
  'no-template-curly-in-string': 'error',
  'no-unreachable-loop': 'error',
};

const TYPED = {
  // An operation that nobody waits for can fail unseen, and outlive the shutdown.
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // Numbers in texts are what units.ts is for, and harmless elsewhere.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
  // A port's method may have nothing to wait for in one of its adapters.
  '@typescript-eslint/require-await': 'off',
  // By code points, which is what widths and distances are counted in.
  '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
  // A child's pipe is a socket, whatever constructor made it.
  '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
};

const SIZES = {
  'max-lines': ['error', { max: 200, skipBlankLines: false, skipComments: false }],
  'max-lines-per-function': ['error', { max: 60 }],
};

const DEFAULT_EXPORT = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Only the entries of a catalogue folder have a default export; elsewhere a name says what it is.',
};

const ENVIRONMENT_MESSAGE = 'Only src/config knows the environment; main hands it in.';

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/', '**/node_modules/']),
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      ...CORRECTNESS,
      ...TYPED,
      'max-params': ['error', 3],
      'no-restricted-syntax': ['error', DEFAULT_EXPORT],
    },
  },
  {
    files: ['**/*.{mjs,cjs}'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: CORRECTNESS,
  },
  { files: ['src/**/*.ts', 'infra/**/*.{ts,mjs}'], rules: SIZES },
  {
    files: ['src/**/*.ts'],
    rules: {
      // Logs are JSON by the logger, so that nothing is lost and secrets are taken out in one place.
      'no-console': 'error',
    },
  },
  { files: ['src/main.ts', 'src/doctor.ts', 'src/doctor/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/config/**', 'src/main.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: ENVIRONMENT_MESSAGE },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: ['process', 'node:process'].map((name) => ({
            name,
            importNames: ['env', 'default'],
            message: ENVIRONMENT_MESSAGE,
          })),
        },
      ],
    },
  },
  {
    files: ENTRIES.map((folder) => `src/${folder}/*.ts`),
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Their parts are closures, whose functions need no `this`; adapters in src may be classes.
    files: ['infra/**/*.ts', 'test/**/*.ts'],
    rules: { '@typescript-eslint/unbound-method': 'off' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // `expect.anything()` and its like are `any`; a literal snapshot knows that its first member is there.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      // A table's row is its parameters.
      'max-params': 'off',
    },
  },
);
