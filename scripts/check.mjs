import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkPictures } from './check/pictures.mjs';
import { checkMessages, checkProse } from './check/prose.mjs';
import { checkVocabulary } from './check/vocabulary.mjs';
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

/** Fails if generated files or bundles differ from the commit, or are new. */
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

const templates = [
  'bootstrap',
  'codeartifact',
  'delivery',
  'ecs',
  'organization',
  'several-stacks',
  'starter',
  'stacks/*',
  'microservices/cfn/*',
].map((directory) => `examples/${directory}/*.yaml`);

/** Fails if a README shows another job summary than the demo makes today. */
const pictures = { name: 'pictures of job summaries', verify: checkPictures };

/** Checks that need no bundles. */
const listLintChecks = () => {
  const workflows = ['.github/workflows', 'examples/workflows', 'examples/starter/.github/workflows'].flatMap(
    listYamlFiles,
  );
  return [
    createModuleCheck('types of the sources', 'tsc', ['-b']),
    createModuleCheck('types of the tests and scripts', 'tsc', ['--project', 'tsconfig.test.json']),
    createModuleCheck('lint and format', 'biome', ['check', '--error-on-warnings']),
    { name: 'words of names (docs/glossary.md)', verify: checkVocabulary },
    { name: 'prose of documents', verify: checkProse },
    { name: 'prose of messages', verify: checkMessages },
    createModuleCheck('unused files, exports and dependencies', 'knip', ['--no-progress']),
    {
      name: 'layout of the actions and direction of imports',
      verify: () =>
        run(process.execPath, [moduleEntry.jest, 'scripts/test/(skeleton|imports)', '--selectProjects', 'unit'], {
          env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
        }),
    },
    ...createToolCheck('lint of workflows', 'actionlint', workflows),
    ...createToolCheck('audit of workflows', 'zizmor', [
      '--offline',
      '--no-progress',
      '--quiet',
      '--persona=pedantic',
      '--min-severity=low',
      ...workflows,
      'action.yml',
      '.github/dependabot.yml',
    ]),
    ...createToolCheck('lint of templates', 'cfn-lint', templates),
  ];
};

/** @param {Check} check */
const runCheck = async ({ name, verify }) => {
  const { status, output } = await verify();
  console.log(`${status === 0 ? 'ok    ' : 'failed'} ${name}`);
  if (status !== 0) console.log(output);
  return status === 0;
};

/** `npm run check` runs both groups, `npm run check -- lint` or `-- fresh` one of them. */
const groups = { lint: listLintChecks, fresh: () => [fresh, pictures] };
const names = process.argv.slice(2);
const unknown = names.find((name) => !Object.hasOwn(groups, name));
if (unknown !== undefined)
  throw new Error(`'${unknown}' is not a group of checks: use ${Object.keys(groups).join(' or ')}`);
const verdicts = [await setUpAll(names.length === 1 && names[0] === 'fresh' ? [] : ['actionlint', 'python'])];
for (const [name, listChecks] of Object.entries(groups)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const check of listChecks()) verdicts.push(await runCheck(check));
}
if (verdicts.includes(false)) process.exitCode = 1;
