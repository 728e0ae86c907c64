import { boolean, lines, list, string } from '@aws-delivery/action-kit/inputs/definition';

const exportGroup = 'Where the credentials go';
const guardGroup = 'Guards';
const secretsGroup = 'Secrets';

/** Inputs for the export of credentials, the guards and the secrets. */
export const exportInputs = {
  'output-env-credentials': boolean({
    group: exportGroup,
    help: 'Export the credentials to the environment of later steps; by default unless `aws-profile` is given.',
  }),
  'output-credentials': boolean({
    group: exportGroup,
    default: false,
    help: 'Set the keys as outputs of the step. They are masked, so they do not cross jobs.',
  }),
  'aws-profile': string({
    group: exportGroup,
    help: 'Write the credentials to this profile in the shared files; removed again after the job.',
  }),
  'overwrite-aws-profile': boolean({
    group: exportGroup,
    default: false,
    help: 'Replace a profile of that name; it is put back after the job.',
  }),
  refresh: boolean({
    group: exportGroup,
    default: false,
    help: 'For jobs longer than the session: later steps get a profile that mints a new session when the old one nears its end, and no keys.',
  }),
  'allowed-account-ids': list({
    group: guardGroup,
    help: 'Accounts that the credentials may belong to; checked before anything is exported.',
  }),
  'mask-aws-account-id': boolean({
    group: guardGroup,
    default: false,
    help: 'Hide the account id and the ARN in the log. Masked outputs do not cross jobs.',
  }),
  'expected-subjects': lines({
    group: guardGroup,
    help: "`sub` claims that the role's trust policy accepts (`*` and `?` as in StringLike); when access is denied, the token's is compared with them.",
  }),
  'secret-ids': lines({
    group: secretsGroup,
    help: 'Secrets to fetch into the environment: name, ARN, or prefix with `*`; `VARIABLE, name` gives the variable its name.',
  }),
  'parse-json-secrets': boolean({
    group: secretsGroup,
    default: false,
    help: 'Turn each member of a JSON secret into a variable of its own: `MY_SECRET_MY_KEY`.',
  }),
} as const;
