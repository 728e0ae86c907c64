import { boolean, choice, duration, string } from '@aws-delivery/action-kit/inputs/definition';
import { UNAVAILABLE_POLICIES } from '@aws-delivery/findings/gate-decision';
import { SEVERITIES } from '@aws-delivery/findings/severity';

const group = 'Scan gate';

export const scanInputs = {
  scan: choice(
    'none',
    'auto',
    'basic',
    'enhanced',
  )({
    group,
    default: 'none',
    help: 'Wait for the scan of every image, pushed or there already, and fail on what it finds: ECR’s `basic` scan, started where none is or the last is older than a day; `enhanced` scans by Amazon Inspector; `auto` asks the registry which of the two it has. Of an index each platform’s image is looked at.',
  }),
  'fail-on': choice(...SEVERITIES)({
    group,
    default: 'high',
    help: 'The severity from which a finding fails; `none` for never.',
  }),
  'only-fixable': boolean({
    group,
    default: false,
    help: 'Let findings pass for which there is no fix yet. Basic scans do not say which these are: then all count.',
  }),
  'ignore-file': string({
    group,
    help: 'File of exceptions, each with a reason and, better, an expiry; without it `.ecr-ignore.yml`, if there is one. In a pull request it counts as the base commit has it. An expired exception fails the step.',
  }),
  'on-unavailable': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'When a scan gives no complete answer (unsupported, failed, not allowed, not done in time): fail; warn and go on with `verdict: unknown`; or go on.',
  }),
  'scan-timeout': duration({
    group,
    default: 900,
    help: 'How long to wait for the scans once the images are there, within `timeout`. Then they have given no complete answer.',
  }),
  'report-directory': string({
    group,
    help: 'Where `findings.sarif` and `findings.json` are written. Without it: a folder in the runner’s temporary folder.',
  }),
} as const;

export const scanOutputs = {
  verdict: {
    help: 'What the scan gate decided: `passed`, `blocked`, or `unknown` where no complete answer could be had.',
  },
  'scan-counts': { help: 'How many findings of each severity the scans have, as JSON: `{"critical":0,"high":2,…}`.' },
  'sarif-file': { help: 'Path of the SARIF 2.1.0 file with all findings.' },
  'json-file': { help: 'Path of `findings.json`: every image with its scans, every finding with what it means.' },
} as const;

const repository = ['arn:${Partition}:ecr:${Region}:${Account}:repository/*'] as const;

export const scanPermissions = {
  'scan-basic': [
    {
      actions: ['ecr:DescribeImageScanFindings', 'ecr:StartImageScan'],
      resources: repository,
      reason: '`scan: basic`: start scans, and read what they find.',
    },
  ],
  'scan-enhanced': [
    {
      actions: ['inspector2:ListCoverage', 'inspector2:ListFindings'],
      resources: ['*'],
      reason: '`scan: enhanced`: see whether Inspector has looked, and what it finds. It knows no resources.',
    },
    {
      actions: ['ecr:DescribeRepositories'],
      resources: repository,
      reason: '`scan: enhanced`: the name by which Inspector knows an image.',
    },
  ],
  'scan-auto': [
    {
      actions: ['ecr:GetRegistryScanningConfiguration'],
      resources: ['*'],
      reason: '`scan: auto`: which kind of scan the registry has. Besides, what that kind needs.',
    },
  ],
} as const;
