import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { readShellBlocks } from '../../test/shell-blocks.js';
import { listFiles, root } from '../command.mjs';

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const STARTER = 'examples/starter/.github/workflows/deliver.yml';
/** The starter without the comment in its first lines. */
const starter = read(STARTER).replace(/^#.*\n/gmu, '');

const jobSchema = z.looseObject({ environment: z.unknown().optional(), steps: z.array(z.unknown()).default([]) });
const workflowSchema = z.looseObject({ jobs: z.record(z.string(), jobSchema) });
const bootstrapSchema = z.looseObject({
  Parameters: z.looseObject({ Environment: z.looseObject({ Default: z.string() }) }),
});

/** Jobs of the examples that use the deploy role of the bootstrap. */
const deployJobs = [STARTER, ...(await listFiles('examples/workflows/*.yml'))].flatMap((file) =>
  Object.entries(workflowSchema.parse(parse(read(file))).jobs)
    .filter(([, { steps }]) => JSON.stringify(steps).includes('vars.DEPLOY_ROLE_ARN'))
    .map(([name, { environment }]) => ({ name: `${file} ${name}`, file, environment: String(environment) })),
);

describe('the first workflow', () => {
  it.each(['README.md', 'examples/bootstrap/README.md'])('is the same in %s as in the starter', (file) => {
    expect(read(file)).toContain(`\`\`\`yaml\n${starter}\`\`\``);
  });

  it('names only files that the starter contains', async () => {
    const files = (await listFiles('examples/starter')).map((file) => file.replace('examples/starter/', ''));
    const [, template] = /template: (\S+)/u.exec(starter) ?? [];
    expect(files).toContain(template);
  });
});

describe('the environment that the deploy role trusts', () => {
  const { Default: environment } = bootstrapSchema.parse(
    parse(read('examples/bootstrap/delivery-roles.yaml'), { logLevel: 'silent' }),
  ).Parameters.Environment;

  it('is created by the guide', () => {
    const commands = readShellBlocks('examples/bootstrap/README.md').flatMap((block) => block.commands);
    expect(commands.join('\n')).toContain(`Environment=${environment} `);
    expect(commands.join('\n')).toContain(`/environments/${environment}"`);
    expect(commands.join('\n')).toContain(`gh variable set DEPLOY_ROLE_ARN --env ${environment} `);
  });

  it.each(deployJobs)('is the environment of the job that uses the role: $name', ({ file, environment: used }) => {
    const [, named] = /parameters .*Environment=(\w+)/u.exec(read(file)) ?? [];
    expect(used).toContain(named ?? environment);
  });
});
