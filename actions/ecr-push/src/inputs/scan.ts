import { createUnusedExceptionInput } from '@aws-delivery/action-kit/inputs/common-inputs';
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
    help: 'Wait for the vulnerability scan of every image, including images that already existed, and fail the step on its findings. `basic` uses ECR basic scanning and starts a scan if there is none or the last one is older than a day. `enhanced` uses Amazon Inspector, and `auto` uses the scan type of the registry. For an image index, the image of each platform is evaluated. `none` disables the scan gate.',
  }),
  'fail-on': choice(...SEVERITIES)({
    group,
    default: 'high',
    help: 'Minimum severity of findings that fail the step. With `none`, findings never fail the step.',
  }),
  'only-fixable': boolean({
    group,
    default: false,
    help: 'Ignore findings for which no fix is available. Basic scans do not report available fixes, so this input has no effect on their findings.',
  }),
  'ignore-file': string({
    group,
    help: 'File with accepted findings. Each entry has a reason and should have an expiry date; an expired entry fails the step. In a pull request, the file is read from the base commit. When empty, `.ecr-ignore.yml` is used if it exists.',
  }),
  'on-unused-exception': createUnusedExceptionInput({ group, exceptions: 'entries of `ignore-file`' }),
  'on-unavailable': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'What to do when a scan result is unavailable or incomplete (unsupported, failed, access denied, timed out): `fail` fails the step, `warn` logs a warning and continues with `verdict: unknown`, and `proceed` continues without the result.',
  }),
  'scan-timeout': duration({
    group,
    default: 900,
    help: 'Maximum time to wait for scans after the images are in the registry, within `timeout`. Scans that do not finish in time are treated as unavailable.',
  }),
  'tag-after-scan': boolean({
    group,
    default: false,
    help: 'Push images by their digest, scan them, and only then set their tags, so that a blocked image never has a tag. Images that pass get their tags, also if others are blocked. Images of an engine are saved as an archive in the runner’s temporary directory. Requires `scan`.',
  }),
  'report-directory': string({
    group,
    help: 'Directory for `findings.sarif` and `findings.json`. When empty, a directory in the runner’s temporary directory is used.',
  }),
} as const;

export const scanOutputs = {
  verdict: {
    help: 'Result of the scan gate: `passed`, `blocked`, or `unknown` if a scan result is unavailable or incomplete.',
  },
  'scan-counts': { help: 'Number of findings for each severity, as JSON: `{"critical":0,"high":2,…}`.' },
  'sarif-file': { help: 'Path of the SARIF 2.1.0 file with all findings.' },
  'json-file': {
    help: 'Path of `findings.json` with every image, its scan results, and the gate’s decision for each finding.',
  },
} as const;

const repository = ['arn:${Partition}:ecr:${Region}:${Account}:repository/*'] as const;

export const scanPermissions = {
  'scan-basic': [
    {
      actions: ['ecr:DescribeImageScanFindings', 'ecr:StartImageScan'],
      resources: repository,
      reason: '`scan: basic`: start scans and read their findings.',
    },
  ],
  'scan-enhanced': [
    {
      actions: ['inspector2:ListCoverage', 'inspector2:ListFindings'],
      resources: ['*'],
      reason:
        '`scan: enhanced`: read the coverage and the findings of Inspector. These actions do not support resource-level permissions.',
    },
    {
      actions: ['ecr:DescribeRepositories'],
      resources: repository,
      reason: '`scan: enhanced`: get the ARN of the repository, which identifies an image in Inspector.',
    },
  ],
  'scan-auto': [
    {
      actions: ['ecr:GetRegistryScanningConfiguration'],
      resources: ['*'],
      reason: '`scan: auto`: read the scan type of the registry. The permissions for that scan type are also required.',
    },
  ],
} as const;
