import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { moduleEntry, root, run } from './command.mjs';
import { setUpAll } from './install/installation.mjs';
import { findProgram } from './install/tool.mjs';

/** @typedef {{ name: string, verify: () => Promise<{ status: number, output: string }> }} Check */

/** @param {string} name @param {keyof typeof moduleEntry} tool @param {readonly string[]} args @returns {Check} */
const createModuleCheck = (name, tool, args) => ({
  name,
  verify: () => run(process.execPath, [moduleEntry[tool], ...args]),
});

/** @param {string} directory */
const listYamlFiles = (directory) =>
  readdirSync(join(root, directory))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${directory}/${file}`);

/** @param {string} name @param {'actionlint' | 'cfn-lint' | 'zizmor'} program @param {readonly string[]} args @returns {Check[]} */
const createToolCheck = (name, program, args) => {
  const path = findProgram(program);
  return path === undefined ? [] : [{ name, verify: () => run(path, args) }];
};

/** Generated files count as fresh when generating and building leaves nothing that git has not got; new files count. */
const fresh = {
  name: 'generated files and bundles are committed',
  verify: async () => {
    const generated = [
      'actions/*/action.yml',
      'actions/*/iam-policy.json',
      'actions/*/README.md',
      'examples/bootstrap/delivery-roles.yaml',
      'hosts',
    ];
    const { status, output } = await run('git', ['status', '--porcelain', '--', ...generated, '*/dist/*']);
    return { status: output === '' ? status : 1, output };
  },
};

const templates = ['bootstrap', 'delivery', 'stacks/*', 'microservices/cfn/*'].map(
  (directory) => `examples/${directory}/*.yaml`,
);

const listChecks = () => {
  const workflows = ['.github/workflows', 'examples/workflows'].flatMap(listYamlFiles);
  return [
    createModuleCheck('types of the sources', 'tsc', ['-b']),
    createModuleCheck('types of the tests and scripts', 'tsc', ['--project', 'tsconfig.test.json']),
    createModuleCheck('lint and format', 'biome', ['check', '--error-on-warnings']),
    ...createToolCheck('lint of workflows', 'actionlint', workflows),
    ...createToolCheck('audit of workflows', 'zizmor', [
      '--offline',
      '--no-progress',
      '--quiet',
      ...workflows,
      'action.yml',
      '.github/dependabot.yml',
    ]),
    ...createToolCheck('lint of templates', 'cfn-lint', templates),
    fresh,
  ];
};

/** @param {Check} check */
const runCheck = async ({ name, verify }) => {
  const { status, output } = await verify();
  console.log(`${status === 0 ? 'ok    ' : 'failed'} ${name}`);
  if (status !== 0) console.log(output);
  return status === 0;
};

const verdicts = [await setUpAll(['actionlint', 'python'])];
for (const check of listChecks()) verdicts.push(await runCheck(check));
if (verdicts.includes(false)) process.exitCode = 1;
