import { choice, integer, mapping, string } from '@aws-delivery/action-kit/inputs/definition';
import { UNAVAILABLE_POLICIES } from '@aws-delivery/findings/gate-decision';
import { SEVERITIES } from '@aws-delivery/findings/severity';

const group = 'What fails';

/** Inputs for failing findings and unavailable sources. */
export const gateInputs = {
  'fail-on': choice(...SEVERITIES)({
    group,
    default: 'high',
    help: 'The severity from which a finding fails; `none` for never.',
  }),
  'fail-on-for': mapping({
    group,
    default: {},
    help: 'Other severities for some rules or categories: `SecurityIssues=low, java/*=none`. The first that fits holds; `*` stands for any text.',
  }),
  'max-findings': integer({ min: 0 })({
    group,
    default: 0,
    help: 'How many failing findings are let pass.',
  }),
  compare: choice(
    'all',
    'new',
  )({
    group,
    default: 'all',
    help: 'With `new`, only findings fail that were not there before: not in `baseline` or, without one, on lines that changed since the base of the pull request or push.',
  }),
  baseline: string({
    group,
    help: 'SARIF of an earlier run to compare with, best one this action wrote. In a pull request, one that git tracks counts as the base commit has it.',
  }),
  'ignore-file': string({
    group,
    help: 'File of exceptions, each with a reason and, better, an expiry; without it `.codeguru-ignore.yml`, if there is one. In a pull request it counts as the base commit has it. An expired exception fails the step.',
  }),
  'on-unavailable': choice(...UNAVAILABLE_POLICIES)({
    group,
    default: 'fail',
    help: 'When a source gives no complete answer: fail; warn and go on with `verdict: unknown`; or go on.',
  }),
} as const;
