import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { moduleEntry, root, run } from './command.mjs';
import { setUpAll } from './installation.mjs';
import { programPath } from './tool.mjs';

/** @typedef {{ name: string, verify: () => Promise<{ status: number, output: string }> }} Check */

/** @param {string} name @param {keyof typeof moduleEntry} tool @param {readonly string[]} args @returns {Check} */
const moduleCheck = (name, tool, args) => ({
  name,
  verify: () => run(process.execPath, [moduleEntry[tool], ...args]),
});

/** @param {string} folder */
const yamlFiles = (folder) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.yml'))
    .map((file) => `${folder}/${file}`);

/** @param {string} name @param {'actionlint' | 'cfn-lint' | 'zizmor'} program @param {readonly string[]} args @returns {Check[]} */
const toolCheck = (name, program, args) => {
  const path = programPath(program);
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
  (folder) => `examples/${folder}/*.yaml`,
);

const checks = () => {
  const workflows = ['.github/workflows', 'examples/workflows'].flatMap(yamlFiles);
  return [
    moduleCheck('types of the sources', 'tsc', ['-b']),
    moduleCheck('types of the tests and scripts', 'tsc', ['--project', 'tsconfig.test.json']),
    moduleCheck('lint and format', 'biome', ['check', '--error-on-warnings']),
    ...toolCheck('lint of workflows', 'actionlint', workflows),
    ...toolCheck('audit of workflows', 'zizmor', [
      '--offline',
      '--no-progress',
      '--quiet',
      ...workflows,
      'action.yml',
      '.github/dependabot.yml',
    ]),
    ...toolCheck('lint of templates', 'cfn-lint', templates),
    fresh,
  ];
};

/** @param {Check} check */
const passes = async ({ name, verify }) => {
  const { status, output } = await verify();
  console.log(`${status === 0 ? 'ok    ' : 'failed'} ${name}`);
  if (status !== 0) console.log(output);
  return status === 0;
};

const verdicts = [await setUpAll(['actionlint', 'python'])];
for (const check of checks()) verdicts.push(await passes(check));
if (verdicts.includes(false)) process.exitCode = 1;
