import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { faultsScenario } from './faults/fault-plan.js';
import { iamScenario } from './iam/scenario.js';
import { appConfigScenario } from './services/appconfig/scenario.js';
import { autoScalingScenario } from './services/autoscaling/autoscaling.js';
import { cloudFormationScenario } from './services/cloudformation/scenario.js';
import { cloudwatchScenario } from './services/cloudwatch/cloudwatch.js';
import { codeguruReviewerScenario } from './services/codeguru-reviewer/scenario.js';
import { ecrScenario } from './services/ecr/scenario.js';
import { ecrPublicScenario } from './services/ecr-public/ecr-public.js';
import { healthScenario } from './services/health/scenario.js';
import { inspectorScenario } from './services/inspector/scenario.js';
import { lambdaScenario } from './services/lambda/lambda.js';
import { oidcScenario } from './services/oidc/claims.js';
import { secretsManagerScenario } from './services/secretsmanager/secretsmanager.js';
import { ssmScenario } from './services/ssm/scenario.js';
import { stsScenario } from './services/sts/sts.js';

const clockSchema = z.strictObject({
  /** Server time at the start, ISO 8601; default: now. */
  start: z.iso.datetime().transform(Date.parse).optional(),
  /** Server time per real time; with 0 only `advance` moves the clock. */
  scale: z.number().nonnegative().default(1),
});

/** Initial state and behavior of a server. Each service defines the schema of its part. */
export const scenarioSchema = z.strictObject({
  /** The same seed gives the same ids and faults. */
  seed: z.string().default('local-aws'),
  account: z
    .string()
    .regex(/^\d{12}$/, { error: 'account must be 12 digits, in quotes' })
    .default('123456789012'),
  partition: z.enum(['aws', 'aws-cn', 'aws-us-gov', 'aws-eusc']).default('aws'),
  /** Only for the printed environment: the Region of a call is the one it is signed for. */
  region: z.string().default('us-east-1'),
  clock: clockSchema.prefault({}),
  faults: faultsScenario,
  iam: iamScenario.prefault({}),
  oidc: oidcScenario.prefault({}),
  cloudformation: cloudFormationScenario.prefault({}),
  sts: stsScenario.prefault({}),
  secretsmanager: secretsManagerScenario.default({}),
  health: healthScenario.prefault({}),
  lambda: lambdaScenario.prefault({}),
  ssm: ssmScenario.prefault({}),
  cloudwatch: cloudwatchScenario.prefault({}),
  autoscaling: autoScalingScenario.prefault({}),
  ecr: ecrScenario.prefault({}),
  'ecr-public': ecrPublicScenario.prefault({}),
  inspector2: inspectorScenario.prefault({}),
  'codeguru-reviewer': codeguruReviewerScenario.prefault({}),
  appconfig: appConfigScenario.prefault({}),
});

export type Scenario = z.output<typeof scenarioSchema>;
/** A scenario before parsing: every part is optional. */
export type ScenarioInput = z.input<typeof scenarioSchema>;

/** Parses a scenario; `label` names it in errors. Throws TypeError with all issues and their paths. */
export const parseScenario = (input: unknown, label = 'scenario'): Scenario => {
  const parsed = scenarioSchema.safeParse(input ?? {});
  if (!parsed.success) throw new TypeError(`${label} is not valid:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};

const readYaml = async (path: string): Promise<unknown> => {
  try {
    return parse(await readFile(path, 'utf8'));
  } catch (thrown) {
    const reason = String(thrown).replace(/^Error: /u, '');
    throw new TypeError(`cannot read scenario '${path}': ${reason}`, { cause: thrown });
  }
};

/** Reads and parses a YAML file. @throws TypeError if it cannot be read, or with all issues and their paths */
export const readScenario = async (path: string): Promise<Scenario> =>
  parseScenario(await readYaml(path), `scenario '${path}'`);
