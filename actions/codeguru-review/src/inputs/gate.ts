import { createUnusedExceptionInput } from '@aws-delivery/action-kit/inputs/common-inputs';
import { choice, list, mapping, string } from '@aws-delivery/action-kit/inputs/definition';
import { UNAVAILABLE_POLICIES } from '@aws-delivery/findings/gate-decision';
import { SEVERITIES } from '@aws-delivery/findings/severity';

const group = 'Gate';

/** Inputs for failing findings and unavailable sources. */
export const gateInputs = {
  'fail-on': choice(...SEVERITIES)({
    group,
    default: 'high',
    help: 'Minimum severity of findings that fail the step. With `none`, findings never fail the step.',
  }),
  'fail-on-for': mapping({
    group,
    default: {},
    help: 'Different minimum severities for specific rules or categories, for example `SecurityIssues=low, java/*=none`. The first matching pattern applies; `*` matches any text.',
  }),
  'max-findings': string({
    group,
    default: '0',
    help: 'Maximum number of failing findings to tolerate: a number for all, or one for each severity, for example `medium=20, low=50`. None are tolerated of severities that are not named.',
  }),
  compare: choice(
    'all',
    'new',
  )({
    group,
    default: 'all',
    help: '`all` evaluates all findings. With `new`, only new findings fail the step: findings that are not in `baseline` or, without a baseline, that are on lines changed since the base of the pull request or push.',
  }),
  baseline: string({
    group,
    help: 'SARIF file of an earlier run to compare with, preferably written by this action. In a pull request, a file that git tracks is read from the base commit.',
  }),
  'ignore-file': string({
    group,
    help: 'File with accepted findings. Each entry has a reason and should have an expiry date; an expired entry fails the step. In a pull request, the file is read from the base commit. When empty, `.codeguru-ignore.yml` in `root-directory` is used if it exists.',
  }),
  'on-unused-exception': createUnusedExceptionInput({ group, exceptions: 'entries of `ignore-file`' }),
  'vex-files': list({
    group,
    default: [],
    help: 'VEX documents (OpenVEX or CycloneDX, JSON) with statements on vulnerabilities. Findings that a statement declares `not_affected` or `fixed` (CycloneDX: `not_affected`, `false_positive` or `resolved`) do not fail; other states do not change the result. In a pull request, the files are read from the base commit.',
  }),
  'vex-products': list({
    group,
    default: [],
    help: 'Names of the product in VEX documents, for example of its image. Statements on other products do not apply. When empty, the name of the repository is used.',
  }),
  'on-unavailable': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'What to do when a source is unavailable or its result is incomplete: `fail` fails the step, `warn` logs a warning and continues with `verdict: unknown`, and `proceed` continues without the missing result.',
  }),
} as const;
