import js from '@eslint/js';
import ts from 'typescript-eslint';

export default ts.config(
  {
    ignores: [
      'node_modules',
      '.cache',
      '.data',
      '**/dist',
      // While it is being built.
      'dashboard/dist-*',
      'tests/fifth-service/files',
      // These need packages that are installed for the benchmark only.
      'benchmark/{dbos,restate}/{worker,durable-steps}.ts',
      'schemas/generated',
      'api/generated',
      '*.config.js',
      '.dependency-cruiser.cjs',
      'bin/check.cjs',
    ],
  },
  js.configs.recommended,
  ts.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_$' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => void (await x)` is how a promise's value is dropped where a callback must return none.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A union that generics make look complete still comes from outside at run time.
      '@typescript-eslint/no-unnecessary-condition': 'off',
    },
  },
);
