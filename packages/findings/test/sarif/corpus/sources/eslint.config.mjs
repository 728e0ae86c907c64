export default [
  {
    files: ['**/*.js'],
    languageOptions: { globals: { console: 'readonly' } },
    linterOptions: { reportUnusedDisableDirectives: 'warn' },
    rules: { 'no-eval': 'error', 'no-unused-vars': 'warn', 'no-cond-assign': 'error', 'no-console': 'warn', 'no-debugger': 'error', 'no-unreachable': 'error', eqeqeq: 'warn', 'no-new-func': 'warn' },
  },
];
