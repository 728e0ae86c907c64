import { definition } from '../../actions/oidc-credentials/action.js';
import { ACCOUNT, role, Stage, type StepOptions, scenario } from '../../actions/oidc-credentials/test/stage.js';
import { fails, goesOn, judge, type Story, usedIn } from './judge.js';

const REGION = 'eu-central-1';

/** One step of a job, whose role, or whose keys where it has some, may do no more than is granted. */
const step =
  (options: StepOptions): Story =>
  async (grant) => {
    const { roles, users } = scenario.iam;
    const policies = { least: grant };
    const iam = {
      ...scenario.iam,
      roles: { ...roles, deploy: { ...roles.deploy, policies } },
      users: { deployer: { ...users.deployer, policies } },
    };
    const stage = await Stage.open({ iam });
    try {
      const { memory, calls } = await stage.main(options);
      const said = [...memory.failures, memory.log.text(), memory.summary()].join('\n');
      return { failed: memory.failures.length > 0, said, used: usedIn(calls) };
    } finally {
      await stage.close();
    }
  };

/** To a role that leaves it to the account's policies who may take it. */
const chain = step({ inputs: { 'role-chain': role('user') } });
/** Into a role that does not trust the token, with keys at hand by which the role can be looked at. */
const refused = step({
  claims: { repository: 'octocat/elsewhere' },
  variables: { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' },
});
const secrets = (ids: string): Story => step({ inputs: { 'secret-ids': ids } });

judge(
  definition,
  { region: REGION, account: ACCOUNT },
  {
    'sts:AssumeRole': fails(chain),
    'sts:TagSession': fails(chain),
    'secretsmanager:GetSecretValue': fails(secrets('prod/plain')),
    'secretsmanager:ListSecrets': fails(secrets('prod/*')),
    'iam:GetRole': goesOn(refused, /^(?![\s\S]*the role's trust policy wants)/),
  },
);
